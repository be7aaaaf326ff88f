import type { RouteTable, VpcEndpoint } from '../../inventory/network.ts'
import { type JudgedPath, judgedPath } from '../judged-path.ts'
import { serves } from '../names.ts'
import { type SourceSide, sourceFilters } from '../source-side.ts'
import { type Answer, dependsOn, passes, stops } from '../steps/answer.ts'
import { endpointStep } from '../steps/endpoint.ts'
import { blackhole, routeEvidence, type Way } from '../steps/route.ts'
import type { Target } from '../target.ts'
import type { Destination } from '../types.ts'

/** The gateway endpoint that a subnet's table leads S3 to; `route` says how we know. */
export interface TakenGateway {
  readonly id: string
  readonly endpoint: VpcEndpoint | undefined
  readonly route: Answer
}

/** The gateway endpoint the way leads to, by the table's route or by the endpoint's own list of tables. */
export function takenGateway(side: SourceSide, destination: Destination, way: Way): TakenGateway | undefined {
  const { topology, subnet } = side
  if (way.kind === 'route' && way.route.target.kind === 'vpcEndpoint' && 'prefixListId' in way.route.destination) {
    const { id } = way.route.target
    if (way.route.state === 'blackhole') return undefined
    const route = passes('route', 'gateway-route', `${way.table.id} leads S3 to ${id}`, {
      evidence: [routeEvidence(way.table, way.route)],
      assumptions: way.assumptions,
    })
    return { id, endpoint: topology.endpoints.get(id), route }
  }
  if (way.table === undefined || (way.kind === 'open' && way.table.routes.state === 'known')) return undefined
  const { table } = way
  const endpoint = gatewaysOf(side, destination).find(
    ({ id, routeTableIds }) =>
      routeTableIds.state === 'known' && routeTableIds.value.includes(table.id) && !routeTo(table, id),
  )
  if (endpoint === undefined) return undefined
  const route = passes('route', 'gateway-association', `${endpoint.id} is associated with ${table.id} of ${subnet.id}`)
  return { id: endpoint.id, endpoint, route }
}

/** The way through the gateway endpoint of the effective route table. */
export function throughGateway(
  side: SourceSide,
  destination: Destination,
  dns: Answer,
  { id, endpoint, route }: TakenGateway,
  target: Target,
): JudgedPath {
  const state =
    endpoint === undefined
      ? dependsOn('endpoint', 'endpoint-not-in-inventory', `${id} is not in the inventory`, [`endpoint ${id}`])
      : endpointStep(endpoint, destination, serves(endpoint, destination))
  return judgedPath('gatewayEndpoint', id, [dns, route, state, ...sourceFilters(side, target)])
}

/** Gateway endpoints of the VPC that the effective route table does not lead to. */
export function missedGateways(
  side: SourceSide,
  destination: Destination,
  dns: Answer,
  way: Way,
): readonly JudgedPath[] {
  const { subnet } = side
  return gatewaysOf(side, destination).map((endpoint) => {
    const { id, routeTableIds } = endpoint
    if (way.kind === 'open') return judgedPath('gatewayEndpoint', id, [dns, way.answer])
    if (way.kind === 'route' && way.route.target.id === id && way.route.state === 'blackhole') {
      return judgedPath('gatewayEndpoint', id, [dns, blackhole(way.table, way.route, 'S3')])
    }
    if (routeTableIds.state === 'unknown' && way.kind === 'none' && way.table.routes.state !== 'known') {
      const missing = `route tables of ${id}`
      return judgedPath('gatewayEndpoint', id, [
        dns,
        dependsOn('route', 'gateway-tables-unknown', `The ${missing} are not known`, [missing]),
      ])
    }
    if (way.kind === 'route' && routeTo(way.table, id)) {
      const { table, route } = way
      const overruled = stops(
        'route',
        'gateway-overruled',
        `Routes of ${table.id} lead S3 to ${route.target.id}, not to ${id}`,
        {
          evidence: [routeEvidence(table, route)],
          fix: `Remove the routes to ${route.target.id} for addresses of S3 from route table ${table.id}`,
        },
      )
      return judgedPath('gatewayEndpoint', id, [dns, overruled])
    }
    const route = stops(
      'route',
      'subnet-route-table-without-gateway',
      `Route table ${way.table.id} of ${subnet.id} does not lead to gateway endpoint ${id}`,
      { fix: `Associate route table ${way.table.id} with gateway endpoint ${id}` },
    )
    return judgedPath('gatewayEndpoint', id, [dns, route])
  })
}

/** A table with a route to the gateway endpoint was looked up with it: what leads elsewhere is more specific. */
function routeTo({ routes }: RouteTable, endpointId: string): boolean {
  return routes.state === 'known' && routes.value.some(({ target }) => target.id === endpointId)
}

function gatewaysOf({ topology, subnet }: SourceSide, destination: Destination): readonly VpcEndpoint[] {
  return topology
    .endpointsOf(subnet.vpcId)
    .filter((endpoint) => endpoint.type === 'Gateway' && serves(endpoint, destination))
}
