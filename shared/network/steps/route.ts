import type { Route, RouteTable, Subnet } from '../../inventory/network.ts'
import { compileRoutes, type Fate, fatesOf, type RouteMap } from '../route-lookup.ts'
import type { Target } from '../target.ts'
import type { Topology } from '../topology.ts'
import { type Answer, dependsOn, passes, stops } from './answer.ts'
import { isFew } from './network-acl.ts'

/** Where a subnet's effective route table leads a target. */
export type Way =
  | {
      readonly kind: 'route'
      readonly table: RouteTable
      readonly route: Route
      readonly assumptions: readonly string[]
    }
  | { readonly kind: 'none'; readonly table: RouteTable; readonly assumptions: readonly string[] }
  /** Not known, or parts of the target lead to different places. */
  | { readonly kind: 'open'; readonly table: RouteTable | undefined; readonly answer: Answer }

/** The longest prefix match of a target that may have many addresses. */
export function wayTo(topology: Topology, subnet: Subnet, target: Target): Way {
  const fact = topology.routeTableOf(subnet)
  if (fact.state !== 'known') return { kind: 'open', table: undefined, answer: notKnown(`route table of ${subnet.id}`) }
  const table = fact.value
  const way = topology.remember(`way|${table.id}|${target.key}`, () => {
    const map = routeMapOf(topology, table)
    return map === undefined
      ? ({ kind: 'open', table, answer: notKnown(`routes of ${table.id}`) } as const)
      : decide(topology, table, map, target)
  })
  return way.kind === 'open' || fact.assumptions.length === 0
    ? way
    : { ...way, assumptions: [...way.assumptions, ...fact.assumptions] }
}

/** All routes of a subnet's effective table; undefined when not known. */
export function routesOf(topology: Topology, subnet: Subnet): readonly Route[] | undefined {
  const table = topology.routeTableOf(subnet)
  if (table.state !== 'known' || table.value.routes.state !== 'known') return undefined
  return table.value.routes.value
}

/** The way to interfaces in the same VPC: the local route, unless a more specific one sends the traffic elsewhere. */
export function localRouteStep(topology: Topology, subnet: Subnet, target: Target): Answer {
  const fact = topology.routeTableOf(subnet)
  const local = passes('route', 'local', `Addresses of ${subnet.vpcId} are reached by its local route`)
  if (fact.state !== 'known') return dependsOnTable(subnet)
  const table = fact.value
  return topology.remember(`local|${table.id}|${target.key}`, () => {
    const map = routeMapOf(topology, table)
    if (map === undefined) return notKnown(`routes of ${table.id}`)
    const detours = fatesOf(map, target).filter(isDetour)
    const [first] = detours
    if (first?.route === undefined) return local
    const { route } = first
    if (route.state !== 'blackhole') return appliance(table, route, target.label)
    const whole = detours.length === 1 && fatesOf(map, target).length === 1
    if (whole) return blackhole(table, route, target.label)
    return dependsOn('route', 'split-routes', `${table.id} drops a part of ${target.label}`, [
      `address in ${target.label}`,
    ])
  })
}

/** No VPC is wider than a /16, so a wider route is less specific than the local one. */
function isDetour({ route, span }: Fate): boolean {
  if (route === undefined || route.target.kind === 'local') return false
  return 'cidr' in route.destination && route.destination.cidr.includes(':') ? span <= 1n << 84n : span <= 65_536n
}

function dependsOnTable(subnet: Subnet): Answer {
  return notKnown(`route table of ${subnet.id}`)
}

function notKnown(missing: string): Answer {
  return dependsOn('route', 'route-table-unknown', `The ${missing} is not known`, [missing])
}

/** A route that drops what it matches. */
export function blackhole(table: RouteTable, route: Route, label: string): Answer {
  return stops('route', 'blackhole', `The route of ${table.id} to ${label} by ${route.target.id} is a blackhole`, {
    evidence: [routeEvidence(table, route)],
    fix: `Replace the blackhole route ${destinationText(route)} of route table ${table.id}`,
  })
}

