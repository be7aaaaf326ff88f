import { describe, expect, it } from 'vitest'
import { absent, known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { internetGateway, inventoryOf, natGateway, route, routeTable } from '../support/builders.ts'

const table = (configuration: JsonObject) => inventoryOf([routeTable({ configuration })]).network.routeTables[0]!
const targetOf = (raw: JsonObject) => {
  const { routes } = table({ routes: [{ destinationCidrBlock: '0.0.0.0/0', state: 'active', ...raw }] })
  return routes.state === 'known' ? routes.value[0]!.target : routes
}

describe('route tables', () => {
  it('name their subnets and whether they are the main one', () => {
    const { network } = inventoryOf([
      routeTable({ main: true }),
      routeTable({ id: 'rtb-2', subnets: ['subnet-1', 'subnet-2'] }),
    ])
    expect(network.routeTables.map(({ id, vpcId, associations }) => [id, vpcId, associations])).toEqual([
      ['rtb-1', 'vpc-1', known({ isMain: true, subnetIds: [], gatewayIds: [] })],
      ['rtb-2', 'vpc-1', known({ isMain: false, subnetIds: ['subnet-1', 'subnet-2'], gatewayIds: [] })],
    ])
  })

  it('name gateways whose traffic they route, and forget associations that are over', () => {
    const { associations } = table({
      associations: [
        { main: false, gatewayId: 'igw-1', associationState: { state: 'associated' } },
        { main: false, subnetId: 'subnet-1', associationState: { state: 'disassociated' } },
        { main: false, subnetId: 'subnet-2', associationState: { state: { value: 'failed' } } },
        { main: false, subnetId: 'subnet-3' },
      ],
    })
    expect(associations).toEqual(known({ isMain: false, subnetIds: ['subnet-3'], gatewayIds: ['igw-1'] }))
  })

  it('have routes to CIDRs of either family and to prefix lists, active or not', () => {
    const routes = [
      route('0.0.0.0/0', 'nat-1'),
      route('::/0', 'eigw-1'),
      route('pl-s3', 'vpce-s3'),
      route('10.9.0.0/16', 'pcx-1', 'blackhole'),
    ]
    expect(inventoryOf([routeTable({ routes })]).network.routeTables[0]!.routes).toEqual(
      known([
        { destination: { cidr: '10.0.0.0/16' }, target: { kind: 'local', id: 'local' }, state: 'active' },
        { destination: { cidr: '0.0.0.0/0' }, target: { kind: 'natGateway', id: 'nat-1' }, state: 'active' },
        { destination: { cidr: '::/0' }, target: { kind: 'egressOnlyInternetGateway', id: 'eigw-1' }, state: 'active' },
        { destination: { prefixListId: 'pl-s3' }, target: { kind: 'vpcEndpoint', id: 'vpce-s3' }, state: 'active' },
        { destination: { cidr: '10.9.0.0/16' }, target: { kind: 'vpcPeering', id: 'pcx-1' }, state: 'blackhole' },
      ]),
    )
  })

  it.each<[JsonObject, string, string]>([
    [{ gatewayId: 'local' }, 'local', 'local'],
    [{ gatewayId: 'igw-1' }, 'internetGateway', 'igw-1'],
    [{ gatewayId: 'vgw-1' }, 'virtualPrivateGateway', 'vgw-1'],
    [{ gatewayId: 'vpce-1' }, 'vpcEndpoint', 'vpce-1'],
    [{ gatewayId: 'wonder-1' }, 'unknown', 'wonder-1'],
    [{ natGatewayId: 'nat-1' }, 'natGateway', 'nat-1'],
    [{ vpcEndpointId: 'vpce-2' }, 'vpcEndpoint', 'vpce-2'],
    [{ transitGatewayId: 'tgw-1' }, 'transitGateway', 'tgw-1'],
    [{ vpcPeeringConnectionId: 'pcx-1' }, 'vpcPeering', 'pcx-1'],
    [{ egressOnlyInternetGatewayId: 'eigw-1' }, 'egressOnlyInternetGateway', 'eigw-1'],
    [{ instanceId: 'i-1', networkInterfaceId: 'eni-1' }, 'instance', 'i-1'],
    [{ networkInterfaceId: 'eni-1' }, 'networkInterface', 'eni-1'],
    [{ carrierGatewayId: 'cagw-1' }, 'carrierGateway', 'cagw-1'],
    [{ localGatewayId: 'lgw-1' }, 'localGateway', 'lgw-1'],
    [
      { coreNetworkArn: 'arn:aws:networkmanager::1:core-network/c' },
      'coreNetwork',
      'arn:aws:networkmanager::1:core-network/c',
    ],
    [{ gatewayId: '', natGatewayId: 'nat-1' }, 'natGateway', 'nat-1'],
    [{ somethingNew: 'x-1' }, 'unknown', ''],
  ])('a route with %j leads to %s', (raw, kind, id) => {
    expect(targetOf(raw)).toEqual({ kind, id })
  })

  it.each<[string, JsonValue]>([
    ['routes are missing', null],
    ['a route has no destination', [{ gatewayId: 'igw-1', state: 'active' }]],
    ['a destination is no CIDR', [{ destinationCidrBlock: '0.0.0.0', gatewayId: 'igw-1', state: 'active' }]],
    ['a route has no state', [{ destinationCidrBlock: '0.0.0.0/0', gatewayId: 'igw-1' }]],
    ['a route is no object', ['0.0.0.0/0']],
  ])('do not know their routes when %s', (_name, routes) => {
    expect(table({ routes }).routes).toEqual(unknown('the routes of rtb-1 are missing or unreadable'))
  })

  it('leave out a route that a route server offers and the table does not use', () => {
    const routes = [{ destinationCidrBlock: '0.0.0.0/0', gatewayId: 'igw-1', state: { value: 'filtered' } }]
    expect(table({ routes }).routes).toEqual(known([]))
  })

  it('do not know their subnets when associations are missing or name nothing', () => {
    expect(table({ associations: null }).associations).toMatchObject({ state: 'unknown' })
    expect(table({ associations: [{ main: false }] }).associations).toMatchObject({ state: 'unknown' })
    expect(table({ associations: [] }).associations.state).toBe('known')
  })
})

describe('gateways', () => {
  it('NAT gateways are public or private, in a subnet or regional, in a state of small letters', () => {
    const parts = [
      natGateway(),
      natGateway({ id: 'nat-2', connectivity: 'private', state: 'Deleting', subnet: 'subnet-9' }),
      natGateway({ id: 'nat-3', subnet: null }),
      natGateway({ id: 'nat-4', configuration: { subnetId: null, connectivityType: null, state: 'pending' } }),
      natGateway({
        id: 'nat-5',
        configuration: { connectivityType: null, natGatewayAddresses: [{ allocationId: 'eipalloc-1' }] },
      }),
      natGateway({
        id: 'nat-6',
        configuration: { connectivityType: null, natGatewayAddresses: [{ privateIp: '10.0.9.7' }] },
      }),
    ]
    const rows = inventoryOf(parts).network.natGateways.map((nat) => [
      nat.id,
      nat.subnetId,
      nat.connectivity,
      nat.state,
    ])
    expect(rows).toEqual([
      ['nat-1', known('subnet-public'), 'public', 'available'],
      ['nat-2', known('subnet-9'), 'private', 'deleting'],
      ['nat-3', absent(), 'public', 'available'],
      ['nat-4', unknown('the subnet of nat-4 is missing'), undefined, 'pending'],
      ['nat-5', known('subnet-public'), 'public', 'available'],
      ['nat-6', known('subnet-public'), undefined, 'available'],
    ])
  })

  it('internet gateways and egress-only ones name the VPCs they are attached to', () => {
    const parts = [internetGateway(), internetGateway({ egressOnly: true }), internetGateway({ id: 'igw-2', vpcs: [] })]
    const rows = inventoryOf(parts).network.internetGateways.map(({ id, egressOnly, vpcIds }) => [
      id,
      egressOnly,
      vpcIds,
    ])
    expect(rows).toEqual([
      ['igw-1', false, ['vpc-1']],
      ['igw-2', false, []],
      ['eigw-1', true, ['vpc-1']],
    ])
  })
})
