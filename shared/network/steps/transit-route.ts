import type {
  Route,
  TransitGatewayAttachment,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
} from '../../inventory/network.ts'
import { compileRoutes, fatesOf, type RouteMap } from '../route-lookup.ts'
import type { Target } from '../target.ts'
import type { Topology } from '../topology.ts'
import { transitOf } from '../transit.ts'
import { type Answer, dependsOn, passes, stops } from './answer.ts'

/** Whether a transit gateway leads `target` from one attachment to another, by the route table of the first. */
export function transitRouteStep(
  topology: Topology,
  from: TransitGatewayAttachment,
  to: TransitGatewayAttachment,
  target: Target,
): Answer {
  const tables = transitOf(topology).tablesOf.get(from.id) ?? []
  const [table] = tables
  if (table === undefined || tables.length > 1) {
    const missing = `association of ${from.id} with a route table of ${from.transitGatewayId}`
    return dependsOn('route', 'transit-association-unknown', `The ${missing} is not known`, [missing])
  }
  const compiled = topology.remember(`transit|${table.id}`, () => compile(topology, table))
  if (compiled === undefined) return notKnown(`routes of ${table.id}`)
  return follow(table, compiled, to, target)
}

/** The routes, and what may add more of them. */
interface Compiled {
  readonly map: RouteMap
  readonly doubt: string | undefined
}

/** A table's answer to a search holds propagated routes; one that was put together from parts leaves them to the VPCs. */
function compile(topology: Topology, table: TransitGatewayRouteTable): Compiled | undefined {
  if (table.routes.state !== 'known') return undefined
  const propagated = table.routes.value.filter(({ origin }) => origin === 'propagated')
  const implied = propagated.length > 0 ? { routes: [], doubt: undefined } : impliedRoutes(topology, table)
  const stated = table.routes.value.filter(({ origin }) => origin === 'static')
  // Of equal CIDRs the later one wins, and a static route beats a propagated one.
  const routes = [...implied.routes, ...[...propagated, ...stated].map(asRoute)]
  return { map: compileRoutes(routes, (id) => topology.prefixList(id)), doubt: implied.doubt }
}

function asRoute({ destination, attachmentIds, state }: TransitGatewayRoute): Route {
  return { destination, target: { kind: 'unknown', id: [...attachmentIds].sort().join(', ') }, state }
}

function impliedRoutes(
  topology: Topology,
  { id: tableId, propagations }: TransitGatewayRouteTable,
): { readonly routes: readonly Route[]; readonly doubt: string | undefined } {
  if (propagations.state !== 'known') return { routes: [], doubt: `propagations of ${tableId}` }
  const routes: Route[] = []
  let doubt: string | undefined
  for (const id of propagations.value) {
    const vpcId = transitOf(topology).attachments.get(id)?.vpcId
    const cidrs = vpcId === undefined ? [] : (topology.vpc(vpcId)?.cidrs ?? [])
    if (cidrs.length === 0) doubt = `routes that ${id} propagates to ${tableId}`
    for (const cidr of cidrs) routes.push({ destination: { cidr }, target: { kind: 'unknown', id }, state: 'active' })
  }
  return { routes, doubt }
}

function follow(
  table: TransitGatewayRouteTable,
  { map, doubt }: Compiled,
  to: TransitGatewayAttachment,
  target: Target,
): Answer {
  const open = map.openLists[0]
  if (open !== undefined) return notKnown(`entries of prefix list ${open.id}`)
  const fates = fatesOf(map, target)
  const route = fates[0]?.route
  if (fates.length > 1) {
    const reason = `${table.id} leads parts of ${target.label} to different places`
    return dependsOn('route', 'split-routes', reason, [`addresses in ${target.label}`])
  }
  if (doubt !== undefined && route?.target.id !== to.id) return notKnown(doubt)
  if (route === undefined || route.state === 'blackhole') return closed(table, route, to, target)
  if (route.target.id === to.id) {
    return passes('route', 'transit-route', `${table.id} leads ${target.label} to ${to.id}`, {
      evidence: [{ source: `transit gateway route table ${table.id}`, detail: `${target.label} to ${to.id}` }],
    })
  }
  const reason = `${table.id} leads ${target.label} to ${route.target.id}, not to ${to.id}`
  return dependsOn('route', 'transit-route-elsewhere', reason, [
    `what ${route.target.id} does with traffic to ${target.label}`,
  ])
}

function closed(
  table: TransitGatewayRouteTable,
  route: Route | undefined,
  to: TransitGatewayAttachment,
  target: Target,
): Answer {
  const where = `transit gateway route table ${table.id}`
  if (route === undefined) {
    return stops('route', 'no-transit-route', `${table.id} has no route to ${target.label}`, {
      fix: `Add a route to ${target.label} by ${to.id} to ${where}`,
    })
  }
  return stops('route', 'transit-blackhole', `The route of ${table.id} to ${target.label} is a blackhole`, {
    fix: `Replace the blackhole route to ${target.label} of ${where} by one to ${to.id}`,
  })
}

function notKnown(missing: string): Answer {
  return dependsOn('route', 'transit-routes-unknown', `The ${missing} are not known`, [missing])
}
