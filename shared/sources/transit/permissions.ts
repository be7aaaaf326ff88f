import type { ReadPermission } from '../permission.ts'

const attachments = ['AWS::EC2::TransitGatewayAttachment', 'AWS::EC2::TransitGatewayVpcAttachment'] as const
const tables = ['AWS::EC2::TransitGatewayRouteTable'] as const

/** Every IAM action of this source. Most take no resource, and attachments lead to transit gateways of other accounts. */
export const permissions = [
  { action: 'ec2:DescribeTransitGatewayVpcAttachments', resource: '*', reads: attachments },
  { action: 'ec2:DescribeTransitGatewayAttachments', resource: '*', reads: attachments },
  { action: 'ec2:DescribeTransitGatewayRouteTables', resource: '*', reads: tables },
  { action: 'ec2:SearchTransitGatewayRoutes', resource: '*', reads: tables },
  { action: 'ec2:GetTransitGatewayRouteTableAssociations', resource: '*', reads: tables },
  { action: 'ec2:GetTransitGatewayRouteTablePropagations', resource: '*', reads: tables },
  { action: 'ec2:DescribeVpcPeeringConnections', resource: '*', reads: ['AWS::EC2::VPCPeeringConnection'] },
] as const satisfies readonly ReadPermission[]
