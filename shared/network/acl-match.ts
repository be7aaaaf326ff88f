import type { NetworkAclEntry } from '../inventory/network.ts'
import { type AddressRange, rangeOf } from './addresses.ts'
import { type PortRange, tcpPortsOf } from './ports.ts'

/** Addresses times ports. */
interface Box {
  readonly start: bigint
  readonly end: bigint
  readonly from: number
  readonly to: number
}

/** A TCP entry of one direction and IP version. */
export interface AclEntry extends Box {
  readonly action: 'allow' | 'deny'
}

/** What an access list does with a set of packets. */
export type AclVerdict =
  | { readonly kind: 'allow' | 'deny' }
  /** `deniedAddresses`: how many addresses have a denied port, at most. */
  | { readonly kind: 'mixed'; readonly deniedAddresses: bigint }

/** Beyond this many pieces the search stops cutting; the answer may then be `mixed` where it is not, never the reverse. */
const maxPieces = 256

/** The TCP entries of one direction and IP version, by rule number. */
export function compileEntries(
  entries: readonly NetworkAclEntry[],
  egress: boolean,
  version: 4 | 6,
): readonly AclEntry[] {
  return entries
    .filter((entry) => entry.egress === egress)
    .sort((a, b) => a.ruleNumber - b.ruleNumber)
    .flatMap((entry) => {
      const cidr = version === 4 ? entry.cidr : entry.ipv6Cidr
      const range = cidr === undefined ? undefined : rangeOf(cidr)
      const ports = tcpPortsOf(entry)
      if (range?.version !== version || ports === undefined) return []
      return [{ action: entry.action, start: range.start, end: range.end, ...ports }]
    })
}

/** Follows packets to and from `addresses` on `ports` through the entries: the first match decides, no match denies. */
export function judgePackets(
  entries: readonly AclEntry[],
  addresses: readonly AddressRange[],
  ports: PortRange,
): AclVerdict {
  let left: readonly Box[] = addresses.map(({ start, end }) => ({ start, end, ...ports }))
  let allowed = false
  let denied = 0n
  for (const entry of entries) {
    const rest: Box[] = []
    for (const box of left) {
      const hit = overlap(box, entry)
      if (hit === undefined) {
        rest.push(box)
        continue
      }
      if (entry.action === 'allow') allowed = true
      else denied += hit.end - hit.start + 1n
      if (left.length < maxPieces) rest.push(...without(box, hit))
      else if (!isSame(box, hit)) rest.push(box)
    }
    left = rest
    if (left.length === 0) break
  }
  for (const { start, end } of left) denied += end - start + 1n
  if (denied === 0n) return { kind: 'allow' }
  return allowed ? { kind: 'mixed', deniedAddresses: denied } : { kind: 'deny' }
}

function overlap(a: Box, b: Box): Box | undefined {
  const start = a.start > b.start ? a.start : b.start
  const end = a.end < b.end ? a.end : b.end
  const from = Math.max(a.from, b.from)
  const to = Math.min(a.to, b.to)
  return start > end || from > to ? undefined : { start, end, from, to }
}

/** What is left of a box when a part is cut out. */
function without(box: Box, part: Box): readonly Box[] {
  const pieces: Box[] = []
  if (box.start < part.start) pieces.push({ ...box, end: part.start - 1n })
  if (box.end > part.end) pieces.push({ ...box, start: part.end + 1n })
  const { start, end } = part
  if (box.from < part.from) pieces.push({ start, end, from: box.from, to: part.from - 1 })
  if (box.to > part.to) pieces.push({ start, end, from: part.to + 1, to: box.to })
  return pieces
}

function isSame(a: Box, b: Box): boolean {
  return a.start === b.start && a.end === b.end && a.from === b.from && a.to === b.to
}
