import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import type { Reading } from '../../../shared/sources/reading.ts'
import { prefixListIdsInTables } from '../../../shared/sources/transit/named-lists.ts'
import { permissions } from '../../../shared/sources/transit/permissions.ts'
import { readTransit } from '../../../shared/sources/transit/read-transit.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeTransit, serveTransit } from '../../support/fake-aws/transit.ts'
import { networkReadersOf } from '../network-readers.ts'
import { actionsCalled } from '../readers.ts'
import { account, joinedNetworks, spokeAccount, wireMember, wirePeering, wireRoute } from './account.ts'

const attachment = 'AWS::EC2::TransitGatewayAttachment'
const vpcAttachment = 'AWS::EC2::TransitGatewayVpcAttachment'
const table = 'AWS::EC2::TransitGatewayRouteTable'
const peering = 'AWS::EC2::VPCPeeringConnection'
const types = [attachment, vpcAttachment, table, peering]
const arnOf = (kind: string, id: string, owner = account) => `arn:aws:ec2:eu-central-1:${owner}:${kind}/${id}`
const tableArn = arnOf('transit-gateway-route-table', 'tgw-rtb-1')

let fake: FakeAws
let transit: FakeTransit
beforeEach(async () => {
  fake = await startFakeAws()
  transit = joinedNetworks()
  serveTransit(fake.state.services, transit)
})
afterEach(() => fake.close())

const read = (options: { readonly callTimeout?: number } = {}): Promise<Reading> =>
  readTransit(networkReadersOf(fake, options).ec2)
const ofType = ({ items }: Pick<Reading, 'items'>, type: string) => items.filter((item) => item.resourceType === type)
const idsOf = (reading: Reading, type: string) => ofType(reading, type).map(({ resourceId }) => resourceId)
const failing = (operation: string, fault: Fault) => {
  fake.state.plan = (called) => (called === operation ? fault : undefined)
}
const rowsOf = ({ coverage }: Reading) => coverage.map(({ resourceType, status }) => [resourceType, status])
const allKnown = types.map((type) => [type, 'known'])
const heldBy = (reading: Reading) => ofType(reading, table)[0]?.supplementaryConfiguration as JsonObject | undefined

