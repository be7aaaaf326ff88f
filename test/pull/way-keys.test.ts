import { describe, expect, it } from 'vitest'
import { absentKey, present, unknownKey } from '../../shared/iam/conditions/context.ts'
import { ecrApi, ecrDkr } from '../../shared/network/destinations.ts'
import type { ReachPath, ReachVerdict } from '../../shared/network/types.ts'
import type { HostReach } from '../../shared/pull/hops/host-reach.ts'
import { pullWays } from '../../shared/pull/way-keys.ts'
import { type EstatePart, gatewayEndpoint, home, interfaceEndpoint, privateVpc } from '../support/builders.ts'
import { worldOf } from './pull-world.ts'

type Way = readonly [kind: ReachPath['kind'], via: string, verdict?: ReachVerdict]

function pathOf([kind, via, verdict = 'reachable']: Way): ReachPath {
  const decidedBy = { step: 'route', verdict, code: 'code', reason: 'reason', evidence: [] } as const
  return { kind, via, verdict, steps: [decidedBy], decidedBy }
}

function hostOf(hop: 'ecr-api' | 'ecr-dkr', ...ways: readonly Way[]): HostReach {
  const destination = hop === 'ecr-api' ? ecrApi(home.region) : ecrDkr(home.region, home.accountId)
  const paths = ways.map(pathOf)
  const reach = { destination, verdict: 'reachable', paths, shadowed: [], assumptions: [], missing: [] } as const
  return { hop, reach, path: paths[0] }
}

const world = worldOf(privateVpc({ with: [interfaceEndpoint({ id: 'vpce-second', service: 'ecr.dkr' })] }))
const pullBy = (...ways: readonly Way[]) => pullWays(world, [hostOf('ecr-dkr', ...ways)]).pull
const ofEndpoints = [
  'aws:sourcevpce',
  'aws:sourcevpc',
  'aws:sourcevpcarn',
  'aws:vpcsourceip',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
]
const entries = (values: ReadonlyMap<string, unknown> | undefined) => Object.fromEntries(values ?? [])

describe('the keys that a way decides', () => {
  it('through an endpoint are those of it, and no public address', () => {
    expect(entries(pullBy(['privateEndpoint', 'vpce-ecr-dkr'])?.values)).toEqual({
      'aws:sourcevpce': present('vpce-ecr-dkr'),
      'aws:sourcevpc': present('vpc-1'),
      'aws:sourcevpcarn': unknownKey,
      'aws:vpcsourceip': present('10.0.0.0/16'),
      'aws:vpceaccount': unknownKey,
      'aws:vpceorgid': unknownKey,
      'aws:vpceorgpaths': unknownKey,
      'aws:sourceip': absentKey,
    })
  })

  it.each(['centralEndpoint', 'gatewayEndpoint'] as const)('through a %s leave the private address open', (kind) => {
    const values = pullBy([kind, 'vpce-ecr-dkr'])?.values
    expect(values?.get('aws:sourcevpce')).toEqual(present('vpce-ecr-dkr'))
    expect(values?.get('aws:vpcsourceip')).toEqual(unknownKey)
  })

  it('through an endpoint that is not in the inventory are only that there is no public address', () => {
    const values = pullBy(['centralEndpoint', 'vpce-hub'])?.values
    expect(values?.get('aws:sourceip')).toEqual(absentKey)
    for (const key of ofEndpoints) expect(values?.get(key), key).toEqual(unknownKey)
  })

  it.each(['natGateway', 'internetGateway'] as const)(
    'by a %s are none of endpoints, from an unknown address',
    (kind) => {
      const values = pullBy([kind, 'x'])?.values
      expect(values?.get('aws:sourceip')).toEqual(unknownKey)
      for (const key of ofEndpoints) expect(values?.get(key), key).toEqual(absentKey)
    },
  )

  it('by another way are not known', () => {
    const values = pullBy(['other', 'tgw-1'])?.values
    for (const key of [...ofEndpoints, 'aws:sourceip']) expect(values?.get(key), key).toEqual(unknownKey)
  })

  it('leave the private address open in a VPC with several blocks, or that is not known', () => {
    const addressIn = (...parts: readonly EstatePart[]) => {
      const where = worldOf(parts)
      const host = hostOf('ecr-dkr', ['privateEndpoint', 'vpce-s3'])
      return pullWays(where, [host]).pull?.values.get('aws:vpcsourceip')
    }
    expect(addressIn(gatewayEndpoint())).toEqual(unknownKey)
    expect(addressIn(...privateVpc())).toEqual(present('10.0.0.0/16'))
  })
})

describe('several ways', () => {
  it('decide only what they agree on', () => {
    const values = pullBy(['privateEndpoint', 'vpce-ecr-dkr'], ['privateEndpoint', 'vpce-second'])?.values
    expect(values?.get('aws:sourcevpce')).toEqual(unknownKey)
    expect(values?.get('aws:sourcevpc')).toEqual(present('vpc-1'))
    expect(values?.get('aws:sourceip')).toEqual(absentKey)
    const mixed = pullBy(['privateEndpoint', 'vpce-ecr-dkr'], ['natGateway', 'nat-1'])?.values
    for (const key of [...ofEndpoints, 'aws:sourceip']) expect(mixed?.get(key), key).toEqual(unknownKey)
  })

  it('are told with words and key of each that is not blocked', () => {
    const ways = pullBy(
      ['privateEndpoint', 'vpce-ecr-dkr', 'unknown'],
      ['natGateway', 'nat-1', 'blocked'],
      ['other', 'tgw-1', 'unknown'],
    )
    expect(ways?.way).toBe('interface endpoint vpce-ecr-dkr or way by tgw-1')
    expect(ways?.key).toBe('[["privateEndpoint","vpce-ecr-dkr"],["other","tgw-1"]]')
  })

  it('that are all blocked, or none, decide nothing', () => {
    expect(pullBy(['natGateway', 'nat-1', 'blocked'])).toBeUndefined()
    expect(pullBy()).toBeUndefined()
  })

  it('are those of the token and of the pull apart', () => {
    const token = hostOf('ecr-api', ['natGateway', 'nat-1'])
    const pull = hostOf('ecr-dkr', ['privateEndpoint', 'vpce-ecr-dkr'])
    const both = pullWays(world, [token, pull])
    expect([both.token?.way, both.pull?.way]).toEqual(['NAT gateway nat-1', 'interface endpoint vpce-ecr-dkr'])
    expect(Object.keys(pullWays(world, [token]))).toEqual(['token'])
    expect(Object.keys(pullWays(world, [pull]))).toEqual(['pull'])
    expect(pullWays(world, [])).toEqual({})
  })
})
