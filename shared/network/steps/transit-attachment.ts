import type { Subnet, TransitGatewayAttachment } from '../../inventory/network.ts'
import { https, type PortRange } from '../ports.ts'
import { subnetTarget, type Target } from '../target.ts'
import type { Topology } from '../topology.ts'
import { isWorking } from '../transit.ts'
import { agreement } from './agreement.ts'
import { type Answer, dependsOn, passes, stops } from './answer.ts'
import { aclStep, type Crossing } from './network-acl.ts'
import { localRouteStep } from './route.ts'

/** Whether a VPC's attachment carries traffic of `subnets`: it works and has an interface in the zone of each. */
export function attachmentStep(
  topology: Topology,
  attachment: TransitGatewayAttachment,
  subnets: readonly Subnet[],
): Answer {
  const { id, state, transitGatewayId } = attachment
  if (state !== undefined && !isWorking(state)) return notWorking(attachment, state)
  const attached = subnetsOf(topology, attachment)
  if (attached === undefined) return subnetsUnknown(attachment)
  return agreement(
    'route',
    id,
    subnets.map((subnet) => {
      if (attached.some((other) => sharesZone(other, subnet))) {
        return passes('route', 'attached', `${id} joins ${subnet.id} to ${transitGatewayId}`)
      }
      const missing = `network interface of ${id} in the zone of ${subnet.id} (${subnet.zone || 'not stated'})`
      return dependsOn('route', 'zone-without-attachment', `No ${missing} is known`, [missing])
    }),
  )
}

/** What the subnets of an attachment let through between the transit gateway and interfaces in `inside`. */
export function attachedSubnetSteps(
  topology: Topology,
  attachment: TransitGatewayAttachment,
  step: 'sourceNetworkAcl' | 'targetNetworkAcl',
  inside: readonly Subnet[],
  ephemeral: PortRange,
): readonly Answer[] {
  const attached = subnetsOf(topology, attachment)
  const target = subnetTarget(inside, 4, [])
  // Said by the attachment's own step.
  if (attached === undefined || target === undefined) return []
  const borders = attached.flatMap((subnet) => {
    const others = inside.filter(({ id }) => id !== subnet.id)
    const remote = subnetTarget(others, 4, [])
    return remote === undefined ? [] : [aclStep(topology, step, subnet, crossingsOf(step, remote, ephemeral))]
  })
  // Local routes that nothing overrides are not worth a line.
  const routes = attached.map((subnet) => localRouteStep(topology, subnet, target))
  return [
    ...(borders.length === 0 ? [] : [agreement(step, attachment.id, borders)]),
    ...(routes.some(isClosed) ? [agreement('route', attachment.id, routes)] : []),
  ]
}

function isClosed({ step: { verdict } }: Answer): boolean {
  return verdict !== 'reachable'
}

/** Requests of a source enter the attached subnet, those to an endpoint leave it; the transit gateway itself is no party. */
function crossingsOf(
  step: 'sourceNetworkAcl' | 'targetNetworkAcl',
  remote: Target,
  ephemeral: PortRange,
): readonly Crossing[] {
  const egress = step === 'targetNetworkAcl'
  return [
    { egress, ports: https, remote },
    { egress: !egress, ports: ephemeral, remote },
  ]
}

/** Undefined when not all are known. */
function subnetsOf(topology: Topology, { subnetIds }: TransitGatewayAttachment): readonly Subnet[] | undefined {
  if (subnetIds.state !== 'known' || subnetIds.value.length === 0) return undefined
  const subnets = subnetIds.value.flatMap((id) => topology.subnet(id) ?? [])
  return subnets.length === subnetIds.value.length ? subnets : undefined
}

/** Names of zones mean different zones in different accounts. */
function sharesZone(a: Subnet, b: Subnet): boolean {
  return a.id === b.id || (a.zone !== '' && a.zone === b.zone && a.ref.accountId === b.ref.accountId)
}

function subnetsUnknown({ id }: TransitGatewayAttachment): Answer {
  const missing = `subnets of ${id}`
  return dependsOn('route', 'attachment-subnets-unknown', `The ${missing} are not known`, [missing])
}

function notWorking({ id, transitGatewayId }: TransitGatewayAttachment, state: string): Answer {
  const fix = state.startsWith('pending')
    ? `Bring ${id} from ${state} to available`
    : `Replace ${id}, which is ${state}, by an attachment to ${transitGatewayId} that is available`
  return stops('route', 'attachment-not-available', `${id} is ${state}, not available`, { fix })
}