describe('attachments', () => {
  it('are items of one type, each once, those of VPCs with their subnets', async () => {
    const reading = await read()
    expect(reading.gaps).toEqual([])
    expect(rowsOf(reading)).toEqual(allKnown)
    expect(ofType(reading, vpcAttachment)).toEqual([])
    expect(ofType(reading, attachment).map(({ arn, configuration }) => [arn, configuration])).toEqual([
      [
        arnOf('transit-gateway-attachment', 'tgw-attach-1'),
        {
          Id: 'tgw-attach-1',
          ResourceType: 'vpc',
          TransitGatewayId: 'tgw-1',
          VpcId: 'vpc-1',
          VpcOwnerId: account,
          SubnetIds: ['subnet-1'],
          State: 'available',
          Options: { DnsSupport: 'enable', Ipv6Support: 'disable' },
        },
      ],
      [arnOf('transit-gateway-attachment', 'tgw-attach-hub'), expect.objectContaining({ SubnetIds: ['subnet-hub'] })],
      [
        arnOf('transit-gateway-attachment', 'tgw-attach-spoke', spokeAccount),
        {
          Id: 'tgw-attach-spoke',
          TransitGatewayId: 'tgw-1',
          TransitGatewayOwnerId: account,
          ResourceType: 'vpc',
          ResourceId: 'vpc-spoke',
          State: 'available',
          VpcId: 'vpc-spoke',
        },
      ],
      [
        arnOf('transit-gateway-attachment', 'tgw-attach-vpn'),
        {
          Id: 'tgw-attach-vpn',
          TransitGatewayId: 'tgw-1',
          TransitGatewayOwnerId: account,
          ResourceType: 'vpn',
          ResourceId: 'vpn-1',
          State: 'available',
        },
      ],
    ])
  })

  it.each([
    ['DescribeTransitGatewayVpcAttachments', ['tgw-attach-1', 'tgw-attach-hub', 'tgw-attach-spoke', 'tgw-attach-vpn']],
    ['DescribeTransitGatewayAttachments', ['tgw-attach-1', 'tgw-attach-hub']],
  ])('are unknown when %s is denied, and what the other list shows is kept', async (operation, ids) => {
    failing(operation, { error: 'UnauthorizedOperation', status: 403 })
    const reading = await read()
    const reason = `ec2:${operation} failed with UnauthorizedOperation`
    expect(idsOf(reading, attachment)).toEqual(ids)
    expect(reading.gaps).toEqual(
      [attachment, vpcAttachment].map((resourceType) => ({ resourceType, reason, transience: 'lasting' })),
    )
    expect(reading.coverage.filter(({ status }) => status === 'unknown')).toEqual(
      [attachment, vpcAttachment].map((resourceType) => ({
        accountId: account,
        region: 'eu-central-1',
        resourceType,
        status: 'unknown',
        reason,
      })),
    )
  })

  it.each([
    ['an id', { transitGatewayId: 'tgw-1', vpcId: 'vpc-1' }],
    ['a transit gateway', { transitGatewayAttachmentId: 'tgw-attach-1', vpcId: 'vpc-1' }],
    ['a VPC', { transitGatewayAttachmentId: 'tgw-attach-1', transitGatewayId: 'tgw-1' }],
  ])('are unknown when one does not state %s', async (_name, one) => {
    transit.vpcAttachments.push(one)
    const { gaps } = await read()
    expect(gaps.map(({ reason }) => reason)).toEqual(
      [1, 2].map(() => 'ec2:DescribeTransitGatewayVpcAttachments failed with MalformedAnswer'),
    )
  })
})

