import { describe, expect, it } from 'vitest'
import type { Destination, Reach, ReachVerdict } from '../../../shared/network/types.ts'
import { ancillaryHop } from '../../../shared/pull/hops/ancillary.ts'
import { home } from '../../support/builders.ts'
import { pullOf } from '../web-service.ts'

const logs = { service: 'logs', region: home.region, because: 'container web logs to CloudWatch Logs' }

const reaching =
  (verdict: ReachVerdict) =>
  (destination: Destination): Reach => {
    const decidedBy = {
      step: 'route',
      verdict,
      code: 'code',
      reason: 'the route decides',
      evidence: [],
      fix: 'Mend it',
    } as const
    const path = { kind: 'natGateway', via: 'nat-1', verdict, steps: [decidedBy], decidedBy } as const
    return {
      destination,
      verdict,
      paths: [path],
      shadowed: [],
      assumptions: ['assumes a way back'],
      missing: ['a route'],
    }
  }

describe('what a workload needs besides its image', () => {
  it.each([
    ['fargateTask', undefined, 'not-read'],
    ['fargateTask', [], 'nothing-needed'],
    ['node', undefined, 'nothing-needed'],
    ['fargatePod', undefined, 'nothing-needed'],
  ] as const)('of %s with %j is %s', (compute, startNeeds, code) => {
    expect(
      ancillaryHop(pullOf(compute, startNeeds === undefined ? {} : { startNeeds }), reaching('reachable')),
    ).toMatchObject({ status: 'skipped', code })
  })

  it('that is open names what is missing and why it is needed', () => {
    const host = 'logs.eu-central-1.amazonaws.com'
    const said = `${host} may not be reachable: the route decides`
    expect(ancillaryHop(pullOf('fargateTask', { startNeeds: [logs] }), reaching('unknown'))).toEqual({
      status: 'unknown',
      code: 'path-to-logs-unknown',
      reason: `${said} (container web logs to CloudWatch Logs)`,
      evidence: [{ source: host, detail: said }],
      assumptions: ['assumes a way back'],
      missing: ['a route'],
    })
  })

  it('that is blocked says what mends it', () => {
    expect(ancillaryHop(pullOf('fargateTask', { startNeeds: [logs] }), reaching('blocked'))).toMatchObject({
      status: 'fail',
      code: 'no-path-to-logs',
      assumptions: ['assumes a way back'],
      fix: 'Mend it',
    })
  })

  it('on an instance includes the three services of the agent', () => {
    const { status, evidence, assumptions } = ancillaryHop(
      pullOf('containerInstance', { startNeeds: [logs] }),
      reaching('reachable'),
    )
    expect(status).toBe('pass')
    expect(evidence.map(({ source }) => source.split('.')[0])).toEqual(['ecs', 'ecs-a', 'ecs-t', 'logs'])
    expect(assumptions).toEqual(['assumes a way back'])
  })
})
