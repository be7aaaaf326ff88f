import { parseCidr } from 'cidr-tools'

/** Consecutive addresses of one IP version, both ends included. */
export interface AddressRange {
  readonly version: 4 | 6
  readonly start: bigint
  readonly end: bigint
}

/** How much of some addresses a set holds. */
export type Coverage = 'all' | 'some' | 'none'

/** The range of a CIDR or a single address; undefined when the text is neither. */
export function rangeOf(cidr: string): AddressRange | undefined {
  if (cidr.length > 64) return undefined
  try {
    const { version, start, end, prefix } = parseCidr(cidr)
    return Number(prefix) <= (version === 4 ? 32 : 128) ? { version, start, end } : undefined
  } catch {
    // The parser throws on anything that is no address.
    return undefined
  }
}

/** The ranges of those texts that are CIDRs. */
export function rangesOf(cidrs: readonly string[]): readonly AddressRange[] {
  return cidrs.flatMap((cidr) => rangeOf(cidr) ?? [])
}

/** Sorted, of one version, overlapping and touching ones joined. */
export function merged(ranges: readonly AddressRange[], version: 4 | 6): readonly AddressRange[] {
  const sorted = ranges.filter((range) => range.version === version).sort(byStart)
  const joined: AddressRange[] = []
  for (const range of sorted) {
    const last = joined.at(-1)
    if (last === undefined || range.start > last.end + 1n) joined.push(range)
    else if (range.end > last.end) joined[joined.length - 1] = { ...last, end: range.end }
  }
  return joined
}

/** How much of `target` lies in `holder`, which must come from `merged`. */
export function coverageOf(holder: readonly AddressRange[], target: readonly AddressRange[]): Coverage {
  let whole = 0
  let touched = 0
  for (const range of target) {
    const found = holder[firstEndingAt(holder, range.start)]
    if (found === undefined || found.start > range.end || found.version !== range.version) continue
    touched += 1
    if (found.start <= range.start && found.end >= range.end) whole += 1
  }
  if (touched === 0) return 'none'
  return whole === target.length ? 'all' : 'some'
}

/** Index of the first range that ends at or after an address, by halving; the length when there is none. */
export function firstEndingAt(ranges: readonly { readonly end: bigint }[], address: bigint): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const range = ranges[middle]
    if (range !== undefined && range.end < address) low = middle + 1
    else high = middle
  }
  return low
}

/** Number of addresses. */
export function sizeOf(ranges: readonly AddressRange[]): bigint {
  let size = 0n
  for (const { start, end } of ranges) size += end - start + 1n
  return size
}

function byStart(a: AddressRange, b: AddressRange): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1
  return a.end === b.end ? 0 : a.end > b.end ? -1 : 1
}
