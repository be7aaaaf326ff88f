import {
  AssociateDhcpOptionsCommand,
  CreateDhcpOptionsCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeManagedPrefixListsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
} from '@aws-sdk/client-ec2'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import { loadAcls, loadGroups } from './load-filters.ts'
import { apiWords, make, type NetworkPlace, ofType, type Place, put, type Words } from './load-place.ts'
import { loadEndpoints, loadGateways, loadRouteTables } from './load-routes.ts'
import { mendNetworks } from './mend-networks.ts'

/** Puts the networks of a region into moto. Everything keeps its id: what moto calls it, the overlay alone knows. */
export async function loadNetworks(place: Place, items: readonly ConfigurationItem[]): Promise<void> {
  const ec2 = new EC2Client({ ...place, maxAttempts: 1 })
  const wordsOf = (type: string) =>
    ofType(items, `AWS::EC2::${type}`).map((item) => ({
      ...apiWords(item.configuration),
      ...item.supplementaryConfiguration,
    }))
  const network = { ...place, ec2, wordsOf }
  await takeDefaultVpc(network)
  await loadDhcpOptions(network)
  for (const vpc of wordsOf('VPC')) await loadVpc(network, vpc)
  const shared = await loadSharedVpcs(network)
  for (const subnet of wordsOf('Subnet')) await loadSubnet(network, subnet)
  await loadPrefixLists(network)
  await loadGateways(network)
  await loadGroups(network)
  await loadRouteTables(network)
  await loadEndpoints(network)
  await loadAcls(network)
  loadBlockPublicAccess(network)
  mendNetworks(network, shared)
}

/** moto gives every region a default VPC: it becomes that of the items, with their subnets, or goes. */
async function takeDefaultVpc({ ec2, overlay, accountId, wordsOf }: NetworkPlace): Promise<void> {
  const subnets = await ec2.send(new DescribeSubnetsCommand({}))
  for (const { SubnetId } of subnets.Subnets ?? []) await ec2.send(new DeleteSubnetCommand({ SubnetId }))
  const vpcs = await ec2.send(new DescribeVpcsCommand({}))
  const [wanted] = wordsOf('VPC').filter(({ isDefault }) => isDefault)
  for (const { VpcId = '' } of vpcs.Vpcs ?? []) {
    if (wanted === undefined) await ec2.send(new DeleteVpcCommand({ VpcId }))
    else overlay.rename(accountId, wanted.vpcId, VpcId)
  }
}

async function loadDhcpOptions(network: NetworkPlace): Promise<void> {
  for (const { dhcpOptionsId, domainName, domainNameServers } of network.wordsOf('DHCPOptions')) {
    const DhcpConfigurations = [
      { Key: 'domain-name', Values: [domainName] },
      { Key: 'domain-name-servers', Values: domainNameServers },
    ]
    const send = () => network.ec2.send(new CreateDhcpOptionsCommand({ DhcpConfigurations }))
    await make(network, dhcpOptionsId, send, (output) => output.DhcpOptions?.DhcpOptionsId)
  }
}

async function loadVpc(network: NetworkPlace, vpc: Words): Promise<void> {
  const { vpcId: VpcId, cidrBlock: CidrBlock, dhcpOptionsId: DhcpOptionsId } = vpc
  const { ec2 } = network
  if (!vpc.isDefault) {
    const AmazonProvidedIpv6CidrBlock = vpc.ipv6CidrBlockAssociationSet?.length > 0
    const send = () => ec2.send(new CreateVpcCommand({ CidrBlock, AmazonProvidedIpv6CidrBlock }))
    await make(network, VpcId, send, (output) => output.Vpc?.VpcId)
  }
  await put(network, `options ${VpcId}`, () => ec2.send(new AssociateDhcpOptionsCommand({ VpcId, DhcpOptionsId })))
  const attributes = [
    { EnableDnsSupport: { Value: vpc.enableDnsSupport } },
    { EnableDnsHostnames: { Value: vpc.enableDnsHostnames } },
  ]
  for (const attribute of attributes) {
    await put(network, `attribute ${VpcId}`, () => ec2.send(new ModifyVpcAttributeCommand({ VpcId, ...attribute })))
  }
}

/** A VPC that another account shares: moto holds one of this account in its place. @returns ids of such VPCs */
async function loadSharedVpcs(network: NetworkPlace): Promise<readonly string[]> {
  const own = new Set(network.wordsOf('VPC').map(({ vpcId }) => vpcId))
  const shared = new Map(network.wordsOf('Subnet').map(({ vpcId, cidrBlock }) => [vpcId, cidrBlock]))
  for (const vpcId of own) shared.delete(vpcId)
  for (const [vpcId, CidrBlock] of shared) {
    const send = () => network.ec2.send(new CreateVpcCommand({ CidrBlock }))
    await make(network, vpcId, send, (output) => output.Vpc?.VpcId)
  }
  return [...shared.keys()]
}

async function loadSubnet(network: NetworkPlace, subnet: Words): Promise<void> {
  const { ec2 } = network
  const input = {
    VpcId: subnet.vpcId,
    AvailabilityZone: subnet.availabilityZone,
    CidrBlock: subnet.cidrBlock,
    Ipv6CidrBlock: subnet.ipv6CidrBlockAssociationSet?.[0]?.ipv6CidrBlock,
    Ipv6Native: subnet.ipv6Native,
  }
  const send = () => ec2.send(new CreateSubnetCommand(input))
  await make(network, subnet.subnetId, send, (output) => output.Subnet?.SubnetId)
  const change = { SubnetId: subnet.subnetId, MapPublicIpOnLaunch: { Value: subnet.mapPublicIpOnLaunch } }
  await put(network, `attribute ${subnet.subnetId}`, () => ec2.send(new ModifySubnetAttributeCommand(change)))
}

/** AWS's own lists, which moto has as well. */
async function loadPrefixLists(network: NetworkPlace): Promise<void> {
  const { PrefixLists = [] } = await network.ec2.send(new DescribeManagedPrefixListsCommand({}))
  for (const { prefixListId, prefixListName } of network.wordsOf('PrefixList')) {
    const same = async () => PrefixLists.find(({ PrefixListName }) => PrefixListName === prefixListName)
    await make(network, prefixListId, same, (list) => list?.PrefixListId)
  }
}

function loadBlockPublicAccess({ overlay, accountId, region, wordsOf }: NetworkPlace): void {
  const { ec2 } = overlay.world(accountId, region).state
  for (const { internetGatewayBlockMode } of wordsOf('VPCBlockPublicAccessOptions')) {
    ec2.blockMode = internetGatewayBlockMode
  }
}
