import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { bundleLambda, lambdaEntries, projectRoot } from '../../infra/bundle.ts'
import { inlineCode } from '../../infra/inline-code.ts'

/** Files of the project and of packages of which more than these bytes end up in a function, by their paths from the root. */
async function partsOf(entry: string, atLeast = 1_000): Promise<readonly string[]> {
  const { metafile } = await build({
    ...{ absWorkingDir: projectRoot, entryPoints: [entry], bundle: true, write: false, metafile: true, minify: true },
    ...{ platform: 'node', format: 'cjs', external: ['@aws-sdk/*', '@smithy/*'], logLevel: 'silent' },
  })
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > atLeast ? [path] : [])),
  )
}

const hub = 'lambdas/organization/handler.ts'
const heavy =
  /^node_modules\/(yaml|commander|zod\/v4\/(classic|core\/(to-json-schema|json-schema-)))\b|\/data\.json$|^cli\//

describe.each([...new Set([...Object.values(lambdaEntries), hub])])('the function of %s', (entry) => {
  it('carries the small half of zod, no capture of policies, and no parser of YAML unless it publishes settings', async () => {
    const parts = await partsOf(entry)
    expect(parts.length).toBeGreaterThan(10)
    const found = parts.filter((path) => heavy.test(path))
    expect(found.filter((path) => entry !== hub || !path.startsWith('node_modules/yaml/'))).toEqual([])
  })
})

/** Entries that carry the readers of some types only, and of which files none may end up in them. */
const narrow = [
  [
    'lambdas/config-rule/ecr-handler.ts',
    /^shared\/(network|inventory\/(network|ecs|eks|iam|ec2)-|sources\/(ec2|ecs|eks|iam)\/)/,
  ],
  ['lambdas/config-rule/ecr-handler.ts', /^shared\/pull\//],
  ['lambdas/config-rule/role-handler.ts', /^shared\/(network|inventory\/network-|sources\/(ec2|route53|instances)\/)/],
] as const

it.each(narrow)('the function of %s carries nothing of %s', async (entry, unused) => {
  expect((await partsOf(entry, 0)).filter((path) => unused.test(path))).toEqual([])
})

it('the version is all that a bundle holds of the package file', async () => {
  const report = await bundleLambda('lambdas/organization-report/handler.ts')
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
  expect(report).toContain(`version:"${version}"`)
  expect(report).not.toContain('devDependencies')
})

/**
 * Bytes of every function without the SDK, a few percent above what they are: who goes beyond has to look at what has come in.
 * The aim is 120 KB; those that judge are beyond it by their own logic.
 */
const ceilings = [
  ['lambdas/config-rule/ecr-handler.ts', 311_000],
  ['lambdas/config-rule/role-handler.ts', 420_000],
  ['lambdas/config-rule/vpc-handler.ts', 489_900],
  ['lambdas/finding-publisher/handler.ts', 71_000],
  ['lambdas/organization-report/handler.ts', 762_000],
  ['lambdas/organization/handler.ts', 215_000],
  ['lambdas/pull-failure/handler.ts', 692_000],
  ['lambdas/resource-change/handler.ts', 86_000],
] as const

it('every function has a ceiling', () => {
  const entries = globSync('lambdas/*/*handler.ts', { cwd: projectRoot })
  const functions = entries.filter((file) => !file.endsWith('/create-handler.ts'))
  expect(functions.sort()).toEqual(ceilings.map(([entry]) => entry).sort())
})

it.each(ceilings)('the function of %s takes at most %i bytes', async (entry, most) => {
  const { length } = await bundleLambda(entry)
  expect(length).toBeLessThanOrEqual(most)
  // A ceiling far above is none.
  expect(length).toBeGreaterThan(most * 0.95)
})

describe('the code of all functions of the member template', () => {
  it('leaves room in a template of 1 MB', async () => {
    const entries = Object.entries(lambdaEntries).filter(([, entry]) => entry !== hub)
    const codes = await Promise.all(entries.map(async ([name, entry]) => inlineCode(name, await bundleLambda(entry))))
    const total = codes.reduce((sum, code) => sum + code.length, 0)
    expect(total).toBeLessThan(750_000)
  })
})