describe('a route table', () => {
  it('is an item with its routes, associations and propagations', async () => {
    const [item] = ofType(await read(), table)
    expect([item?.arn, item?.resourceId]).toEqual([tableArn, 'tgw-rtb-1'])
    expect(item?.configuration).toEqual({
      Id: 'tgw-rtb-1',
      TransitGatewayId: 'tgw-1',
      State: 'available',
      DefaultAssociationRouteTable: true,
      DefaultPropagationRouteTable: true,
    })
    const to = (id: string) => [{ TransitGatewayAttachmentId: id, ResourceType: 'vpc', ResourceId: 'vpc-1' }]
    const member = (id: string, State: string) => ({ ...to(id)[0], State })
    expect(item?.supplementaryConfiguration).toEqual({
      routes: [
        {
          DestinationCidrBlock: '10.50.0.0/16',
          TransitGatewayAttachments: to('tgw-attach-hub'),
          Type: 'propagated',
          State: 'active',
        },
        {
          DestinationCidrBlock: '10.0.0.0/16',
          TransitGatewayAttachments: to('tgw-attach-1'),
          Type: 'propagated',
          State: 'active',
        },
        { DestinationCidrBlock: '192.168.0.0/16', Type: 'static', State: 'blackhole' },
      ],
      associations: [member('tgw-attach-1', 'associated'), member('tgw-attach-hub', 'associated')],
      propagations: [member('tgw-attach-1', 'enabled'), member('tgw-attach-hub', 'enabled')],
    })
  })

  it('holds nothing when it is empty', async () => {
    for (const part of [transit.routes, transit.associations, transit.propagations]) part.set('tgw-rtb-1', [])
    const reading = await read()
    expect(reading.gaps).toEqual([])
    expect(heldBy(reading)).toEqual({ routes: [], associations: [], propagations: [] })
  })

  it('has all of 2,500 routes when the search hands out pages', async () => {
    const many = Array.from({ length: 2_500 }, (_, n) => wireRoute(`10.${n >> 8}.${n & 255}.0/24`, 'tgw-attach-1'))
    transit.routes.set('tgw-rtb-1', many)
    const reading = await read()
    expect(reading.gaps).toEqual([])
    expect(heldBy(reading)?.routes).toHaveLength(2_500)
    expect(fake.calls.filter(({ operation }) => operation === 'SearchTransitGatewayRoutes')).toHaveLength(3)
  })

  it('has no routes when the search says that there are more, and a gap says so', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => wireRoute(`10.${n >> 8}.${n & 255}.0/24`, 'tgw-attach-1'))
    transit.routes.set('tgw-rtb-1', many)
    transit.searchPages = false
    const reading = await read()
    expect(Object.keys(heldBy(reading) ?? {})).toEqual(['associations', 'propagations'])
    expect(reading.gaps).toEqual([
      {
        resourceType: table,
        resourceArn: tableArn,
        reason: 'ec2:SearchTransitGatewayRoutes shows 1000 routes and says that there are more',
        transience: 'lasting',
      },
    ])
    expect(rowsOf(reading)).toEqual(allKnown)
  })

  it('has no routes when the search does not say whether there are more', async () => {
    failing('SearchTransitGatewayRoutes', { answer: { requestId: '1', routeSet: [] } })
    const reading = await read()
    expect(heldBy(reading)?.routes).toBeUndefined()
    expect(reading.gaps.map(({ reason }) => reason)).toEqual([
      'ec2:SearchTransitGatewayRoutes failed with MalformedAnswer',
    ])
  })

  it.each([
    ['SearchTransitGatewayRoutes', 'routes'],
    ['GetTransitGatewayRouteTableAssociations', 'associations'],
    ['GetTransitGatewayRouteTablePropagations', 'propagations'],
  ])('stays without the part that %s could not read, and has a gap', async (operation, part) => {
    failing(operation, { error: 'UnauthorizedOperation', status: 403 })
    const reading = await read()
    const left = ['routes', 'associations', 'propagations'].filter((one) => one !== part)
    expect(Object.keys(heldBy(reading) ?? {})).toEqual(left)
    expect(reading.gaps).toEqual([
      {
        resourceType: table,
        resourceArn: tableArn,
        reason: `ec2:${operation} failed with UnauthorizedOperation`,
        transience: 'lasting',
      },
    ])
    expect(rowsOf(reading)).toEqual(allKnown)
  })

  it.each([
    ['a route without a destination', 'routes', { type: 'static', state: 'active' }],
    ['a route to no attachment', 'routes', wireRoute('10.1.0.0/16', '', { transitGatewayAttachments: [{}] })],
    ['an association with nothing', 'associations', { state: 'associated' }],
    ['a propagation without a state', 'propagations', { transitGatewayAttachmentId: 'tgw-attach-1' }],
  ] as const)('has no such part when it shows %s', async (_name, part, entry) => {
    transit[part].get('tgw-rtb-1')?.push(entry)
    const reading = await read()
    expect(heldBy(reading)?.[part]).toBeUndefined()
    expect(reading.gaps.map(({ resourceArn, transience }) => [resourceArn, transience])).toEqual([
      [tableArn, 'passing'],
    ])
  })

  it.each(['SearchTransitGatewayRoutes', 'GetTransitGatewayRouteTableAssociations'])(
    'is left out when %s does not find it',
    async (operation) => {
      failing(operation, { error: 'InvalidRouteTableID.NotFound' })
      const reading = await read()
      expect(ofType(reading, table)).toEqual([])
      expect(reading.gaps).toEqual([])
      expect(rowsOf(reading)).toEqual(allKnown)
    },
  )

  it('that EC2 shows although it is deleted is left out and not asked for', async () => {
    transit.routeTables[0].state = 'deleted'
    expect(ofType(await read(), table)).toEqual([])
    expect(fake.calls.map(({ operation }) => operation)).not.toContain('SearchTransitGatewayRoutes')
  })

  it('names the prefix lists its routes lead to', async () => {
    const toList = (prefixListId: string, more: object = {}) =>
      wireRoute('', 'tgw-attach-1', { destinationCidrBlock: undefined, prefixListId, type: 'static', ...more })
    const expanded = { destinationCidrBlock: '10.9.0.0/16' }
    transit.routes.get('tgw-rtb-1')?.push(toList('pl-1'), toList('pl-2', expanded), toList('pl-1'))
    const { items } = await read()
    expect(prefixListIdsInTables(items)).toEqual(['pl-1'])
  })
})

