// Row D7 of the fault matrix: a rule that throws on the nth resource.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { projectRoot } from '../../../infra/bundle.ts'
import { auditInventory } from '../../../shared/engine/audit.ts'
import { organizationOf } from '../../../shared/engine/organization.ts'
import { defaultSettings } from '../../../shared/model/settings.ts'
import { inventoryOf, repository } from '../../support/builders.ts'
import { probeRule } from '../../support/fake-aws/probe-rule.ts'
import { numRuns } from '../runs.ts'

// A machine may have other things to do.
vi.setConfig({ testTimeout: 120_000 })

const names = Array.from({ length: 30 }, (_, n) => `r${String(n).padStart(2, '0')}`)
const inventory = inventoryOf(names.map((name) => repository({ name })))

/** The findings of the rule, in order of the repositories; it throws on those. */
function audited(broken: ReadonlySet<string>) {
  const rule: typeof probeRule = {
    ...probeRule,
    evaluate: (resource, context) => {
      if (broken.has(resource.ref.id)) throw new TypeError(`a bug at ${resource.ref.id}`)
      return probeRule.evaluate(resource, context)
    },
  }
  const organization = organizationOf(inventory, defaultSettings)
  return auditInventory({ inventory, rules: [rule], settings: defaultSettings, organization })
}

it('D7 whichever resources it throws on, those are undetermined with the rule and one mark, and the others are as ever', () => {
  const usual = audited(new Set())
  expect(usual.map(({ resource }) => resource.id)).toEqual(names)
  fc.assert(
    fc.property(fc.subarray(names, { minLength: 1 }), (chosen) => {
      const broken = new Set(chosen)
      const marks = new Set<string | undefined>()
      for (const [n, finding] of audited(broken).entries()) {
        const before = usual[n]!
        if (!broken.has(finding.resource.id)) expect(finding).toEqual(before)
        else {
          const said = /^Cannot be decided: rule (\S+) failed on this resource \((.*); stack ([0-9a-f]{8})\)$/.exec(
            finding.reason,
          )
          expect([finding.id, finding.compliance, said?.[1], said?.[2]]).toEqual([
            ...[before.id, 'UNDETERMINED', probeRule.id, `TypeError: a bug at ${finding.resource.id}`],
          ])
          marks.add(said?.[3])
        }
      }
      expect(marks.size).toBe(1)
    }),
    { numRuns: numRuns(50) },
  )
})

const folders: string[] = []
let code: string
beforeAll(async () => {
  const source = `
    import { auditInventory } from './shared/engine/audit.ts'
    import { organizationOf } from './shared/engine/organization.ts'
    import { defaultSettings } from './shared/model/settings.ts'
    import { inventoryOf, repository } from './test/support/builders.ts'
    import { probeRule } from './test/support/fake-aws/probe-rule.ts'
    const inventory = inventoryOf([repository({ name: 'a' })])
    const evaluate = () => { throw new TypeError('a bug') }
    const input = { inventory, settings: defaultSettings, organization: organizationOf(inventory, defaultSettings) }
    const judge = (depth) => depth > 0 ? judge(depth - 1) : auditInventory({ ...input, rules: [{ ...probeRule, evaluate }] })
    console.log(judge(Number(process.argv[2]))[0].reason)`
  const { outputFiles } = await build({
    ...{ stdin: { contents: source, resolveDir: projectRoot, loader: 'ts' }, write: false, bundle: true, minify: true },
    ...{ platform: 'node', format: 'cjs', logLevel: 'silent' },
  })
  code = outputFiles[0]?.text ?? ''
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** What a built program says in a folder of its own, called from so deep. */
function saidIn(name: string, depth: number): string {
  const folder = mkdtempSync(join(tmpdir(), `pullpath-${name}-`))
  folders.push(folder)
  writeFileSync(join(folder, 'index.js'), code)
  return execFileSync(process.execPath, [join(folder, 'index.js'), String(depth)], { encoding: 'utf8' })
}

it('D7 the mark is the same wherever the built program lies and whoever calls it', () => {
  const said = saidIn('here', 0)
  expect(said).toMatch(/\(TypeError: a bug; stack [0-9a-f]{8}\)\n$/)
  expect([saidIn('(some where else)', 0), saidIn('deep', 7)]).toEqual([said, said])
})
