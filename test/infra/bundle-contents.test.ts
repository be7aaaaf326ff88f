import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { bundleLambda, lambdaEntries, projectRoot } from '../../infra/bundle.ts'
import { inlineCode } from '../../infra/inline-code.ts'

/** Files of the project and of packages of which more than 1 KB ends up in a function, by their paths from the root. */
async function partsOf(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    ...{ absWorkingDir: projectRoot, entryPoints: [entry], bundle: true, write: false, metafile: true, minify: true },
    ...{ platform: 'node', format: 'cjs', external: ['@aws-sdk/*', '@smithy/*'], logLevel: 'silent' },
  })
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 1_000 ? [path] : [])),
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

describe('the code of all functions of the member template', () => {
  it('leaves room in a template of 1 MB', async () => {
    const entries = Object.entries(lambdaEntries).filter(([, entry]) => entry !== hub)
    const codes = await Promise.all(entries.map(async ([name, entry]) => inlineCode(name, await bundleLambda(entry))))
    const total = codes.reduce((sum, code) => sum + code.length, 0)
    expect(total).toBeLessThan(860_000)
  })
})
