import { describe, expect, it } from 'vitest'
import { pullsOfInventory } from '../../shared/pull/pulls-of-inventory.ts'
import { tracePull } from '../../shared/pull/trace.ts'
import { type EstatePart, inventoryOf, policy, repository } from '../support/builders.ts'
import { estates } from './support/estates.ts'
import { worldOfInventory } from './support/scenario.ts'

/** The first pull of an estate whose repository is open to one endpoint only. */
function firstPull(estate: string, endpointId: string) {
  const onlyThrough = policy({
    Effect: 'Deny',
    Principal: '*',
    Action: 'ecr:BatchGetImage',
    Condition: { StringNotEquals: { 'aws:SourceVpce': endpointId } },
  })
  const parts: readonly EstatePart[] = [...(estates[estate] ?? []), repository({ policy: onlyThrough })]
  const world = worldOfInventory(inventoryOf(parts))
  return { world, pull: pullsOfInventory(world.inventory)[0]! }
}

function hopOf(trace: ReturnType<typeof tracePull>, name: string) {
  return trace.hops.find(({ hop }) => hop === name)!
}

describe('a trace', () => {
  it('keeps what placing took for granted when there is no interface', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    const assumptions = ['assumes that it runs somewhere']
    const trace = tracePull(world, { ...pull, interfaces: [], unplaced: 'nobody said where', assumptions })
    expect(hopOf(trace, 'source')).toMatchObject({ status: 'unknown', assumptions })
    expect(hopOf(trace, 'dns').assumptions).toEqual([])
  })

  it('shows by which way the requests come where a policy asks for it', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    const trace = tracePull(world, pull)
    expect(hopOf(trace, 'pull-actions')).toMatchObject({ status: 'pass' })
    expect(hopOf(trace, 'pull-actions').evidence).toContainEqual({
      source: 'request',
      detail: 'the requests come through interface endpoint vpce-ecr-dkr',
    })
    expect(JSON.stringify(hopOf(trace, 'token').evidence)).not.toContain('come through')
  })

  it('asks again when the same pull comes from elsewhere in the same inventory', () => {
    const { world, pull } = firstPull('fargate', 'vpce-ecr-dkr')
    expect(tracePull(world, pull).verdict).toBe('pass')
    const stated = [{ vpcs: ['vpc-1'], services: ['ecr.dkr'] }]
    const unplaced = tracePull({ ...world, centralEndpoints: stated }, { ...pull, interfaces: [] })
    expect(hopOf(unplaced, 'pull-actions').code).toBe('pull-actions-undecided')
    expect(tracePull(world, pull).verdict).toBe('pass')
  })
})
