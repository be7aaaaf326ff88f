import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Absolute path of the repository root, whatever the working directory is. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url))

/** Every deployed function: its folder under `lambdas/` and the entry file that is bundled. */
export const lambdaEntries = { 'config-rule': 'lambdas/config-rule/handler.ts' } as const

/**
 * Bundles one Lambda entry (path relative to the repository root) to a single minified CommonJS file and returns its text.
 * CommonJS because inline code is always loaded as `index.js`; the AWS SDK stays outside, the runtime brings it.
 * Rejects with esbuild's own message when the entry is missing or does not compile.
 */
export async function bundleLambda(entry: string): Promise<string> {
  const result = await build({
    absWorkingDir: projectRoot,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    charset: 'ascii',
    external: ['@aws-sdk/*', '@smithy/*'],
    logLevel: 'silent',
  })
  const [file] = result.outputFiles
  if (file === undefined) throw new Error(`esbuild wrote nothing for ${entry}`)
  return file.text
}
