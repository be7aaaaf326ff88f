import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { type EstatePart, home, stated } from './estate.ts'
import { homeVpc, networkItem } from './network-item.ts'

/** The attachment `tgw-attach-1` of `vpc-1` to `tgw-1` by `subnet-1`, as AWS Config records it: without a state. */
export function transitGatewayAttachment(
  options: {
    readonly id?: string
    readonly type?: 'TransitGatewayAttachment' | 'TransitGatewayVpcAttachment'
    readonly transitGateway?: string
    readonly vpc?: string
    readonly subnets?: readonly string[]
    readonly state?: string
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const id = options.id ?? 'tgw-attach-1'
  return networkItem(`AWS::EC2::${options.type ?? 'TransitGatewayAttachment'}`, id, 'transit-gateway-attachment', {
    Id: id,
    TransitGatewayId: options.transitGateway ?? 'tgw-1',
    VpcId: options.vpc ?? homeVpc,
    SubnetIds: options.subnets ?? ['subnet-1'],
    ...stated({ State: options.state }),
    ...options.configuration,
  })
}

/** The route table `tgw-rtb-1` of `tgw-1`; `held: 'notRead'` is a table of which only the id is known. */
export function transitGatewayRouteTable(
  options: {
    readonly id?: string
    readonly transitGateway?: string
    readonly routes?: readonly JsonValue[]
    readonly associations?: readonly JsonValue[]
    readonly propagations?: readonly JsonValue[]
    readonly held?: 'notRead'
  } = {},
): EstatePart {
  const id = options.id ?? 'tgw-rtb-1'
  const { routes = [], associations = [], propagations = [] } = options
  return networkItem(
    'AWS::EC2::TransitGatewayRouteTable',
    id,
    'transit-gateway-route-table',
    { Id: id, TransitGatewayId: options.transitGateway ?? 'tgw-1' },
    options.held === 'notRead' ? {} : { routes, associations, propagations },
  )
}

/** The active peering `pcx-1` that `vpc-1` asked `vpc-2` of the same account and region for. */
export function vpcPeering(
  options: {
    readonly id?: string
    readonly requester?: string
    readonly accepter?: string
    readonly status?: JsonValue
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const id = options.id ?? 'pcx-1'
  const side = (vpcId: string) => ({ vpcId, ownerId: home.accountId, region: home.region })
  return networkItem('AWS::EC2::VPCPeeringConnection', id, 'vpc-peering-connection', {
    vpcPeeringConnectionId: id,
    requesterVpcInfo: side(options.requester ?? homeVpc),
    accepterVpcInfo: side(options.accepter ?? 'vpc-2'),
    status: options.status ?? { code: 'active', message: 'Active' },
    ...options.configuration,
  })
}
