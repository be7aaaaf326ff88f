import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bundleLambda, lambdaEntries, projectRoot } from '../../infra/bundle.ts'
import { limits } from '../../infra/config.ts'
import { inlineCode } from '../../infra/inline-code.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pullpath-inline-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs a script in a new process, in a folder where the code is `index.js`; returns what it printed. */
function run(code: string, script: string): string {
  writeFileSync(join(folder, 'index.js'), code)
  const env = { ...process.env, NODE_PATH: join(projectRoot, 'node_modules') }
  return execFileSync(process.execPath, ['-e', script], { cwd: folder, env, encoding: 'utf8' }).trim()
}

/** What the loader holds, decompressed. */
function heldIn(code: string): string {
  const [, text] = /Buffer\.from\('([A-Za-z0-9+/=]+)', 'base64'\)/.exec(code) ?? []
  return brotliDecompressSync(Buffer.from(text!, 'base64')).toString()
}

/** The field of the event that each function misses first. */
const missed = (name: string): string => {
  if (name === 'pullpath-finding-publisher') return 'event.Records'
  // What has no envelope of EventBridge is taken for an event of AWS Config.
  return name === 'pullpath-resource-change' ? 'event.source' : 'event.invokingEvent'
}

describe.each(Object.entries(lambdaEntries))('the inline code of %s', (name, entry) => {
  let bundle: string
  beforeAll(async () => {
    bundle = await bundleLambda(entry)
  })

  it('holds the bundle byte for byte, and its digest', () => {
    const code = inlineCode(name, bundle)
    expect(heldIn(code) === bundle).toBe(true)
    expect(code.split('\n')[0]).toBe(
      `// dist/lambda/${name}/index.js (sha256 ${createHash('sha256').update(bundle).digest('hex')}), compressed with Brotli. See infra/README.md.`,
    )
  })

  it('imports nothing while it runs, which compiled text cannot', () => {
    expect(bundle).not.toMatch(/[^.\w]import\s*\(/)
  })

  it('is the same for the same bundle, and far from the limit of inline code', () => {
    expect(inlineCode(name, bundle)).toBe(inlineCode(name, bundle))
    expect(Buffer.byteLength(inlineCode(name, bundle))).toBeLessThan(limits.inlineCodeBytes / 8)
  })

  it('runs in a fresh process, exports the handler and refuses an empty event by name', () => {
    const script = `
      const { handler } = require('./index.js')
      const context = {
        invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:f',
        getRemainingTimeInMillis: () => 60000,
      }
      handler({}, context).catch((error) => console.log(typeof handler, error.name, error.message.split(':')[0]))`
    expect(run(inlineCode(name, bundle), script)).toBe(`function InputError ${missed(name)}`)
  })
})

describe('the loader', () => {
  it('gives stack traces a file of the name of the function', () => {
    const bundle = "module.exports = { handler: () => {\n  throw new Error('broken')\n} }"
    const script = "try { require('./index.js').handler() } catch (error) { console.log(error.stack.split('\\n')[1]) }"
    expect(run(inlineCode('pullpath-example', bundle), script)).toMatch(/pullpath-example\.js:2:9\)?$/)
  })

  it('hands requires through to the runtime', () => {
    const bundle = "exports.handler = () => require('@aws-sdk/client-ecr').ECRClient.name"
    expect(run(inlineCode('f', bundle), "console.log(require('./index.js').handler())")).toBe('ECRClient')
  })

  it('keeps every character of a bundle', () => {
    const bundle = "exports.handler = () => '\u2026 `a` \\\\ \\' {{resolve:ssm:x}}'"
    expect(heldIn(inlineCode('f', bundle))).toBe(bundle)
    expect(inlineCode('f', bundle)).not.toContain('{{resolve:')
  })
})