/** A route to something whose forwarding the configuration does not show. */
export function appliance(table: RouteTable, route: Route, label: string): Answer {
  const { id, kind } = route.target
  const reason = `${table.id} leads ${label} to ${id} (${kind}), whose own configuration is not known`
  return dependsOn('route', 'route-elsewhere', reason, [`what ${id} does with traffic to ${label}`], {
    evidence: [routeEvidence(table, route)],
  })
}

/** Quotes a route. */
export function routeEvidence(table: RouteTable, route: Route): { readonly source: string; readonly detail: string } {
  return { source: `route table ${table.id}`, detail: `${destinationText(route)} to ${route.target.id}` }
}

function destinationText({ destination }: Route): string {
  return 'cidr' in destination ? destination.cidr : destination.prefixListId
}

function routeMapOf(topology: Topology, table: RouteTable): RouteMap | undefined {
  const { routes } = table
  if (routes.state !== 'known') return undefined
  return topology.remember(`routes|${table.id}`, () => {
    const vpc = topology.vpc(table.vpcId)
    const locals = [...(vpc?.cidrs ?? []), ...(vpc?.ipv6Cidrs ?? [])].map(localRoute)
    return compileRoutes([...locals, ...routes.value], (id) => topology.prefixList(id))
  })
}

/** Every table has it, whether or not the item names it. */
function localRoute(cidr: string): Route {
  return { destination: { cidr }, target: { kind: 'local', id: 'local' }, state: 'active' }
}

function decide(topology: Topology, table: RouteTable, map: RouteMap, target: Target): Way {
  const fates = fatesOf(map, target).filter(
    ({ route }) => route?.target.kind !== 'local' && !isOfOtherService(topology, route, target),
  )
  const opaque = map.openLists.find(({ service }) => service === undefined)
  if (opaque !== undefined) return split(table, target, `entries of prefix list ${opaque.id}`)
  const own = map.openLists.find(({ service }) => service !== undefined && service === target.prefixService)
  if (own !== undefined) return byOpenList(table, own.route, own.id, fates)
  const [main, ...others] = fates
  let elsewhere = 0n
  for (const { addresses } of others) elsewhere += addresses
  if (elsewhere > 0n && !isFew(elsewhere, target)) return split(table, target, addressesOf(target))
  const assumptions =
    elsewhere > 0n ? [`assumes that the few public addresses ${table.id} routes elsewhere are not needed`] : []
  const route = main?.route
  return route === undefined ? { kind: 'none', table, assumptions } : { kind: 'route', table, route, assumptions }
}

/** Lists of AWS hold the addresses of their own service only. */
function isOfOtherService(topology: Topology, route: Route | undefined, { prefixService }: Target): boolean {
  if (route === undefined || !('prefixListId' in route.destination)) return false
  const { service } = topology.prefixList(route.destination.prefixListId)
  return service !== undefined && service !== prefixService
}

/** A static route wins over an entry of the list only when it is as specific; lists of AWS have no entry as wide as a /8. */
function byOpenList(table: RouteTable, route: Route, id: string, fates: readonly Fate[]): Way {
  const rival = fates.find((fate) => fate.route !== undefined && fate.route !== route && fate.span < 1n << 24n)
  if (rival === undefined) return { kind: 'route', table, route, assumptions: [] }
  const missing = `entries of prefix list ${id}`
  const reason = `A route of ${table.id} to ${rival.route?.target.id} may be more specific than ${id}`
  return { kind: 'open', table, answer: dependsOn('route', 'split-routes', reason, [missing]) }
}

function split(table: RouteTable, target: Target, missing: string): Way {
  const reason = `${table.id} leads parts of ${target.label} to different places`
  return { kind: 'open', table, answer: dependsOn('route', 'split-routes', reason, [missing]) }
}

function addressesOf({ kind, prefixService, label }: Target): string {
  return kind === 'anyPublic' && prefixService !== undefined
    ? `entries of prefix list ${prefixService}`
    : `addresses in ${label}`
}
