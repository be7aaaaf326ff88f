import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Hop, hopNames, type PullTrace } from '../../shared/model/pull.ts'
import { pullsOfInventory } from '../../shared/pull/pulls-of-inventory.ts'
import { tracePull } from '../../shared/pull/trace.ts'
import { changed, type Scenario, worldOfScenario } from './support/scenario.ts'

const folders = ['./cases/traces/', './hops/scenarios/'].map((path) => new URL(path, import.meta.url))
const tables = folders.flatMap((folder) =>
  readdirSync(folder).map(
    (file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly Scenario[]] as const,
  ),
)

function traceOf(scenario: Scenario): PullTrace {
  const world = worldOfScenario(scenario)
  const [pull] = pullsOfInventory(world.inventory)
  return tracePull(world, changed(pull!, scenario))
}

describe('the tables of whole pulls', () => {
  it('hold at least 120 scenarios whose names are unique', () => {
    const names = tables.flatMap(([, scenarios]) => scenarios.map(({ name }) => name))
    expect(names.length).toBeGreaterThanOrEqual(120)
    expect(new Set(names).size).toBe(names.length)
  })

  it('name every hop as the first broken one', () => {
    const at = tables.flatMap(([, all]) =>
      all.filter(({ verdict }) => verdict === 'fail').map((one) => one.at?.split(':')[0]),
    )
    expect(hopNames.filter((hop) => !at.includes(hop))).toEqual([])
  })
})

describe.each(tables)('%s', (_file, scenarios) => {
  it.each(scenarios.map((one) => [one.name, one] as const))('%s', (_name, scenario) => {
    const trace = traceOf(scenario)
    const found = decisive(trace)
    expect({ verdict: trace.verdict, at: found && textOf(found) }).toEqual({
      verdict: scenario.verdict,
      at: scenario.at,
    })
    expect(trace.nextFailures.map(({ hop }) => hop)).toEqual(scenario.next ?? [])
    expect(trace.intermittent).toEqual(scenario.intermittent ?? [])
    for (const text of scenario.hops ?? []) expect(trace.hops.map(statusTextOf)).toContain(text)
    for (const text of scenario.says ?? []) expect(found?.reason).toContain(text)
    if (scenario.fix !== undefined) expect(found?.fix).toBe(scenario.fix)
    if (scenario.missing !== undefined) expect(trace.missing).toEqual(scenario.missing)
    if (scenario.grades !== undefined) expect(gradesOf(trace)).toBe(scenario.grades)
    expectSound(trace)
  })
})

/** What holds of every trace. */
function expectSound({ hops, verdict, firstBrokenHop, missing }: PullTrace): void {
  expect(hops.map(({ hop }) => hop)).toEqual(hopNames)
  const statuses = hops.map(({ status }) => status)
  expect(verdict === 'pass').toBe(!statuses.includes('fail') && !statuses.includes('unknown'))
  expect(firstBrokenHop).toBe(hops.find(({ status }) => status === 'fail')?.hop)
  expect(missing.length > 0).toBe(verdict === 'unknown')
  for (const { status, reason, fix, evidence } of hops) {
    if (status === 'fail') expect(fix).toBeDefined()
    expect(reason).not.toMatch(/^[A-Z][a-z0-9-]*:/)
    if (status === 'fail') expect(evidence.length).toBeGreaterThan(0)
    if (status !== 'fail') expect(fix).toBeUndefined()
  }
}

function decisive({ hops, verdict }: PullTrace): Hop | undefined {
  return verdict === 'pass' ? undefined : hops.find(({ status }) => status === verdict)
}

function textOf({ hop, code }: Hop): string {
  return `${hop}: ${code}`
}

function statusTextOf({ hop, status, code }: Hop): string {
  return `${hop}: ${status} ${code}`
}

function gradesOf({ grades }: PullTrace): string {
  return `${grades.privacy ?? '-'} ${grades.leastPrivilege ?? '-'}`
}
