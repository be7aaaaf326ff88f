import type { Route, VpcEndpoint } from '../../inventory/network.ts'
import type { CentralEndpoints } from '../../model/settings.ts'
import { type JudgedPath, judgedPath } from '../judged-path.ts'
import { serves } from '../names.ts'
import { type SourceSide, sourceFilters } from '../source-side.ts'
import { type Answer, dependsOn, passes, stops } from '../steps/answer.ts'
import { endpointStep } from '../steps/endpoint.ts'
import { appliance, blackhole, routesOf, wayTo } from '../steps/route.ts'
import { privateTarget, type Target } from '../target.ts'
import type { Destination } from '../types.ts'
import { type Crossing, crossingTo } from './between-networks.ts'
import { interfaceAnswers } from './endpoint-interfaces.ts'

const hubKinds: ReadonlySet<Route['target']['kind']> = new Set([
  'transitGateway',
  'vpcPeering',
  'virtualPrivateGateway',
  'coreNetwork',
  'localGateway',
  'unknown',
])

/** The first statement of the settings that covers a VPC and a destination. */
export function statedFor(
  statements: readonly CentralEndpoints[],
  vpcId: string,
  { kind, serviceName, region }: Destination,
): CentralEndpoints | undefined {
  const service =
    kind === 's3.layers' ? 's3' : serviceName?.slice(serviceName.indexOf(`.${region}.`) + region.length + 2)
  return statements.find(
    ({ vpcs, services }) =>
      (vpcs.includes('*') || vpcs.includes(vpcId)) && service !== undefined && services.includes(service),
  )
}

/** The way through an endpoint of another VPC that a record or a Profile leads to. */
export function centralPath(
  side: SourceSide,
  destination: Destination,
  id: string,
  dns: Answer,
  stated: CentralEndpoints | undefined,
): JudgedPath {
  const endpoint = side.topology.endpoints.get(id)
  if (endpoint === undefined) {
    if (stated !== undefined) return statedPath(side, destination, stated, id, dns)
    const missing = `endpoint ${id}`
    const lost = dependsOn('endpoint', 'endpoint-not-in-inventory', `${id} is not in the inventory`, [missing])
    return judgedPath('centralEndpoint', id, [dns, hubRouteStep(side, undefined), lost])
  }
  const state = endpointStep(endpoint, destination, serves(endpoint, destination))
  if (state.step.verdict === 'blocked') return judgedPath('centralEndpoint', id, [dns, state])
  const crossing = crossingTo(side, endpoint)
  const shown = crossing && crossedPath(side, endpoint, [dns, state], crossing)
  if (shown !== undefined && (stated === undefined || shown.path.verdict !== 'unknown')) return shown
  const [route, ...filters] = interfaceAnswers(side, endpoint, (target) => routeOut(side, target, stated))
  return judgedPath('centralEndpoint', id, [dns, ...(route === undefined ? [] : [route]), state, ...filters])
}

/** The way as the configuration of both networks shows it. */
function crossedPath(
  side: SourceSide,
  endpoint: VpcEndpoint,
  [dns, state]: readonly [Answer, Answer],
  { there, back, referencesNeed }: Crossing,
): JudgedPath {
  const out = (target: Target): Answer => routeOut(side, target, 'shown')
  const [route, sourceGroups, sourceAcl, ...atEndpoint] = interfaceAnswers(side, endpoint, out, referencesNeed)
  const atSource = [sourceGroups, sourceAcl].filter((answer) => answer !== undefined)
  const first = route === undefined ? [] : [route]
  return judgedPath('centralEndpoint', endpoint.id, [
    dns,
    ...first,
    state,
    ...atSource,
    ...there,
    ...atEndpoint,
    ...back,
  ])
}

/** The way to endpoints that only the settings know of: the source's own side is judged, the rest is taken from them. */
export function statedPath(
  side: SourceSide,
  destination: Destination,
  stated: CentralEndpoints,
  via = 'central endpoint',
  dns = passes('dns', 'stated', `The settings say that ${destination.host} leads to a central endpoint`),
): JudgedPath {
  const target = side.topology.remember('target|private', privateTarget)
  const filters = side.version === 4 ? sourceFilters(side, target) : []
  return judgedPath('centralEndpoint', via, [dns, hubRouteStep(side, stated), ...filters])
}

