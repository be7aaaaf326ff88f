import { createHash } from 'node:crypto'
import { brotliCompressSync, constants } from 'node:zlib'

/**
 * What the template carries as a function's `index.js`: a loader of a few lines that holds the bundle compressed, because all
 * functions share a template of 1 MB. `name` is the function's, so that stack traces tell
 * functions apart. The bundle must not use `import()`, which compiled text cannot.
 */
export function inlineCode(name: string, bundle: string): string {
  const digest = createHash('sha256').update(bundle).digest('hex')
  return [
    `// dist/lambda/${name}/index.js (sha256 ${digest}), compressed with Brotli. See infra/README.md.`,
    "const { brotliDecompressSync } = require('node:zlib')",
    "const { compileFunction } = require('node:vm')",
    `const bundle = brotliDecompressSync(Buffer.from('${compressed(bundle)}', 'base64')).toString()`,
    "const names = ['exports', 'require', 'module', '__filename', '__dirname']",
    `const run = compileFunction(bundle, names, { filename: __dirname + '/${name}.js' })`,
    'const loaded = { exports: {} }',
    'run(loaded.exports, require, loaded, __filename, __dirname)',
    'exports.handler = loaded.exports.handler',
    '',
  ].join('\n')
}

/** Base64 needs no escapes, neither in the string of the loader nor in the JSON around it. */
function compressed(bundle: string): string {
  const { BROTLI_PARAM_QUALITY, BROTLI_MAX_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants
  const bytes = Buffer.from(bundle)
  const params = { [BROTLI_PARAM_QUALITY]: BROTLI_MAX_QUALITY, [BROTLI_PARAM_SIZE_HINT]: bytes.length }
  return brotliCompressSync(bytes, { params }).toString('base64')
}
