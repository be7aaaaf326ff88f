import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { auditors, eventFunctions } from './config.ts'

/** Absolute path of the repository root, whatever the working directory is. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url))

/** Every function of the member template: its name and the entry file that is bundled. */
export const lambdaEntries: Readonly<Record<string, string>> = Object.fromEntries(
  [...Object.values(auditors), ...Object.values(eventFunctions)].map(({ functionName, entry }) => [
    functionName,
    entry,
  ]),
)

/** Of the project's package file a bundle holds the version: a tool that only the build uses does not change what is deployed. */
const ownVersion: Plugin = {
  name: 'own-version',
  setup: ({ onLoad }) =>
    onLoad({ filter: /package\.json$/ }, async ({ path }) => {
      if (path !== join(projectRoot, 'package.json')) return undefined
      const { version } = JSON.parse(await readFile(path, 'utf8'))
      return { contents: JSON.stringify({ version }), loader: 'json' }
    }),
}

/**
 * Bundles one Lambda entry (path relative to the repository root) to a single minified CommonJS file and returns its text.
 * CommonJS because inline code is always loaded as a script (`inline-code.ts`); the AWS SDK stays outside, the runtime brings it.
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
    // The ES modules of the parser: what is not used of them is left out. All functions share a template of 1 MB.
    alias: { yaml: join(projectRoot, 'node_modules/yaml/browser/index.js') },
    // `require` does for what is outside: the loader's text has no modules to import into.
    supported: { 'dynamic-import': false },
    legalComments: 'none',
    charset: 'ascii',
    external: ['@aws-sdk/*', '@smithy/*'],
    plugins: [ownVersion],
    logLevel: 'silent',
  })
  const [file] = result.outputFiles
  if (file === undefined) throw new Error(`esbuild wrote nothing for ${entry}`)
  return file.text
}