describe('peerings', () => {
  it('are items with both sides and their status', async () => {
    const [item] = ofType(await read(), peering)
    expect(item?.arn).toBe(arnOf('vpc-peering-connection', 'pcx-1'))
    const side = (VpcId: string) => ({ VpcId, OwnerId: account, Region: 'eu-central-1' })
    expect(item?.configuration).toEqual({
      VpcPeeringConnectionId: 'pcx-1',
      RequesterVpcInfo: side('vpc-1'),
      AccepterVpcInfo: side('vpc-hub'),
      Status: { Code: 'active', Message: 'active' },
    })
  })

  it('that are over are kept, except those that never had two sides', async () => {
    const { accepterVpcInfo: _, ...oneSided } = wirePeering('pcx-3', 'vpc-3', 'failed')
    transit.peerings.push(wirePeering('pcx-2', 'vpc-2', 'deleted'), oneSided)
    expect(idsOf(await read(), peering)).toEqual(['pcx-1', 'pcx-2'])
  })
})

describe('all of it', () => {
  it('is read over as many pages as it takes', async () => {
    const whole = await read()
    const before = fake.calls.length
    transit.pageSize = 1
    expect(await read()).toEqual(whole)
    expect([before, fake.calls.length - before]).toEqual([7, 2 + 4 + 1 + 3 + 2 + 2 + 1])
  })

  it.each([
    ['DescribeTransitGatewayRouteTables', table],
    ['DescribeVpcPeeringConnections', peering],
  ])('leaves one type unknown when %s is denied', async (operation, type) => {
    failing(operation, { error: 'UnauthorizedOperation', status: 403 })
    const reading = await read()
    expect(ofType(reading, type)).toEqual([])
    expect(rowsOf(reading)).toEqual(types.map((one) => [one, one === type ? 'unknown' : 'known']))
    expect(reading.gaps).toEqual([
      { resourceType: type, reason: `ec2:${operation} failed with UnauthorizedOperation`, transience: 'lasting' },
    ])
  })

  const faults: readonly (readonly [string, Fault, string])[] = [
    ['is throttled', { error: 'RequestLimitExceeded', status: 503 }, 'RequestLimitExceeded'],
    ['answers nothing', { text: '' }, 'MalformedAnswer'],
    ['answers without its lists', { answer: { requestId: '1' } }, 'MalformedAnswer'],
    ['never answers', { hang: true }, 'AbortError'],
  ]
  it.each(faults)('is unknown and worth another try when EC2 %s', async (_name, fault, error) => {
    fake.state.plan = () => fault
    const reading = await read('hang' in fault ? { callTimeout: 100 } : {})
    expect(reading.items).toEqual([])
    expect(rowsOf(reading)).toEqual(types.map((type) => [type, 'unknown']))
    expect(new Set(reading.gaps.map(({ transience }) => transience))).toEqual(new Set(['passing']))
    expect(reading.gaps.every(({ reason }) => reason.endsWith(`failed with ${error}`))).toBe(true)
  })
})

it('every call has a permission and every permission a call', async () => {
  await read()
  expect(actionsCalled(fake)).toEqual(permissions.map(({ action }) => action).sort())
})

it('an association in progress is written as it is', async () => {
  transit.associations.set('tgw-rtb-1', [wireMember('tgw-attach-1', 'associating')])
  expect(heldBy(await read())?.associations).toMatchObject([{ State: 'associating' }])
})
