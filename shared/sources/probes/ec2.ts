import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling'
import {
  DescribeDhcpOptionsCommand,
  DescribeEgressOnlyInternetGatewaysCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTransitGatewayAttachmentsCommand,
  DescribeTransitGatewayRouteTablesCommand,
  DescribeTransitGatewayVpcAttachmentsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcBlockPublicAccessExclusionsCommand,
  DescribeVpcBlockPublicAccessOptionsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  GetManagedPrefixListEntriesCommand,
  GetTransitGatewayRouteTableAssociationsCommand,
  GetTransitGatewayRouteTablePropagationsCommand,
  SearchTransitGatewayRoutesCommand,
} from '@aws-sdk/client-ec2'
import type { Probe, ProbeCall, SampleKind } from './probe.ts'
import { probe } from './probe.ts'

/** EC2 says this to a permitted caller that asked for a dry run. */
const permitted = 'DryRunOperation'
const dry = { DryRun: true }

const dryRun = (send: (call: ProbeCall) => Promise<unknown>): Probe => probe(send, permitted)
const dryRunOn = (sample: SampleKind, send: (call: ProbeCall) => Promise<unknown>): Probe => ({
  send,
  after: [permitted],
  sample,
})

/** EC2 and Auto Scaling, by dry runs where there are any. */
export const ec2Probes = {
  'ec2:DescribeRegions': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeRegionsCommand({ ...dry, AllRegions: true }), options),
  ),
  'ec2:DescribeVpcs': dryRun(({ clients, options }) => clients.ec2.send(new DescribeVpcsCommand(dry), options)),
  'ec2:DescribeVpcAttribute': dryRunOn('vpc', ({ clients, options, id }) =>
    clients.ec2.send(new DescribeVpcAttributeCommand({ ...dry, VpcId: id, Attribute: 'enableDnsSupport' }), options),
  ),
  'ec2:DescribeSubnets': dryRun(({ clients, options }) => clients.ec2.send(new DescribeSubnetsCommand(dry), options)),
  'ec2:DescribeRouteTables': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeRouteTablesCommand(dry), options),
  ),
  'ec2:DescribeSecurityGroups': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeSecurityGroupsCommand(dry), options),
  ),
  'ec2:DescribeNetworkAcls': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeNetworkAclsCommand(dry), options),
  ),
  'ec2:DescribeVpcEndpoints': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeVpcEndpointsCommand(dry), options),
  ),
  'ec2:DescribeNatGateways': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeNatGatewaysCommand(dry), options),
  ),
  'ec2:DescribeInternetGateways': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeInternetGatewaysCommand(dry), options),
  ),
  'ec2:DescribeEgressOnlyInternetGateways': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeEgressOnlyInternetGatewaysCommand(dry), options),
  ),
  'ec2:DescribeDhcpOptions': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeDhcpOptionsCommand(dry), options),
  ),
  'ec2:DescribeManagedPrefixLists': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeManagedPrefixListsCommand(dry), options),
  ),
  'ec2:GetManagedPrefixListEntries': dryRunOn('prefix list', ({ clients, options, id }) =>
    clients.ec2.send(new GetManagedPrefixListEntriesCommand({ ...dry, PrefixListId: id }), options),
  ),
  'ec2:DescribeVpcBlockPublicAccessOptions': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeVpcBlockPublicAccessOptionsCommand(dry), options),
  ),
  'ec2:DescribeVpcBlockPublicAccessExclusions': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeVpcBlockPublicAccessExclusionsCommand(dry), options),
  ),
  'ec2:DescribeLaunchTemplateVersions': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeLaunchTemplateVersionsCommand({ ...dry, Versions: ['$Latest'] }), options),
  ),
  'autoscaling:DescribeAutoScalingGroups': probe(({ clients, options }) =>
    clients.autoScaling.send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 1 }), options),
  ),
} as const

const table = 'transit gateway route table'

/** Transit gateways and peerings. */
export const transitProbes = {
  'ec2:DescribeTransitGatewayVpcAttachments': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeTransitGatewayVpcAttachmentsCommand(dry), options),
  ),
  'ec2:DescribeTransitGatewayAttachments': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeTransitGatewayAttachmentsCommand(dry), options),
  ),
  'ec2:DescribeTransitGatewayRouteTables': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeTransitGatewayRouteTablesCommand(dry), options),
  ),
  'ec2:SearchTransitGatewayRoutes': dryRunOn(table, ({ clients, options, id }) =>
    clients.ec2.send(
      new SearchTransitGatewayRoutesCommand({
        ...dry,
        TransitGatewayRouteTableId: id,
        Filters: [{ Name: 'state', Values: ['active'] }],
      }),
      options,
    ),
  ),
  'ec2:GetTransitGatewayRouteTableAssociations': dryRunOn(table, ({ clients, options, id }) =>
    clients.ec2.send(
      new GetTransitGatewayRouteTableAssociationsCommand({ ...dry, TransitGatewayRouteTableId: id }),
      options,
    ),
  ),
  'ec2:GetTransitGatewayRouteTablePropagations': dryRunOn(table, ({ clients, options, id }) =>
    clients.ec2.send(
      new GetTransitGatewayRouteTablePropagationsCommand({ ...dry, TransitGatewayRouteTableId: id }),
      options,
    ),
  ),
  'ec2:DescribeVpcPeeringConnections': dryRun(({ clients, options }) =>
    clients.ec2.send(new DescribeVpcPeeringConnectionsCommand(dry), options),
  ),
} as const
