import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../shared/model/json.ts'
import { ecrApi } from '../../shared/network/destinations.ts'
import { reach } from '../../shared/network/reach.ts'
import { topologyOf } from '../../shared/network/topology.ts'
import { transitOf } from '../../shared/network/transit.ts'
import {
  type EstatePart,
  elsewhere,
  home,
  hostedZone,
  https,
  interfaceEndpoint,
  inventoryOf,
  networkAcl,
  privateVpc,
  route,
  routeTable,
  securityGroup,
  subnet,
  transitGatewayAttachment,
  transitGatewayRouteTable,
  vpc,
  vpcPeering,
} from '../support/builders.ts'

const hubAccount = { accountId: '444455556666' }
const api = 'api.ecr.eu-central-1.amazonaws.com'

/** Image pulls of `subnet-1` by an endpoint of `vpc-hub`, which `via` leads to. */
function hubAndSpoke(via: string, ...joint: readonly EstatePart[]): readonly EstatePart[] {
  return [
    ...privateVpc({
      with: [routeTable({ id: 'rtb-1', main: true, routes: [route('10.50.0.0/16', via)] })],
      without: ['vpce-ecr-api', 'vpce-ecr-dkr', 'vpce-s3'],
    }),
    vpc({ id: 'vpc-hub', cidr: '10.50.0.0/16' }),
    subnet({ id: 'subnet-hub', vpc: 'vpc-hub', cidr: '10.50.1.0/24' }),
    routeTable({
      id: 'rtb-hub',
      vpc: 'vpc-hub',
      main: true,
      configuration: { routes: [route('10.50.0.0/16', 'local'), route('10.0.0.0/16', via)] },
    }),
    networkAcl({ id: 'acl-hub', vpc: 'vpc-hub', subnets: ['subnet-hub'] }),
    securityGroup({ id: 'sg-hub', vpc: 'vpc-hub', ingress: [https('10.0.0.0/8')] }),
    interfaceEndpoint({
      id: 'vpce-0a1',
      vpc: 'vpc-hub',
      subnets: ['subnet-hub'],
      groups: ['sg-hub'],
      privateDns: false,
    }),
    hostedZone({ name: api, records: [[api, 'alias', `vpce-0a1-q1w2.${api}`]] }),
    ...joint,
  ]
}

const attachment = (id: string): JsonObject => ({ TransitGatewayAttachmentId: id, ResourceType: 'vpc' })
const transitRoute = (cidr: string, id: string): JsonObject => ({
  DestinationCidrBlock: cidr,
  TransitGatewayAttachments: [attachment(id)],
  Type: 'propagated',
  State: 'active',
})
const associated = (id: string): JsonObject => ({ ...attachment(id), State: 'associated' })

const transitGateway = [
  transitGatewayAttachment(),
  transitGatewayAttachment({ id: 'tgw-attach-hub', vpc: 'vpc-hub', subnets: ['subnet-hub'] }),
  transitGatewayRouteTable({
    id: 'tgw-rtb-1',
    routes: [transitRoute('10.50.0.0/16', 'tgw-attach-hub'), transitRoute('10.0.0.0/16', 'tgw-attach-1')],
    associations: [associated('tgw-attach-1'), associated('tgw-attach-hub')],
  }),
]

function verdictOf(parts: readonly EstatePart[]): string {
  const source = { scope: home, subnetId: 'subnet-1', securityGroupIds: ['sg-1'], hasPublicIp: false, usesIpv6: false }
  return reach(topologyOf(inventoryOf(parts)), source, ecrApi(home.region)).verdict
}

describe('an inventory that holds both sides', () => {
  it('shows a way over a transit gateway', () => {
    expect(verdictOf(hubAndSpoke('tgw-1', ...transitGateway))).toBe('reachable')
    expect(verdictOf(hubAndSpoke('tgw-1'))).toBe('unknown')
  })

  it('shows a way over a peering', () => {
    expect(verdictOf(hubAndSpoke('pcx-1', vpcPeering({ accepter: 'vpc-hub' })))).toBe('reachable')
    expect(verdictOf(hubAndSpoke('pcx-1'))).toBe('unknown')
  })
})

describe('the joints of networks', () => {
  const seenByHub = elsewhere(
    transitGatewayAttachment({
      state: 'available',
      configuration: { VpcId: null, SubnetIds: null, ResourceType: 'vpc', ResourceId: 'vpc-1' },
    }),
    hubAccount,
  )

  it.each([
    ['first', [seenByHub, transitGatewayAttachment()]],
    ['last', [transitGatewayAttachment(), seenByHub]],
  ])('put together what two accounts say of an attachment, that of the transit gateway %s', (_order, parts) => {
    const { attachments } = transitOf(topologyOf(inventoryOf(parts)))
    expect([...attachments.values()]).toMatchObject([
      { id: 'tgw-attach-1', vpcId: 'vpc-1', state: 'available', subnetIds: { state: 'known', value: ['subnet-1'] } },
    ])
  })

  it('are made once', () => {
    const topology = topologyOf(inventoryOf([transitGatewayAttachment()]))
    expect(transitOf(topology)).toBe(transitOf(topology))
  })
})
