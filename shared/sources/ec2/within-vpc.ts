import {
  DescribeEgressOnlyInternetGatewaysCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  type Filter,
} from '@aws-sdk/client-ec2'
import type { JsonObject } from '../../model/json.ts'
import { type Listed, list, needVpc } from './listing.ts'
import { type Ec2Reader, ec2Item, filter, picked } from './reader.ts'

/** VPCs whose parts are read; undefined: all VPCs of the region. */
export type VpcChoice = readonly string[] | undefined

const inVpcs = (vpcIds: VpcChoice, name = 'vpc-id'): Filter[] | undefined =>
  vpcIds === undefined ? undefined : [filter(name, vpcIds)]

/** Every subnet the account sees, shared ones included: workloads name subnets, and only those tell in which VPC they are. */
export function listSubnets(reader: Ec2Reader): Promise<Listed> {
  const names = [
    ...(['SubnetId', 'VpcId', 'OwnerId', 'SubnetArn', 'State', 'AvailabilityZone', 'CidrBlock'] as const),
    ...(['Ipv6CidrBlockAssociationSet', 'Ipv6Native', 'EnableDns64', 'MapPublicIpOnLaunch'] as const),
  ]
  return list(reader, {
    type: 'AWS::EC2::Subnet',
    action: 'ec2:DescribeSubnets',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeSubnetsCommand({ MaxResults: 1000, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.Subnets, nextToken: output.NextToken }
    },
    item: (subnet) => {
      needVpc(subnet.VpcId, undefined)
      const identity = { id: subnet.SubnetId, ownerId: subnet.OwnerId, arn: subnet.SubnetArn }
      return ec2Item(reader, 'AWS::EC2::Subnet', 'subnet', identity, picked(subnet, names))
    },
  })
}

/** Every VPC endpoint the account sees: hosted zones lead to endpoints of other VPCs. Deleted ones, which linger, are left out. */
export function listEndpoints(reader: Ec2Reader): Promise<Listed> {
  const names = [
    ...(['VpcEndpointId', 'VpcEndpointType', 'VpcId', 'OwnerId', 'ServiceName', 'ServiceRegion', 'State'] as const),
    ...(['PolicyDocument', 'RouteTableIds', 'SubnetIds', 'Groups', 'PrivateDnsEnabled', 'DnsOptions'] as const),
    ...(['IpAddressType', 'RequesterManaged'] as const),
  ]
  return list(reader, {
    type: 'AWS::EC2::VPCEndpoint',
    action: 'ec2:DescribeVpcEndpoints',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeVpcEndpointsCommand({ MaxResults: 1000, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.VpcEndpoints, nextToken: output.NextToken }
    },
    item: (endpoint) => {
      needVpc(endpoint.VpcId, undefined)
      if (endpoint.State?.toLowerCase() === 'deleted') return undefined
      const identity = { id: endpoint.VpcEndpointId, ownerId: endpoint.OwnerId }
      return ec2Item(reader, 'AWS::EC2::VPCEndpoint', 'vpc-endpoint', identity, picked(endpoint, names))
    },
  })
}

/** Route tables with routes and associations. */
export function listRouteTables(reader: Ec2Reader, vpcIds: VpcChoice): Promise<Listed> {
  return list(reader, {
    type: 'AWS::EC2::RouteTable',
    action: 'ec2:DescribeRouteTables',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeRouteTablesCommand({ Filters: inVpcs(vpcIds), MaxResults: 100, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.RouteTables, nextToken: output.NextToken }
    },
    item: (table) => {
      needVpc(table.VpcId, vpcIds)
      const configuration = picked(table, ['RouteTableId', 'VpcId', 'OwnerId', 'Routes', 'Associations'])
      const identity = { id: table.RouteTableId, ownerId: table.OwnerId }
      return ec2Item(reader, 'AWS::EC2::RouteTable', 'route-table', identity, configuration)
    },
  })
}

/** Security groups with their rules. */
export function listSecurityGroups(reader: Ec2Reader, vpcIds: VpcChoice): Promise<Listed> {
  return securityGroups(reader, inVpcs(vpcIds), vpcIds)
}

/** The security groups with these ids, of any VPC the account sees; those of other accounts are not among them. */
export function listNamedGroups(reader: Ec2Reader, groupIds: readonly string[]): Promise<Listed> {
  return securityGroups(reader, [filter('group-id', groupIds)], undefined)
}

