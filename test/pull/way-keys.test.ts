import { describe, expect, it } from 'vitest'
import { absentKey, type ContextValue, present, unknownKey } from '../../shared/iam/conditions/context.ts'
import { ecrApi } from '../../shared/network/destinations.ts'
import { pullWays } from '../../shared/pull/way-keys.ts'
import { type EstatePart, gatewayEndpoint, home, interfaceEndpoint, privateVpc } from '../support/builders.ts'
import { hostBy, type Way } from './host-by.ts'
import { worldOf } from './pull-world.ts'

const world = worldOf(privateVpc({ with: [interfaceEndpoint({ id: 'vpce-second', service: 'ecr.dkr' })] }))
const pullBy = (...ways: readonly Way[]) => pullWays(world, [hostBy(ways)]).pull
/** Every key there is: one value for those of endpoints, another for the public address. */
const everyKey = (ofEndpoints: ContextValue, address: ContextValue) => ({
  'aws:sourcevpce': ofEndpoints,
  'aws:sourcevpc': ofEndpoints,
  'aws:sourcevpcarn': ofEndpoints,
  'aws:vpcsourceip': ofEndpoints,
  'aws:vpceaccount': ofEndpoints,
  'aws:vpceorgid': ofEndpoints,
  'aws:vpceorgpaths': ofEndpoints,
  'aws:sourceip': address,
})
const entries = (values: ReadonlyMap<string, unknown> | undefined) => Object.fromEntries(values ?? [])

describe('the keys that a way decides', () => {
  it('through an endpoint are those of it, and no public address', () => {
    expect(entries(pullBy(['privateEndpoint', 'vpce-ecr-dkr'])?.values)).toEqual({
      ...everyKey(unknownKey, absentKey),
      'aws:sourcevpce': present('vpce-ecr-dkr'),
      'aws:sourcevpc': present('vpc-1'),
      'aws:vpcsourceip': present('10.0.0.0/16'),
    })
  })

  it.each(['centralEndpoint', 'gatewayEndpoint'] as const)('through a %s leave the private address open', (kind) => {
    const values = pullBy([kind, 'vpce-ecr-dkr'])?.values
    expect(values?.get('aws:sourcevpce')).toEqual(present('vpce-ecr-dkr'))
    expect(values?.get('aws:vpcsourceip')).toEqual(unknownKey)
  })

  it('through an endpoint that is not in the inventory are only that there is no public address', () => {
    const values = pullBy(['centralEndpoint', 'vpce-hub'])?.values
    expect(entries(values)).toEqual(everyKey(unknownKey, absentKey))
  })

  it.each(['natGateway', 'internetGateway'] as const)(
    'by a %s are none of endpoints, from an unknown address',
    (kind) => {
      expect(entries(pullBy([kind, 'x'])?.values)).toEqual(everyKey(absentKey, unknownKey))
    },
  )

  it('by a NAT gateway into an endpoint are those of the endpoint', () => {
    const ways = pullBy(['natGateway', 'nat-1', 'reachable', 'vpce-s3'])
    expect(ways?.values.get('aws:sourcevpce')).toEqual(present('vpce-s3'))
    expect(ways?.values.get('aws:sourcevpc')).toEqual(present('vpc-1'))
    expect(ways?.values.get('aws:vpcsourceip')).toEqual(unknownKey)
    expect(ways?.values.get('aws:sourceip')).toEqual(absentKey)
    expect(ways?.key).not.toBe(pullBy(['natGateway', 'nat-1'])?.key)
  })

  it('by another way are not known', () => {
    expect(entries(pullBy(['other', 'tgw-1'])?.values)).toEqual(everyKey(unknownKey, unknownKey))
  })

  it('leave the private address open in a VPC with several blocks, or that is not known', () => {
    const addressIn = (...parts: readonly EstatePart[]) => {
      const where = worldOf(parts)
      return pullWays(where, [hostBy([['privateEndpoint', 'vpce-s3']])]).pull?.values.get('aws:vpcsourceip')
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
    expect(entries(mixed)).toEqual(everyKey(unknownKey, unknownKey))
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
    const token = hostBy([['natGateway', 'nat-1']], 'reachable', ecrApi(home.region), 'ecr-api')
    const pull = hostBy([['privateEndpoint', 'vpce-ecr-dkr']])
    const both = pullWays(world, [token, pull])
    expect([both.token?.way, both.pull?.way]).toEqual(['NAT gateway nat-1', 'interface endpoint vpce-ecr-dkr'])
    expect(Object.keys(pullWays(world, [token]))).toEqual(['token'])
    expect(Object.keys(pullWays(world, [pull]))).toEqual(['pull'])
    expect(pullWays(world, [])).toEqual({})
  })
})
