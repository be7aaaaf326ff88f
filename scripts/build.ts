/**
 * Writes dist/: the CLI with its chunks and the Lambda bundles.
 * Runs on `npm ci` (prepare), so that `node dist/pullpath.mjs` works right after an installation.
 */
import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { bundleLambda, lambdaEntries, projectRoot } from '../infra/bundle.ts'

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

async function writeBundle(name: string, entry: string): Promise<void> {
  const file = join(projectRoot, 'dist/lambda', name, 'index.js')
  const code = await bundleLambda(entry)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, code)
}

async function main(): Promise<void> {
  await rm(join(projectRoot, 'dist'), { recursive: true, force: true })
  await buildCli()
  for (const [name, entry] of Object.entries(lambdaEntries)) await writeBundle(name, entry)
  const { size } = await stat(join(projectRoot, cliFile))
  console.log(`${cliFile}: ${Math.round(size / 1024)} KB; ${Object.keys(lambdaEntries).length} Lambda bundle(s)`)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main()
