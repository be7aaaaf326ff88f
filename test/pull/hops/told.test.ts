import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Hop, hopNames, type PullTrace } from '../../../shared/model/pull.ts'
import { pullsOfInventory } from '../../../shared/pull/pulls-of-inventory.ts'
import { tracePull } from '../../../shared/pull/trace.ts'
import { changed, type Scenario, worldOfScenario } from '../support/scenario.ts'

/** A hop of a scenario with every word a reader sees. */
interface Told {
  /** Name of a scenario of the tables. */
  readonly scenario: string
  readonly tells: Hop
  /** What the whole trace lacks. */
  readonly missing?: readonly string[]
}

const rows = JSON.parse(readFileSync(new URL('./cases/told.json', import.meta.url), 'utf8')) as readonly Told[]

const folders = ['../cases/traces/', './scenarios/'].map((path) => new URL(path, import.meta.url))
const scenarios = new Map(
  folders
    .flatMap((folder) =>
      readdirSync(folder).flatMap(
        (file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly Scenario[],
      ),
    )
    .map((scenario) => [scenario.name, scenario]),
)

function traceOf(name: string): PullTrace {
  const scenario = scenarios.get(name)!
  const world = worldOfScenario(scenario)
  const [pull] = pullsOfInventory(world.inventory)
  return tracePull(world, changed(pull!, scenario))
}

describe('what a hop tells', () => {
  it.each(rows.map((row) => [row.tells.hop, row.tells.code, row.scenario, row] as const))(
    'about %s, %s: %s',
    (_hop, _code, _scenario, { scenario, tells, missing }) => {
      const trace = traceOf(scenario)
      expect(trace.hops.find(({ hop }) => hop === tells.hop)).toEqual(tells)
      if (missing !== undefined) expect(trace.missing).toEqual(missing)
    },
  )

  it('is written down for every hop, working and broken', () => {
    const found = new Set(rows.map(({ tells }) => `${tells.hop} ${tells.status}`))
    expect(hopNames.filter((hop) => !found.has(`${hop} pass`) || !found.has(`${hop} fail`))).toEqual([])
  })
})
