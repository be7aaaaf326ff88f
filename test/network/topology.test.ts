import { describe, expect, it } from 'vitest'
import { topologyOf } from '../../shared/network/topology.ts'
import { networkOfJson } from './support/topology-of-json.ts'

const owner = '999988887777'
const participant = '111122223333'

describe('a topology', () => {
  it('is made once for an inventory', () => {
    const inventory = { network: networkOfJson({}) }
    expect(topologyOf(inventory)).toBe(topologyOf(inventory))
    expect(topologyOf({ network: networkOfJson({}) })).not.toBe(topologyOf(inventory))
  })

  it('takes the item of the owner of a shared subnet, in whichever order they come', () => {
    const seen = networkOfJson({ subnets: { 'subnet-1': { owner, seenBy: participant, cidr: '10.0.1.0/24' } } }).subnets
    const owned = networkOfJson({ subnets: { 'subnet-1': { owner, cidr: '10.0.1.0/24' } } }).subnets
    for (const subnets of [
      [...seen, ...owned],
      [...owned, ...seen],
    ]) {
      const topology = topologyOf({ network: { ...networkOfJson({}), subnets } })
      expect(topology.subnet('subnet-1')?.ref.accountId).toBe(owner)
    }
  })

  it('asks the listing of the owner of a shared subnet', () => {
    const asked: string[] = []
    const network = networkOfJson({ subnets: { 'subnet-1': { owner, seenBy: participant, cidr: '10.0.1.0/24' } } })
    const topology = topologyOf({
      network: {
        ...network,
        listing: (type, scope) => {
          asked.push(`${type} ${scope.accountId}`)
          return network.listing(type, scope)
        },
      },
    })
    expect(topology.routeTableOf(network.subnets[0]!)).toEqual({
      state: 'unknown',
      reason: 'route table of subnet-1',
      transience: 'lasting',
    })
    expect(asked).toEqual([`AWS::EC2::RouteTable ${owner}`])
  })

  it('knows the service of a prefix list by the gateway endpoint that a route leads it to', () => {
    const network = networkOfJson({
      tables: { 'rtb-1': { routes: ['pl-6ea54007 vpce-s3', 'pl-7 nat-1'] } },
      endpoints: { 'vpce-s3': { service: 's3', gateway: true } },
    })
    const topology = topologyOf({ network })
    expect(topology.prefixList('pl-6ea54007')).toEqual({ service: 'com.amazonaws.eu-central-1.s3', ranges: undefined })
    expect(topology.prefixList('pl-7')).toEqual({ service: undefined, ranges: undefined })
  })
})
