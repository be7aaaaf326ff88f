// biome-ignore-all lint/suspicious/noExplicitAny: wire forms
import { emptyTransit, type FakeTransit } from '../../support/fake-aws/transit.ts'

/** The account that reads. */
export const account = '111122223333'
/** An account that attached a VPC to the transit gateway of the account that reads. */
export const spokeAccount = '444455556666'

/** A VPC's attachment to `tgw-1` as its own list shows it. */
export function wireVpcAttachment(id: string, vpcId: string, subnetIds: readonly string[], more: object = {}): any {
  return {
    transitGatewayAttachmentId: id,
    transitGatewayId: 'tgw-1',
    vpcId,
    vpcOwnerId: account,
    state: 'available',
    subnetIds,
    options: { dnsSupport: 'enable', ipv6Support: 'disable' },
    tagSet: [],
    ...more,
  }
}

/** An attachment to `tgw-1` as the list of all shows it. */
export function wireAttachment(id: string, resourceType: string, resourceId: string, more: object = {}): any {
  return {
    transitGatewayAttachmentId: id,
    transitGatewayId: 'tgw-1',
    transitGatewayOwnerId: account,
    resourceOwnerId: account,
    resourceType,
    resourceId,
    state: 'available',
    ...more,
  }
}

/** A route of a transit gateway to an attachment. */
export function wireRoute(destinationCidrBlock: string, attachmentId: string, more: object = {}): any {
  return {
    destinationCidrBlock,
    transitGatewayAttachments: [{ transitGatewayAttachmentId: attachmentId, resourceType: 'vpc', resourceId: 'vpc-1' }],
    type: 'propagated',
    state: 'active',
    ...more,
  }
}

/** An association or propagation. */
export function wireMember(attachmentId: string, state: string): any {
  return { transitGatewayAttachmentId: attachmentId, resourceId: 'vpc-1', resourceType: 'vpc', state }
}

/** A peering of `vpc-1` with a VPC of the same account and region. */
export function wirePeering(vpcPeeringConnectionId: string, accepterVpcId: string, code = 'active'): any {
  const side = (vpcId: string) => ({ vpcId, ownerId: account, region: 'eu-central-1' })
  return {
    vpcPeeringConnectionId,
    requesterVpcInfo: side('vpc-1'),
    accepterVpcInfo: side(accepterVpcId),
    status: { code, message: code },
  }
}

/**
 * `tgw-1` joins `vpc-1` and `vpc-hub` of the account, a VPC of another account and a VPN; `pcx-1` joins `vpc-1` and `vpc-hub`.
 */
export function joinedNetworks(): FakeTransit {
  const transit = emptyTransit()
  transit.vpcAttachments.push(
    wireVpcAttachment('tgw-attach-1', 'vpc-1', ['subnet-1']),
    wireVpcAttachment('tgw-attach-hub', 'vpc-hub', ['subnet-hub']),
  )
  transit.attachments.push(
    wireAttachment('tgw-attach-1', 'vpc', 'vpc-1'),
    wireAttachment('tgw-attach-hub', 'vpc', 'vpc-hub'),
    wireAttachment('tgw-attach-spoke', 'vpc', 'vpc-spoke', { resourceOwnerId: spokeAccount }),
    wireAttachment('tgw-attach-vpn', 'vpn', 'vpn-1'),
  )
  transit.routeTables.push({
    transitGatewayRouteTableId: 'tgw-rtb-1',
    transitGatewayId: 'tgw-1',
    state: 'available',
    defaultAssociationRouteTable: true,
    defaultPropagationRouteTable: true,
  })
  transit.routes.set('tgw-rtb-1', [
    wireRoute('10.50.0.0/16', 'tgw-attach-hub'),
    wireRoute('10.0.0.0/16', 'tgw-attach-1'),
    { destinationCidrBlock: '192.168.0.0/16', type: 'static', state: 'blackhole' },
  ])
  transit.associations.set(
    'tgw-rtb-1',
    ['tgw-attach-1', 'tgw-attach-hub'].map((id) => wireMember(id, 'associated')),
  )
  transit.propagations.set(
    'tgw-rtb-1',
    ['tgw-attach-1', 'tgw-attach-hub'].map((id) => wireMember(id, 'enabled')),
  )
  transit.peerings.push(wirePeering('pcx-1', 'vpc-hub'))
  return transit
}
