/**
 * Writes dist/: the CLI with its chunks, the Lambda bundles, and the templates that are deployed without the CDK.
 * Runs on `npm ci` (prepare), so that `node dist/pullpath.mjs` works right after an installation.
 */
import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { projectRoot } from '../infra/bundle.ts'
import { auditors, eventFunctions } from '../infra/config.ts'
import { hubFunctions } from '../infra/hub-config.ts'

const cliFile = 'dist/pullpath.mjs'

/** CommonJS dependencies call `require`, which an ES module lacks. */
const banner = [
  '#!/usr/bin/env node',
  "import { createRequire as pullpathCreateRequire } from 'node:module'",
  'const require = pullpathCreateRequire(import.meta.url)',
].join('\n')

/**
 * Bundles `cli/main.ts` to an executable ES module at `outfile` (relative to the repository root). What only live reading needs,
 * the AWS clients before all, lies in files beside it and is loaded when it is needed.
 */
export async function buildCli(outfile: string = cliFile): Promise<void> {
  await build({
    absWorkingDir: projectRoot,
    entryPoints: [{ in: 'cli/main.ts', out: basename(outfile, '.mjs') }],
    outdir: dirname(outfile),
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    banner: { js: banner },
    legalComments: 'none',
    logLevel: 'warning',
  })
  await chmod(join(projectRoot, outfile), 0o755)
}

async function writeText(file: string, text: string): Promise<void> {
  const path = join(projectRoot, file)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} KB`
}

/** The bundles as they are deployed, and the templates that carry them. Prints how big each template is. */
async function writeDeployment(): Promise<number> {
  // The CDK takes a second to load, and whoever bundles the CLI only has no use for it.
  const { bundleAll, selfContainedTemplates } = await import('../infra/templates.ts')
  const bundles = await bundleAll()
  const functions = Object.entries({ ...auditors, ...eventFunctions, ...hubFunctions })
  const texts = new Map(Object.entries<string>({ ...bundles.member, ...bundles.hub }))
  for (const [name, { functionName }] of functions) {
    await writeText(`dist/lambda/${functionName}/index.js`, texts.get(name) ?? '')
  }
  for (const [name, text] of await selfContainedTemplates(bundles)) {
    await writeText(`dist/${name}.template.json`, text)
    console.log(`dist/${name}.template.json: ${kilobytes(Buffer.byteLength(text))} of 1024 KB`)
  }
  return functions.length
}

async function main(): Promise<void> {
  await rm(join(projectRoot, 'dist'), { recursive: true, force: true })
  await buildCli()
  const functions = await writeDeployment()
  const { size } = await stat(join(projectRoot, cliFile))
  console.log(`${cliFile}: ${kilobytes(size)}; ${functions} Lambda bundles`)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main()
