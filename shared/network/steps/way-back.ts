import type { Subnet } from '../../inventory/network.ts'
import type { Target } from '../target.ts'
import type { Topology } from '../topology.ts'
import { type Answer, passes, stops } from './answer.ts'
import { appliance, blackhole, wayTo } from './route.ts'

const waysOut = ['natGateway', 'internetGateway', 'egressOnlyInternetGateway', 'carrierGateway']

/** Whether answers from a subnet to `target` take the way the request came: by the transit gateway or peering `id`. */
export function wayBack(topology: Topology, subnet: Subnet, target: Target, id: string): Answer {
  const way = wayTo(topology, subnet, target)
  if (way.kind === 'open') return way.answer
  const { table } = way
  if (way.kind === 'none') return noWayBack(table.id, subnet, target, id)
  const { route } = way
  if (route.state === 'blackhole') return blackhole(table, route, target.label)
  if (route.target.id === id) {
    return passes('route', 'route-back', `${table.id} of ${subnet.id} leads ${target.label} back to ${id}`, way)
  }
  if (waysOut.includes(route.target.kind)) return noWayBack(table.id, subnet, target, id)
  return appliance(table, route, target.label)
}

function noWayBack(tableId: string, subnet: Subnet, target: Target, id: string): Answer {
  const reason = `Route table ${tableId} of ${subnet.id} has no route back to ${target.label}`
  return stops('route', 'no-route-back', reason, {
    fix: `Add a route to ${target.label} by ${id} to route table ${tableId}`,
  })
}
