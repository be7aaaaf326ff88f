import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly integrity?: string
  readonly resolved?: string
  /** Shipped inside its parent's archive, whose hash covers it. */
  readonly inBundle?: boolean
}

function json<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as T
}

const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8')
const { packages } = json<{ packages: Record<string, Locked> }>('package-lock.json')
const locked = new Map(Object.entries(packages).filter(([path]) => path !== ''))
const manifest = json<{
  license: string
  files: string[]
  scripts: Record<string, string>
  allowScripts: Record<string, boolean>
}>('package.json')

/** Every source, data and text file of a folder; installed packages and build output left out. */
function filesOf(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/node_modules|cdk\.out|__pycache__/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
}

/** Names of the npm packages whose code ends up in the bundle of an entry. */
async function bundledPackages(entry: string, external: string[]): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    external,
    logLevel: 'silent',
  })
  const paths = Object.keys(metafile.inputs).flatMap((path) => path.match(/.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [])
  return [...new Set(paths)].sort()
}

describe('package-lock.json', () => {
  it('holds no addresses and no local paths', () => {
    expect(lockText).not.toMatch(/"resolved"|https?:\/\/(?:localhost|127\.)|"file:|"link": true/)
    expect(lockText).not.toMatch(/"(?:\/|\.\.\/)[^"]*"/)
  })

  it('pins every package by its hash', () => {
    expect(locked.size).toBeGreaterThan(50)
    expect(
      [...locked]
        .filter(([, { integrity, inBundle }]) => integrity === undefined && inBundle !== true)
        .map(([path]) => path),
    ).toEqual([])
  })

  it('has the CDK of major version 2, whose CLI can read what its library writes', () => {
    expect(locked.get('node_modules/aws-cdk')!.version).toMatch(/^2\./)
    expect(locked.get('node_modules/aws-cdk-lib')!.version).toMatch(/^2\./)
  })

  it('holds the Node of the Lambda runtime, which runs every npm script', () => {
    expect(locked.get('node_modules/node')!.version).toMatch(/^24\./)
  })

  it('holds nothing under the AGPL', () => {
    expect([...locked].filter(([, { license }]) => /AGPL/i.test(license ?? '')).map(([path]) => path)).toEqual([])
  })
})

describe('package.json', () => {
  it('allows the install scripts of exactly the packages that need them here', () => {
    expect(manifest.allowScripts).toEqual({ esbuild: true, node: true })
  })

  it('has the scripts that the documentation names', () => {
    expect(Object.keys(manifest.scripts)).toEqual(
      expect.arrayContaining([
        'build',
        'prepare',
        'test',
        'typecheck',
        'lint',
        'generate',
        'new-rule',
        'demo',
        'synth',
        'moto',
        'check',
      ]),
    )
  })
})

describe('the oracle of the benchmarks, which is under the AGPL', () => {
  const product = ['cli', 'shared', 'lambdas', 'infra', 'scripts', 'examples', 'test']
  const oracle = ['@cloud', 'copilot'].join('-')

  it('is in neither the manifest nor the lock', () => {
    expect(lockText).not.toContain(oracle)
    expect(JSON.stringify(manifest)).not.toContain(oracle)
  })

  it('is named by no file outside the benchmarks and the documentation', () => {
    const files = product.flatMap((folder) => filesOf(folder))
    expect(files.length).toBeGreaterThan(100)
    expect(files.filter((path) => readFileSync(join(root, path), 'utf8').includes(oracle))).toEqual([])
  })

  it('is imported by no product code, not even through the benchmarks', () => {
    const files = product.filter((folder) => folder !== 'test').flatMap((folder) => filesOf(folder))
    const imports = files.filter((path) => /from '[^']*bench\//.test(readFileSync(join(root, path), 'utf8')))
    expect(imports).toEqual([])
  })

  it('is pinned exactly in a private package that is not published', () => {
    const { private: isPrivate, dependencies } = json<{ private: boolean; dependencies: Record<string, string> }>(
      'bench/oracle/package.json',
    )
    expect(isPrivate).toBe(true)
    expect(dependencies[`${oracle}/iam-simulate`]).toMatch(/^\d+\.\d+\.\d+$/)
    expect(manifest.files.filter((path) => path.startsWith('bench') || path === '.')).toEqual([])
  })
})

describe('what the bundles carry', () => {
  const permissive = new Set([
    'MIT',
    'Apache-2.0',
    'ISC',
    'BSD-2-Clause',
    'BSD-3-Clause',
    '0BSD',
    'BlueOak-1.0.0',
    'MIT-0',
  ])

  it.each([
    ['cli/main.ts', []],
    ['lambdas/config-rule/ecr-handler.ts', ['@aws-sdk/*', '@smithy/*']],
    ['lambdas/config-rule/role-handler.ts', ['@aws-sdk/*', '@smithy/*']],
  ])('%s has permissive licences only', async (entry, external) => {
    const bundled = await bundledPackages(entry, external)
    expect(bundled).toContain('node_modules/zod')
    const licences = bundled.map((path) => [path, locked.get(path)?.license] as const)
    expect(licences.filter(([, licence]) => !permissive.has(licence ?? ''))).toEqual([])
  })
})
