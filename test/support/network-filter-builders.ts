import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { type EstatePart, home } from './estate.ts'
import { homeVpc, networkItem } from './network-item.ts'

/** A security group that lets nothing in and everything out, unless rules say otherwise. */
export function securityGroup(
  options: {
    readonly id?: string
    readonly vpc?: string
    readonly name?: string
    readonly ingress?: readonly JsonObject[]
    readonly egress?: readonly JsonObject[]
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const id = options.id ?? 'sg-1'
  return networkItem('AWS::EC2::SecurityGroup', id, 'security-group', {
    ownerId: home.accountId,
    groupId: id,
    groupName: options.name ?? id,
    vpcId: options.vpc ?? homeVpc,
    ipPermissions: options.ingress ?? [],
    ipPermissionsEgress: options.egress ?? [allTraffic('0.0.0.0/0')],
    ...options.configuration,
  })
}

/** A rule for TCP port 443; peers are CIDRs, groups (`sg-…`) or prefix lists (`pl-…`). */
export function https(...peers: readonly string[]): JsonObject {
  return permission('tcp', [443, 443], ...peers)
}

/** A rule for every protocol. */
export function allTraffic(...peers: readonly string[]): JsonObject {
  return permission('-1', undefined, ...peers)
}

/** A rule of a security group as AWS Config writes it: IPv4 ranges twice. */
export function permission(
  protocol: string,
  ports: readonly [number, number] | undefined,
  ...peers: readonly string[]
): JsonObject {
  const groups = peers.filter((peer) => peer.startsWith('sg-'))
  const lists = peers.filter((peer) => peer.startsWith('pl-'))
  const ranges = peers.filter((peer) => /^[0-9a-f.:]+\/\d+$/.test(peer))
  const ipv4 = ranges.filter((range) => !range.includes(':'))
  return {
    ipProtocol: protocol,
    ...(ports === undefined ? {} : { fromPort: ports[0], toPort: ports[1] }),
    ipRanges: ipv4,
    ipv4Ranges: ipv4.map((cidrIp) => ({ cidrIp })),
    ipv6Ranges: ranges.filter((range) => range.includes(':')).map((cidrIpv6) => ({ cidrIpv6 })),
    prefixListIds: lists.map((prefixListId) => ({ prefixListId })),
    userIdGroupPairs: groups.map((groupId) => ({ groupId, userId: home.accountId })),
  }
}

/** A network ACL; without entries it is as AWS makes the default one: everything passes. */
export function networkAcl(
  options: {
    readonly id?: string
    readonly vpc?: string
    readonly isDefault?: boolean
    readonly subnets?: readonly string[]
    readonly entries?: readonly JsonObject[]
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const id = options.id ?? 'acl-1'
  const open = [aclEntry({ egress: true }), aclEntry({ egress: false })]
  const closing = [true, false].map((egress) => aclEntry({ egress, number: 32767, action: 'deny' }))
  return networkItem('AWS::EC2::NetworkAcl', id, 'network-acl', {
    networkAclId: id,
    vpcId: options.vpc ?? homeVpc,
    isDefault: options.isDefault ?? options.entries === undefined,
    entries: [...(options.entries ?? open), ...closing],
    associations: (options.subnets ?? []).map((subnetId) => ({ networkAclId: id, subnetId })),
    ownerId: home.accountId,
    ...options.configuration,
  })
}

/** An entry; by default number 100, which lets every protocol pass to or from 0.0.0.0/0. */
export function aclEntry(options: {
  readonly egress: boolean
  readonly number?: number
  readonly action?: 'allow' | 'deny'
  readonly protocol?: string
  readonly ports?: readonly [number, number]
  readonly cidr?: string
}): JsonObject {
  const cidr = options.cidr ?? '0.0.0.0/0'
  const ports: JsonObject =
    options.ports === undefined ? {} : { portRange: { from: options.ports[0], to: options.ports[1] } }
  const family: Readonly<Record<string, JsonValue>> = cidr.includes(':') ? { ipv6CidrBlock: cidr } : { cidrBlock: cidr }
  return {
    ruleNumber: options.number ?? 100,
    protocol: options.protocol ?? (options.ports === undefined ? '-1' : '6'),
    ruleAction: options.action ?? 'allow',
    egress: options.egress,
    ...family,
    ...ports,
  }
}
