import type { Subnet } from '../inventory/network.ts'
import { type AddressRange, merged, rangesOf } from './addresses.ts'

/** The other side of a connection as a filter or a route sees it: its address is one of `ranges`, and which is not known. */
export interface Target {
  /** Equal targets have equal keys. */
  readonly key: string
  /** For sentences: `any public address`, `subnet-1 (10.0.1.0/24)`. */
  readonly label: string
  /** Of one IP version, sorted and joined. */
  readonly ranges: readonly AddressRange[]
  /**
   * `subnets`: an interface in them; `prefixList`: exactly these; `anyPublic`, `anyPrivate`: somewhere in there, so rules
   * that except a small part leave the answer as it is, by assumption.
   */
  readonly kind: 'subnets' | 'prefixList' | 'anyPublic' | 'anyPrivate'
  /** The AWS prefix list that stands for the target: `com.amazonaws.eu-central-1.s3`. */
  readonly prefixService?: string
  /** Security groups of the other side; undefined when not known, empty when it has none. */
  readonly groupIds: readonly string[] | undefined
  /** The fact that decides whether rules which name groups of the other side count; undefined: they do. */
  readonly referencesNeed?: string
}

/** Interfaces in some subnets. Undefined when a subnet has no address of the version. */
export function subnetTarget(
  subnets: readonly Subnet[],
  version: 4 | 6,
  groupIds: readonly string[] | undefined,
): Target | undefined {
  const cidrs = subnets.map((subnet) => (version === 4 ? subnet.cidr : subnet.ipv6Cidrs[0]))
  const ranges = merged(rangesOf(cidrs.filter((cidr) => cidr !== undefined)), version)
  if (ranges.length === 0 || cidrs.includes(undefined)) return undefined
  const label = subnets.map(({ id }, index) => `${id} (${cidrs[index]})`).join(', ')
  const key = `${label}|${groupIds?.join(',') ?? '?'}`
  return { key, label, ranges, kind: 'subnets', groupIds }
}

/** The same target behind something that honours references to security groups only under a condition. */
export function withReferences(target: Target, referencesNeed: string | undefined): Target {
  return referencesNeed === undefined ? target : { ...target, key: `${target.key}|${referencesNeed}`, referencesNeed }
}

/** Hosts on the internet; `prefixService` when an AWS prefix list holds them although its entries are not known. */
export function publicTarget(version: 4 | 6, prefixService?: string): Target {
  const ranges = version === 4 ? publicIpv4() : rangesOf(['2000::/3'])
  const key = `public${version}|${prefixService ?? ''}`
  const target = { key, label: 'any public address', ranges, kind: 'anyPublic', groupIds: [] } as const
  return prefixService === undefined ? target : { ...target, prefixService }
}

/** The entries of an AWS prefix list. */
export function prefixListTarget(prefixService: string, ranges: readonly AddressRange[]): Target {
  const key = `prefix|${prefixService}`
  return { key, label: `the addresses of ${prefixService}`, ranges, kind: 'prefixList', prefixService, groupIds: [] }
}

/** IPv4 hosts as DNS64 presents them to an IPv6-only interface. */
export function nat64Target(): Target {
  return {
    key: 'nat64',
    label: '64:ff9b::/96',
    ranges: rangesOf(['64:ff9b::/96']),
    kind: 'anyPublic',
    groupIds: [],
  }
}

/** Some host in a private network whose address is not known. */
export function privateTarget(): Target {
  const ranges = merged(rangesOf(privateBlocks), 4)
  return { key: 'private', label: 'any private address', ranges, kind: 'anyPrivate', groupIds: undefined }
}

const privateBlocks = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'] as const
const reservedBlocks = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'] as const

/** Everything between the private and reserved blocks. */
function publicIpv4(): readonly AddressRange[] {
  const gaps: AddressRange[] = []
  let next = 0n
  for (const { start, end } of merged(rangesOf([...privateBlocks, ...reservedBlocks]), 4)) {
    if (start > next) gaps.push({ version: 4, start: next, end: start - 1n })
    next = end + 1n
  }
  return gaps
}
