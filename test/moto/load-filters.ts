import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkAclEntryCommand,
  CreateSecurityGroupCommand,
  DescribeNetworkAclsCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type RuleAction,
} from '@aws-sdk/client-ec2'
import { make, type NetworkPlace, put, type Words } from './load-place.ts'

/** Puts security groups into moto; those named `default` are the ones it made with the VPCs. Rules may name any of them. */
export async function loadGroups(network: NetworkPlace): Promise<void> {
  const groups = network.wordsOf('SecurityGroup')
  for (const { groupId, groupName: GroupName, vpcId: VpcId } of groups) {
    const found = () => network.ec2.send(new DescribeSecurityGroupsCommand({ Filters: [vpcFilter(VpcId)] }))
    const created = () => network.ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName, Description: GroupName }))
    if (GroupName === 'default')
      await make(network, groupId, found, ({ SecurityGroups }) => SecurityGroups?.[0]?.GroupId)
    else await make(network, groupId, created, (output) => output.GroupId)
  }
  for (const group of groups) await loadRules(network, group)
}

/** Rules that moto gave the group go first. */
async function loadRules(network: NetworkPlace, { groupId: GroupId, ...group }: Words): Promise<void> {
  const { ec2 } = network
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }))
  const { IpPermissions: ingress = [], IpPermissionsEgress: egress = [] } = SecurityGroups?.[0] ?? {}
  const [wantedIn, wantedOut] = [group.ipPermissions, group.ipPermissionsEgress].map((list) => list.map(permission))
  const steps = [
    [ingress, (IpPermissions: IpPermission[]) => new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions })],
    [egress, (IpPermissions: IpPermission[]) => new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions })],
    [wantedIn, (IpPermissions: IpPermission[]) => new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions })],
    [wantedOut, (IpPermissions: IpPermission[]) => new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions })],
  ] as const
  for (const [permissions, command] of steps) {
    // biome-ignore lint/suspicious/noExplicitAny: one of four commands
    if (permissions.length > 0) await put(network, `rules ${GroupId}`, () => ec2.send(command(permissions) as any))
  }
}

function permission({ ipProtocol, fromPort, toPort, ipv4Ranges, ipv6Ranges, prefixListIds, userIdGroupPairs }: Words) {
  return {
    ...{ IpProtocol: ipProtocol, FromPort: fromPort, ToPort: toPort },
    IpRanges: ipv4Ranges.map(({ cidrIp: CidrIp }: Words) => ({ CidrIp })),
    Ipv6Ranges: ipv6Ranges.map(({ cidrIpv6: CidrIpv6 }: Words) => ({ CidrIpv6 })),
    PrefixListIds: prefixListIds.map(({ prefixListId: PrefixListId }: Words) => ({ PrefixListId })),
    UserIdGroupPairs: userIdGroupPairs.map(({ groupId: GroupId, userId: UserId }: Words) => ({ GroupId, UserId })),
  }
}

/** Network ACLs are those that moto made with the VPCs; entries are added to its own. */
export async function loadAcls(network: NetworkPlace): Promise<void> {
  const { ec2 } = network
  for (const { networkAclId: NetworkAclId, vpcId, entries } of network.wordsOf('NetworkAcl')) {
    const found = await ec2.send(new DescribeNetworkAclsCommand({ Filters: [vpcFilter(vpcId)] }))
    const [acl] = found.NetworkAcls ?? []
    await make(
      network,
      NetworkAclId,
      async () => acl,
      (one) => one?.NetworkAclId,
    )
    for (const entry of entries) {
      const has = acl?.Entries?.some((one) => one.RuleNumber === entry.ruleNumber && one.Egress === entry.egress)
      if (!has) await loadEntry(network, NetworkAclId, entry)
    }
  }
}

async function loadEntry(network: NetworkPlace, NetworkAclId: string, entry: Words): Promise<void> {
  const command = new CreateNetworkAclEntryCommand({
    NetworkAclId,
    RuleNumber: entry.ruleNumber,
    Protocol: entry.protocol,
    RuleAction: entry.ruleAction as RuleAction,
    Egress: entry.egress,
    CidrBlock: entry.cidrBlock,
    Ipv6CidrBlock: entry.ipv6CidrBlock,
    PortRange: entry.portRange && { From: entry.portRange.from, To: entry.portRange.to },
  })
  await put(network, `entry ${NetworkAclId}`, () => network.ec2.send(command))
}

function vpcFilter(vpcId: string) {
  return { Name: 'vpc-id', Values: [vpcId] }
}
