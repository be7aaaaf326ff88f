import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { hopNames, type PullTrace } from '../../shared/model/pull.ts'
import { pullsOfInventory } from '../../shared/pull/pulls-of-inventory.ts'
import { tracePull } from '../../shared/pull/trace.ts'
import { allTraffic, type EstatePart, inventoryOf, notListed, policy } from '../support/builders.ts'
import { changed, partsOf, type Scenario, worldOfInventory } from './support/scenario.ts'

const folders = ['./cases/traces/', './hops/scenarios/'].map((path) => new URL(path, import.meta.url))
const scenarios = folders.flatMap((folder) =>
  readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly Scenario[]),
)

/** Two scenarios of one base in one estate: more breaks at once than in either. */
const generated = fc
  .tuple(fc.constantFrom(...scenarios), fc.nat(), fc.boolean())
  .map(([one, at, isAlone]): Scenario => {
    const same = scenarios.filter(({ base }) => base === one.base)
    const other = isAlone ? one : (same[at % same.length] ?? one)
    return {
      ...one,
      with: [...(one.with ?? []), ...(other.with ?? [])],
      without: [...(one.without ?? []), ...(other.without ?? [])],
    }
  })

function traceIn(parts: readonly EstatePart[], scenario: Scenario): PullTrace | undefined {
  const world = worldOfInventory(inventoryOf(distinctParts(parts)), scenario.centralEndpoints)
  const [pull] = pullsOfInventory(world.inventory)
  return pull && tracePull(world, changed(pull, scenario))
}

/** The last of those with the same type and id. */
function distinctParts(parts: readonly EstatePart[]): readonly EstatePart[] {
  return [...new Map(parts.map((part) => [identityOf(part), part])).values()]
}

function identityOf(part: EstatePart): string {
  if (!('item' in part)) return JSON.stringify(part)
  const { resourceType, ARN } = part.item
  return `${resourceType} ${ARN}`
}

const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' }

function edited(part: EstatePart, type: string, edit: (configuration: JsonObject) => JsonObject): EstatePart {
  if (!('item' in part) || part.item.resourceType !== type) return part
  return { item: { ...part.item, configuration: edit(part.item.configuration as JsonObject) } }
}

function withMore(configuration: JsonObject, name: string, more: JsonValue): JsonObject {
  return { ...configuration, [name]: [...((configuration[name] as readonly JsonValue[] | undefined) ?? []), more] }
}

/** Changes that only allow more. */
const additions: Readonly<Record<string, (part: EstatePart) => EstatePart>> = {
  'an Allow for every role': (part) =>
    edited(part, 'AWS::IAM::Role', (configuration) =>
      withMore(configuration, 'rolePolicyList', {
        policyName: 'more',
        policyDocument: encodeURIComponent(JSON.stringify(policy(allowAll))),
      }),
    ),
  'a rule out of every security group': (part) =>
    edited(part, 'AWS::EC2::SecurityGroup', (configuration) =>
      withMore(configuration, 'ipPermissionsEgress', allTraffic('0.0.0.0/0')),
    ),
  'a rule into every security group': (part) =>
    edited(part, 'AWS::EC2::SecurityGroup', (configuration) =>
      withMore(configuration, 'ipPermissions', allTraffic('0.0.0.0/0')),
    ),
  'an Allow in every endpoint policy': (part) =>
    edited(part, 'AWS::EC2::VPCEndpoint', (configuration) => {
      const before = JSON.parse(configuration.policyDocument as string) as { readonly Statement: readonly JsonValue[] }
      const policyDocument = JSON.stringify({
        ...before,
        Statement: [...before.Statement, { ...allowAll, Principal: '*' }],
      })
      return { ...configuration, policyDocument }
    }),
}

const rank = { fail: 0, unknown: 1, pass: 2 } as const

describe('a trace', () => {
  it('has every hop in order, its verdict from them and the first failing one as the broken hop', () => {
    fc.assert(
      fc.property(generated, (scenario) => {
        const trace = traceIn(partsOf(scenario), scenario)
        if (trace === undefined) return
        const { hops, verdict, firstBrokenHop, nextFailures, missing } = trace
        expect(hops.map(({ hop }) => hop)).toEqual(hopNames)
        const statuses = hops.map(({ status }) => status)
        const failed = hops.filter(({ status }) => status === 'fail')
        expect(verdict === 'pass').toBe(!statuses.includes('fail') && !statuses.includes('unknown'))
        expect(verdict === 'fail').toBe(failed.length > 0)
        expect(firstBrokenHop).toBe(failed[0]?.hop)
        expect(nextFailures).toEqual(failed.slice(1))
        expect(missing.length > 0).toBe(verdict === 'unknown')
      }),
      { numRuns: 200 },
    )
  })

  it('meets every verdict', () => {
    const seen = fc.sample(generated, { numRuns: 150, seed: 5 }).map((one) => traceIn(partsOf(one), one)?.verdict)
    for (const verdict of ['pass', 'fail', 'unknown'] as const) {
      expect(seen.filter((one) => one === verdict).length, verdict).toBeGreaterThan(5)
    }
  })

  it.each(Object.entries(additions))('never gets worse by %s', (_name, add) => {
    fc.assert(
      fc.property(generated, (scenario) => {
        const parts = partsOf(scenario)
        const before = traceIn(parts, scenario)
        const after = traceIn(parts.map(add), scenario)
        if (before === undefined || after === undefined) return
        expect(rank[after.verdict]).toBeGreaterThanOrEqual(rank[before.verdict])
      }),
      { numRuns: 100 },
    )
  })

  it('never turns a failure into a success, or a success into a failure, by what is not known', () => {
    const types = [
      'AWS::ECR::Repository',
      'AWS::ECR::PullThroughCacheRule',
      'AWS::IAM::Role',
      'AWS::IAM::Policy',
      'AWS::EC2::RouteTable',
      'AWS::EC2::SecurityGroup',
      'AWS::EC2::VPCEndpoint',
      'AWS::EC2::NetworkAcl',
    ]
    fc.assert(
      fc.property(generated, fc.constantFrom(...types), (scenario, type) => {
        const parts = partsOf(scenario)
        const before = traceIn(parts, scenario)?.verdict
        const after = traceIn([...parts, notListed(type)], scenario)?.verdict
        if (before === undefined || after === undefined || after === 'unknown' || before === 'unknown') return
        expect(after).toBe(before)
      }),
      { numRuns: 150 },
    )
  })
})