/** A way that may exist although nothing known shows it: a zone of another account and an endpoint of another network. */
export function possibleCentralPath(side: SourceSide, destination: Destination): JudgedPath | undefined {
  const routes = routesOf(side.topology, side.subnet)
  const hub = routes?.find(isHubRoute)
  if (hub === undefined) return undefined
  const missing = `private hosted zones and Route 53 Profiles associated with ${side.subnet.vpcId}`
  const reason = `A hosted zone may send ${destination.host} to a central endpoint behind ${hub.target.id}`
  return judgedPath('centralEndpoint', hub.target.id, [
    dependsOn('dns', 'central-endpoint-possible', reason, [missing]),
  ])
}

function isHubRoute({ target, state }: Route): boolean {
  return state === 'active' && hubKinds.has(target.kind)
}

function assumptionOf({ services, note }: CentralEndpoints): string {
  const said = note === undefined ? '' : ` (${note})`
  return `assumes, as the settings state, that central endpoints for ${services.join(', ')} can be reached${said}`
}

function routeOut(side: SourceSide, target: Target, stated: CentralEndpoints | 'shown' | undefined): Answer {
  const way = wayTo(side.topology, side.subnet, target)
  if (way.kind === 'open') return way.answer
  if (way.kind === 'none') return noHubRoute(side, target.label)
  const { route, table } = way
  if (route.state === 'blackhole') return blackhole(table, route, target.label)
  if (['natGateway', 'internetGateway', 'egressOnlyInternetGateway'].includes(route.target.kind)) {
    return noHubRoute(side, target.label)
  }
  if (stated === undefined) return appliance(table, route, target.label)
  const reason = `${table.id} leads ${target.label} to ${route.target.id}`
  if (stated === 'shown') return passes('route', 'route-to-hub', reason, { assumptions: way.assumptions })
  return passes('route', 'stated', reason, {
    assumptions: [assumptionOf(stated), ...way.assumptions],
  })
}

/** A route to some other network; where exactly the endpoint is, nobody told. */
function hubRouteStep(side: SourceSide, stated: CentralEndpoints | undefined): Answer {
  const routes = routesOf(side.topology, side.subnet)
  if (routes === undefined) {
    const missing = `routes of ${side.subnet.id}`
    return dependsOn('route', 'route-table-unknown', `The ${missing} are not known`, [missing])
  }
  const hub = routes.find(isHubRoute) ?? routes.find((route) => isAppliance(side, route))
  if (hub === undefined) {
    const unseen = routes.find((route) => mayBeAppliance(side, route))
    return unseen === undefined ? noHubRoute(side, 'other networks') : kindNotKnown(unseen)
  }
  const { id } = hub.target
  if (stated === undefined) {
    return dependsOn('route', 'route-elsewhere', `${id} may lead to the endpoint`, [`what ${id} does with the traffic`])
  }
  return passes('route', 'stated', `${id} leads to other networks`, { assumptions: [assumptionOf(stated)] })
}

/** Endpoints of load balancers lead through firewalls to other networks; those of gateways to S3 and DynamoDB alone. */
function isAppliance({ topology }: SourceSide, { target, state, destination }: Route): boolean {
  if (state !== 'active') return false
  if (target.kind !== 'vpcEndpoint') return target.kind === 'networkInterface' || target.kind === 'instance'
  const endpoint = topology.endpoints.get(target.id)
  // Routes of gateway endpoints always name a prefix list.
  return endpoint === undefined ? 'cidr' in destination : endpoint.type !== 'Gateway'
}

function mayBeAppliance({ topology }: SourceSide, { target, state }: Route): boolean {
  return state === 'active' && target.kind === 'vpcEndpoint' && !topology.endpoints.has(target.id)
}

function kindNotKnown({ target: { id } }: Route): Answer {
  return dependsOn('route', 'endpoint-not-in-inventory', `${id}, which a route leads to, is not in the inventory`, [
    `endpoint ${id}`,
  ])
}

function noHubRoute({ subnet, topology }: SourceSide, label: string): Answer {
  const table = topology.routeTableOf(subnet)
  const name = table.state === 'known' ? table.value.id : subnet.id
  return stops('route', 'no-route-to-hub', `Route table ${name} of ${subnet.id} has no route to ${label}`, {
    fix: `Add a route to the network of the central endpoint to route table ${name}`,
  })
}
