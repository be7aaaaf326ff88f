import { describe, expect, it } from 'vitest'
import { known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import {
  home,
  inventoryOf,
  transitGatewayAttachment,
  transitGatewayRouteTable,
  vpcPeering,
} from '../support/builders.ts'

const attachmentType = 'AWS::EC2::TransitGatewayAttachment'
const attachmentOf = (options?: Parameters<typeof transitGatewayAttachment>[0]) =>
  inventoryOf([transitGatewayAttachment(options)]).network.transitGatewayAttachments[0]
const tableOf = (options?: Parameters<typeof transitGatewayRouteTable>[0]) =>
  inventoryOf([transitGatewayRouteTable(options)]).network.transitGatewayRouteTables[0]
const peeringOf = (options?: Parameters<typeof vpcPeering>[0]) =>
  inventoryOf([vpcPeering(options)]).network.vpcPeerings[0]

describe('attachments to a transit gateway', () => {
  it('of AWS Config have a VPC and subnets, and no state', () => {
    expect(attachmentOf()).toMatchObject({
      id: 'tgw-attach-1',
      ownerId: home.accountId,
      transitGatewayId: 'tgw-1',
      vpcId: 'vpc-1',
      subnetIds: known(['subnet-1']),
      state: undefined,
    })
  })

  it('of CloudFormation are the same by another name', () => {
    const { network } = inventoryOf([transitGatewayAttachment({ type: 'TransitGatewayVpcAttachment' })])
    expect(network.transitGatewayAttachments.map(({ id, vpcId }) => [id, vpcId])).toEqual([['tgw-attach-1', 'vpc-1']])
  })

  it('as the account of the transit gateway sees them know the resource and the state, not the subnets', () => {
    const resource = { VpcId: null, SubnetIds: null, ResourceType: 'vpc', ResourceId: 'vpc-7' }
    expect(attachmentOf({ state: 'pendingAcceptance', configuration: resource })).toMatchObject({
      vpcId: 'vpc-7',
      subnetIds: unknown('the subnets of tgw-attach-1 are missing or unreadable'),
      state: 'pendingacceptance',
    })
  })

  it('of a VPN have no VPC', () => {
    const resource = { VpcId: null, ResourceType: 'vpn', ResourceId: 'vpn-1' }
    expect(attachmentOf({ configuration: resource })?.vpcId).toBeUndefined()
  })

  it('without a transit gateway are in no list and leave the listing open', () => {
    const { network } = inventoryOf([transitGatewayAttachment({ configuration: { TransitGatewayId: null } })])
    expect(network.transitGatewayAttachments).toEqual([])
    expect(network.listing(attachmentType, home)).toEqual(
      unknown(`${attachmentType} tgw-attach-1 does not say what it belongs to`),
    )
  })
})

describe('route tables of a transit gateway', () => {
  const route = (more: JsonObject): JsonObject => ({
    DestinationCidrBlock: '10.0.0.0/16',
    TransitGatewayAttachments: [{ TransitGatewayAttachmentId: 'tgw-attach-1', ResourceType: 'vpc' }],
    Type: 'static',
    State: 'active',
    ...more,
  })
  const routesOf = (...routes: readonly JsonValue[]) => tableOf({ routes })?.routes

  it('have routes, associations and propagations', () => {
    const member = { transitGatewayAttachmentId: 'tgw-attach-1' }
    expect(
      tableOf({
        routes: [route({ Type: 'propagated' })],
        associations: [{ ...member, state: 'associated' }],
        propagations: [{ ...member, state: 'enabled' }],
      }),
    ).toMatchObject({
      id: 'tgw-rtb-1',
      transitGatewayId: 'tgw-1',
      routes: known([
        {
          destination: { cidr: '10.0.0.0/16' },
          attachmentIds: ['tgw-attach-1'],
          origin: 'propagated',
          state: 'active',
        },
      ]),
      associations: known(['tgw-attach-1']),
      propagations: known(['tgw-attach-1']),
    })
  })

  it('have blackholes, and routes to prefix lists', () => {
    const list = { DestinationCidrBlock: null, PrefixListId: 'pl-1' }
    expect(routesOf(route({ State: 'blackhole', TransitGatewayAttachments: null }), route(list))).toEqual(
      known([
        { destination: { cidr: '10.0.0.0/16' }, attachmentIds: [], origin: 'static', state: 'blackhole' },
        { destination: { prefixListId: 'pl-1' }, attachmentIds: ['tgw-attach-1'], origin: 'static', state: 'active' },
      ]),
    )
  })

  it.each(['deleted', 'deleting', 'pending'])('do not count a route that is %s', (State) => {
    expect(routesOf(route({ State }))).toEqual(known([]))
  })

  it.each([
    ['a destination', { DestinationCidrBlock: 'everywhere' }],
    ['a state', { State: null }],
    ['an attachment', { TransitGatewayAttachments: [] }],
    ['a readable attachment', { TransitGatewayAttachments: ['tgw-attach-1'] }],
  ])('do not know their routes when one is without %s', (_what, more) => {
    expect(routesOf(route({}), route(more))).toEqual(unknown('the routes of tgw-rtb-1 are missing or unreadable'))
  })

  it('do not count associations and propagations that are on their way', () => {
    const member = { TransitGatewayAttachmentId: 'tgw-attach-1' }
    const table = tableOf({
      associations: [{ ...member, State: 'disassociating' }],
      propagations: [{ ...member, State: 'disabled' }],
    })
    expect([table?.associations, table?.propagations]).toEqual([known([]), known([])])
  })

  it('of which only the id is known know nothing else', () => {
    const table = tableOf({ held: 'notRead' })
    expect([table?.routes, table?.associations, table?.propagations]).toEqual([
      unknown('the routes of tgw-rtb-1 are missing or unreadable'),
      unknown('the associations of tgw-rtb-1 are missing or unreadable'),
      unknown('the propagations of tgw-rtb-1 are missing or unreadable'),
    ])
  })
})

describe('VPC peerings', () => {
  it('have two sides and a status', () => {
    const side = { ownerId: home.accountId, region: home.region }
    expect(peeringOf()).toMatchObject({
      id: 'pcx-1',
      requester: { vpcId: 'vpc-1', ...side },
      accepter: { vpcId: 'vpc-2', ...side },
      status: 'active',
    })
  })

  it.each([
    ['a word', 'pending-acceptance'],
    ['a wrapped word', { value: 'pending-acceptance' }],
    ['a code beside a message', { Code: 'pending-acceptance', Message: 'Pending' }],
  ])('state their status as %s', (_what, status) => {
    expect(peeringOf({ status })?.status).toBe('pending-acceptance')
  })

  it('without a second side are in no list and leave the listing open', () => {
    const { network } = inventoryOf([vpcPeering({ configuration: { accepterVpcInfo: { ownerId: '1' } } })])
    expect(network.vpcPeerings).toEqual([])
    expect(network.listing('AWS::EC2::VPCPeeringConnection', home).state).toBe('unknown')
  })
})
