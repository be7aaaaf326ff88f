import type { Route, Subnet, TransitGatewayAttachment, VpcEndpoint, VpcPeering } from '../../inventory/network.ts'
import { asRemote, type SourceSide } from '../source-side.ts'
import { agreement } from '../steps/agreement.ts'
import { type Answer, dependsOn, passes, stops } from '../steps/answer.ts'
import { placesOf } from '../steps/endpoint.ts'
import { wayTo } from '../steps/route.ts'
import { attachedSubnetSteps, attachmentStep } from '../steps/transit-attachment.ts'
import { transitRouteStep } from '../steps/transit-route.ts'
import { wayBack } from '../steps/way-back.ts'
import { subnetTarget, type Target } from '../target.ts'
import { attachmentOf, type Transit, transitOf } from '../transit.ts'

/** What the inventory shows of the way to another network and back. */
export interface Crossing {
  readonly there: readonly Answer[]
  readonly back: readonly Answer[]
  /** As in `Target`. */
  readonly referencesNeed: string | undefined
}

/** Two networks and what joins them. */
interface Joint {
  readonly side: SourceSide
  readonly from: Target
  readonly endpoint: VpcEndpoint
  readonly subnets: readonly Subnet[]
  readonly target: Target
  readonly id: string
}

/** The crossing to an endpoint of another VPC; undefined when the inventory shows nothing of what joins the networks. */
export function crossingTo(side: SourceSide, endpoint: VpcEndpoint): Crossing | undefined {
  const places = placesOf(side.topology, endpoint)
  // Whether transit gateways and peerings carry IPv6 is up to options that nobody records.
  if (places.kind === 'not' || side.version !== 4) return undefined
  const target = subnetTarget(places.subnets, 4, places.groupIds)
  const from = asRemote(side)
  if (target === undefined || from === undefined) return undefined
  const way = wayTo(side.topology, side.subnet, target)
  if (way.kind !== 'route' || way.route.state === 'blackhole') return undefined
  return overRoute(way.route, { side, from, endpoint, subnets: places.subnets, target, id: way.route.target.id })
}

function overRoute({ target: { kind, id } }: Route, joint: Joint): Crossing | undefined {
  const transit = transitOf(joint.side.topology)
  if (kind === 'vpcPeering') {
    const peering = transit.peerings.get(id)
    return peering && overPeering(joint, peering)
  }
  return kind === 'transitGateway' && transit.gateways.has(id) ? overTransitGateway(joint, transit) : undefined
}

/** Groups are known across a peering within a region only. */
function overPeering(joint: Joint, peering: VpcPeering): Crossing {
  const { requester, accepter } = peering
  const isRegional = requester.region !== undefined && requester.region === accepter.region
  return {
    there: [peeringStep(joint, peering)],
    back: [backStep(joint)],
    referencesNeed: isRegional ? undefined : `security group references across ${joint.id}`,
  }
}

function peeringStep({ side, endpoint, target, id }: Joint, { requester, accepter, status }: VpcPeering): Answer {
  const own = side.subnet.vpcId
  const joined = [requester.vpcId, accepter.vpcId]
  if (!joined.includes(own) || !joined.includes(endpoint.vpcId)) {
    // Peerings pass nothing on to third networks.
    const reason = `${id} joins ${joined.join(' and ')}, not ${own} and ${endpoint.vpcId}`
    const fix = `Peer ${own} with ${endpoint.vpcId} and lead ${target.label} to that peering`
    return stops('route', 'peering-of-other-networks', reason, { fix })
  }
  if (status === undefined) {
    return dependsOn('route', 'peering-status-unknown', `The status of ${id} is not known`, [`status of ${id}`])
  }
  if (status === 'active') return passes('route', 'peering-active', `${id} joins ${own} and ${endpoint.vpcId}`)
  const fix = status === 'pending-acceptance' ? `Accept ${id}` : `Replace ${id}, which is ${status}`
  return stops('route', 'peering-not-active', `${id} is ${status}, not active`, { fix })
}

function overTransitGateway(joint: Joint, transit: Transit): Crossing {
  const { side, endpoint, id } = joint
  const referencesNeed = `security group referencing of ${id}`
  const spoke = attachmentOf(transit, id, side.subnet.vpcId)
  const hub = attachmentOf(transit, id, endpoint.vpcId)
  if (spoke === undefined || hub === undefined) {
    const missing = `attachment of ${spoke === undefined ? side.subnet.vpcId : endpoint.vpcId} to ${id}`
    const lost = dependsOn('route', 'attachment-not-in-inventory', `No ${missing} is in the inventory`, [missing])
    return { there: [lost], back: [backStep(joint)], referencesNeed }
  }
  return { there: thereOver(joint, spoke, hub), back: backOver(joint, spoke, hub), referencesNeed }
}

function thereOver({ side, subnets, target }: Joint, spoke: TransitGatewayAttachment, hub: TransitGatewayAttachment) {
  const { topology, subnet, ephemeral } = side
  return [
    attachmentStep(topology, spoke, [subnet]),
    ...attachedSubnetSteps(topology, spoke, 'sourceNetworkAcl', [subnet], ephemeral),
    transitRouteStep(topology, spoke, hub, target),
    attachmentStep(topology, hub, subnets),
    ...attachedSubnetSteps(topology, hub, 'targetNetworkAcl', subnets, ephemeral),
  ]
}

function backOver(joint: Joint, spoke: TransitGatewayAttachment, hub: TransitGatewayAttachment): readonly Answer[] {
  return [backStep(joint), transitRouteStep(joint.side.topology, hub, spoke, joint.from)]
}

/** From every subnet of the endpoint to the source. */
function backStep({ side, subnets, from, endpoint, id }: Joint): Answer {
  return agreement(
    'route',
    endpoint.id,
    subnets.map((subnet) => wayBack(side.topology, subnet, from, id)),
  )
}
