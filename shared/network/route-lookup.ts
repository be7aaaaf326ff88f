import type { Route } from '../inventory/network.ts'
import { type AddressRange, firstEndingAt, rangeOf } from './addresses.ts'
import type { Target } from './target.ts'
import type { ResolvedPrefixList } from './topology.ts'

/** A route table made ready for longest prefix match. */
export interface RouteMap {
  /** Disjoint and sorted: for each address the most specific route. */
  readonly segments: { readonly 4: readonly Segment[]; readonly 6: readonly Segment[] }
  /** Routes to prefix lists whose entries are not known. */
  readonly openLists: readonly { readonly id: string; readonly service: string | undefined; readonly route: Route }[]
}

interface Segment extends AddressRange {
  readonly route: Route
  /** Addresses of the route's own CIDR. */
  readonly span: bigint
}

/** Where some of the target's addresses lead; no route drops them. */
export interface Fate {
  readonly route: Route | undefined
  readonly addresses: bigint
  /** Addresses of the widest CIDR that leads there. */
  readonly span: bigint
}

/** Prepares a table; time grows with n log n. */
export function compileRoutes(routes: readonly Route[], listOf: (id: string) => ResolvedPrefixList): RouteMap {
  const ranges: (AddressRange & { readonly route: Route })[] = []
  const openLists: RouteMap['openLists'][number][] = []
  // Lists first: of equal CIDRs the later one wins, and a static route beats an entry of a list.
  for (const route of routes) {
    if (!('prefixListId' in route.destination)) continue
    const id = route.destination.prefixListId
    const list = listOf(id)
    if (list.ranges === undefined) openLists.push({ id, service: list.service, route })
    for (const range of list.ranges ?? []) ranges.push({ ...range, route })
  }
  for (const route of routes) {
    const range = 'cidr' in route.destination ? rangeOf(route.destination.cidr) : undefined
    if (range !== undefined) ranges.push({ ...range, route })
  }
  return { segments: { 4: flatten(ranges, 4), 6: flatten(ranges, 6) }, openLists }
}

/** Where the addresses of a target lead, the most addresses first. */
export function fatesOf(map: RouteMap, target: Target): readonly Fate[] {
  const fates = new Map<string, Fate>()
  for (const range of target.ranges) follow(map.segments[range.version], range, fates)
  return [...fates.values()].sort((a, b) => (a.addresses === b.addresses ? 0 : a.addresses > b.addresses ? -1 : 1))
}

function follow(segments: readonly Segment[], range: AddressRange, fates: Map<string, Fate>): void {
  let next = range.start
  for (let index = firstEndingAt(segments, range.start); index < segments.length; index += 1) {
    const segment = segments[index]
    if (segment === undefined || segment.start > range.end) break
    if (segment.start > next) add(fates, undefined, segment.start - next, 0n)
    const start = segment.start > next ? segment.start : next
    const end = segment.end < range.end ? segment.end : range.end
    add(fates, segment.route, end - start + 1n, segment.span)
    next = end + 1n
  }
  if (next <= range.end) add(fates, undefined, range.end - next + 1n, 0n)
}

/** Routes to the same place count as one. */
function add(fates: Map<string, Fate>, route: Route | undefined, addresses: bigint, span: bigint): void {
  const key = route === undefined ? '' : `${route.state}|${route.target.kind}|${route.target.id}`
  const before = fates.get(key)
  fates.set(key, {
    route: before?.route ?? route,
    addresses: (before?.addresses ?? 0n) + addresses,
    span: before !== undefined && before.span > span ? before.span : span,
  })
}

/** CIDRs nest or are apart, so a stack of the open ones gives the innermost for every address. */
function flatten(all: readonly (AddressRange & { readonly route: Route })[], version: 4 | 6): readonly Segment[] {
  const sorted = all.filter((range) => range.version === version).sort(outerFirst)
  const flat: Segment[] = []
  const open: (AddressRange & { readonly route: Route })[] = []
  let next = 0n
  const closeUpTo = (limit: bigint): void => {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const end = top.end < limit - 1n ? top.end : limit - 1n
      if (end >= next) flat.push({ version, start: next, end, route: top.route, span: top.end - top.start + 1n })
      if (end >= next) next = end + 1n
      if (top.end >= limit) return
      open.pop()
    }
  }
  for (const range of sorted) {
    closeUpTo(range.start)
    next = range.start
    open.push(range)
  }
  closeUpTo(1n << 129n)
  return flat
}

function outerFirst(a: AddressRange, b: AddressRange): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1
  return a.end === b.end ? 0 : a.end > b.end ? -1 : 1
}