function securityGroups(reader: Ec2Reader, Filters: Filter[] | undefined, vpcIds: VpcChoice): Promise<Listed> {
  const names = ['GroupId', 'GroupName', 'VpcId', 'OwnerId', 'IpPermissions', 'IpPermissionsEgress'] as const
  return list(reader, {
    type: 'AWS::EC2::SecurityGroup',
    action: 'ec2:DescribeSecurityGroups',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeSecurityGroupsCommand({ Filters, MaxResults: 1000, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.SecurityGroups, nextToken: output.NextToken }
    },
    item: (group) => {
      needVpc(group.VpcId, vpcIds)
      const identity = { id: group.GroupId, ownerId: group.OwnerId }
      return ec2Item(reader, 'AWS::EC2::SecurityGroup', 'security-group', identity, picked(group, names))
    },
  })
}

/** Network ACLs with their entries and associations. */
export function listNetworkAcls(reader: Ec2Reader, vpcIds: VpcChoice): Promise<Listed> {
  const names = ['NetworkAclId', 'VpcId', 'OwnerId', 'IsDefault', 'Entries', 'Associations'] as const
  return list(reader, {
    type: 'AWS::EC2::NetworkAcl',
    action: 'ec2:DescribeNetworkAcls',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeNetworkAclsCommand({ Filters: inVpcs(vpcIds), MaxResults: 1000, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.NetworkAcls, nextToken: output.NextToken }
    },
    item: (acl) => {
      needVpc(acl.VpcId, vpcIds)
      const identity = { id: acl.NetworkAclId, ownerId: acl.OwnerId }
      return ec2Item(reader, 'AWS::EC2::NetworkAcl', 'network-acl', identity, picked(acl, names))
    },
  })
}

/** NAT gateways; deleted ones, which EC2 shows for an hour, are left out. */
export function listNatGateways(reader: Ec2Reader, vpcIds: VpcChoice): Promise<Listed> {
  const names = ['NatGatewayId', 'VpcId', 'SubnetId', 'ConnectivityType', 'AvailabilityMode', 'State'] as const
  return list(reader, {
    type: 'AWS::EC2::NatGateway',
    action: 'ec2:DescribeNatGateways',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeNatGatewaysCommand({ Filter: inVpcs(vpcIds), MaxResults: 1000, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.NatGateways, nextToken: output.NextToken }
    },
    item: (nat) => {
      needVpc(nat.VpcId, vpcIds)
      if (nat.State === 'deleted') return undefined
      return ec2Item(reader, 'AWS::EC2::NatGateway', 'natgateway', { id: nat.NatGatewayId }, picked(nat, names))
    },
  })
}

/** Internet gateways that are attached. */
export function listInternetGateways(reader: Ec2Reader, vpcIds: VpcChoice): Promise<Listed> {
  return list(reader, {
    type: 'AWS::EC2::InternetGateway',
    action: 'ec2:DescribeInternetGateways',
    page: async (NextToken, abortSignal) => {
      const Filters = inVpcs(vpcIds, 'attachment.vpc-id')
      const output = await reader.client.send(
        new DescribeInternetGatewaysCommand({ Filters, MaxResults: 1000, NextToken }),
        { abortSignal },
      )
      return { entries: output.InternetGateways, nextToken: output.NextToken }
    },
    item: (gateway) => {
      const configuration = picked(gateway, ['InternetGatewayId', 'OwnerId', 'Attachments'])
      const identity = { id: gateway.InternetGatewayId, ownerId: gateway.OwnerId }
      return ec2Item(reader, 'AWS::EC2::InternetGateway', 'internet-gateway', identity, configuration)
    },
  })
}

/** Every egress-only internet gateway of the account: EC2 filters them by tags only. */
export function listEgressOnlyInternetGateways(reader: Ec2Reader): Promise<Listed> {
  const type = 'AWS::EC2::EgressOnlyInternetGateway'
  return list(reader, {
    type,
    action: 'ec2:DescribeEgressOnlyInternetGateways',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeEgressOnlyInternetGatewaysCommand({ MaxResults: 255, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.EgressOnlyInternetGateways, nextToken: output.NextToken }
    },
    item: (gateway): JsonObject => {
      const configuration = picked(gateway, ['EgressOnlyInternetGatewayId', 'Attachments'])
      const identity = { id: gateway.EgressOnlyInternetGatewayId }
      return ec2Item(reader, type, 'egress-only-internet-gateway', identity, configuration)
    },
  })
}
