import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ecrApi } from '../../../shared/network/destinations.ts'
import { reach } from '../../../shared/network/reach.ts'
import { topologyOf } from '../../../shared/network/topology.ts'
import { readTransit } from '../../../shared/sources/transit/read-transit.ts'
import { home, inventoryOf } from '../../support/builders.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeTransit, serveTransit } from '../../support/fake-aws/transit.ts'
import { inventoryOfReading } from '../ecr-images/inventory-of-reading.ts'
import { networkReadersOf } from '../network-readers.ts'
import { joinedNetworks, wirePeering, wireRoute } from './account.ts'
import { hubAndSpoke } from './hub-and-spoke.ts'

let fake: FakeAws
let transit: FakeTransit
beforeEach(async () => {
  fake = await startFakeAws()
  transit = joinedNetworks()
  serveTransit(fake.state.services, transit)
})
afterEach(() => fake.close())

const read = () => readTransit(networkReadersOf(fake).ec2)
const denied = (operation: string) => {
  fake.state.plan = (called) => (called === operation ? { error: 'UnauthorizedOperation', status: 403 } : undefined)
}

/** Whether ECR is reached from `vpc-1` by the endpoint of `vpc-hub`, by what is read of what joins them. */
async function wayOver(via: string) {
  const { items } = await read()
  const topology = topologyOf(inventoryOf([...hubAndSpoke(via), ...items.map((item) => ({ item }))]))
  const source = { scope: home, subnetId: 'subnet-1', securityGroupIds: ['sg-1'], hasPublicIp: false, usesIpv6: false }
  const { verdict } = reach(topology, source, ecrApi(home.region))
  return verdict
}

describe('the typed views of what was read', () => {
  it('are attachments, each once', async () => {
    const { network } = inventoryOfReading(await read())
    const seen = network.transitGatewayAttachments.map((one) => [one.id, one.vpcId, one.subnetIds.state, one.ownerId])
    expect(seen).toEqual([
      ['tgw-attach-1', 'vpc-1', 'known', home.accountId],
      ['tgw-attach-hub', 'vpc-hub', 'known', home.accountId],
      ['tgw-attach-vpn', undefined, 'unknown', home.accountId],
      ['tgw-attach-spoke', 'vpc-spoke', 'unknown', '444455556666'],
    ])
    expect(network.listing('AWS::EC2::TransitGatewayVpcAttachment', home).state).toBe('absent')
  })

  it('are route tables with what they hold', async () => {
    const { network } = inventoryOfReading(await read())
    const [table] = network.transitGatewayRouteTables
    expect(table?.routes).toMatchObject({
      state: 'known',
      value: [
        { destination: { cidr: '10.50.0.0/16' }, attachmentIds: ['tgw-attach-hub'], origin: 'propagated' },
        { destination: { cidr: '10.0.0.0/16' }, attachmentIds: ['tgw-attach-1'], origin: 'propagated' },
        { destination: { cidr: '192.168.0.0/16' }, attachmentIds: [], origin: 'static', state: 'blackhole' },
      ],
    })
    expect(table?.associations).toMatchObject({ state: 'known', value: ['tgw-attach-1', 'tgw-attach-hub'] })
    expect(table?.propagations).toMatchObject({ state: 'known', value: ['tgw-attach-1', 'tgw-attach-hub'] })
  })

  it('are route tables of which the part that could not be read is unknown', async () => {
    denied('SearchTransitGatewayRoutes')
    const { network } = inventoryOfReading(await read())
    const [table] = network.transitGatewayRouteTables
    expect([table?.routes.state, table?.associations.state]).toEqual(['unknown', 'known'])
  })

  it('are peerings with their status', async () => {
    const { network } = inventoryOfReading(await read())
    expect(network.vpcPeerings).toMatchObject([
      { id: 'pcx-1', status: 'active', requester: { vpcId: 'vpc-1' }, accepter: { vpcId: 'vpc-hub' } },
    ])
  })
})

describe('a way between networks', () => {
  it('is seen over the transit gateway and the peering that were read', async () => {
    expect(await wayOver('tgw-1')).toBe('reachable')
    expect(await wayOver('pcx-1')).toBe('reachable')
  })

  it('is closed by what was read', async () => {
    const blackhole = { state: 'blackhole', type: 'static', transitGatewayAttachments: undefined }
    transit.routes.get('tgw-rtb-1')?.push(wireRoute('10.50.1.0/24', '', blackhole))
    transit.peerings[0] = wirePeering('pcx-1', 'vpc-hub', 'deleted')
    expect(await wayOver('tgw-1')).toBe('blocked')
    expect(await wayOver('pcx-1')).toBe('blocked')
  })

  it.each([
    'DescribeTransitGatewayVpcAttachments',
    'DescribeTransitGatewayRouteTables',
    'SearchTransitGatewayRoutes',
    'GetTransitGatewayRouteTableAssociations',
  ])('is unknown when %s is denied', async (operation) => {
    denied(operation)
    expect(await wayOver('tgw-1')).toBe('unknown')
  })

  it('is unknown when not all routes were handed out', async () => {
    transit.searchPages = false
    transit.pageSize = 2
    expect(await wayOver('tgw-1')).toBe('unknown')
  })

  it('is unknown over a peering that could not be listed', async () => {
    denied('DescribeVpcPeeringConnections')
    expect(await wayOver('pcx-1')).toBe('unknown')
  })
})
