import type { BlockPublicAccess, Subnet } from '../../inventory/network.ts'
import type { Topology } from '../topology.ts'
import { type Answer, dependsOn, passes, stops } from './answer.ts'

const step = 'blockPublicAccess'

/** Through which kind of gateway the traffic leaves; NAT and egress-only gateways let nothing in by themselves. */
export type PublicWay = 'internetGateway' | 'outboundOnly'

/** Whether VPC Block Public Access of the owner lets traffic of a subnet (the NAT gateway's, if there is one) leave the VPC. */
export function publicAccessStep(topology: Topology, subnet: Subnet, way: PublicWay): Answer {
  const place = `${subnet.ownerId}/${subnet.ref.region}`
  const fact = topology.remember(`bpa|${place}`, () =>
    topology.network.blockPublicAccess(subnet.ownerId, subnet.ref.region),
  )
  switch (fact.state) {
    case 'absent':
      return passes(step, 'off', `Block Public Access is off in ${place}`, { assumptions: fact.assumptions })
    case 'unknown':
      // Off unless somebody switched it on, and AWS Config does not record it everywhere.
      return passes(step, 'not-known', `Block Public Access of ${place} is taken to be off`, {
        assumptions: [`assumes that VPC Block Public Access is off in ${place}`],
      })
    case 'known':
      return judge(fact.value, subnet, way, place)
    default:
      return fact satisfies never
  }
}

function judge(block: BlockPublicAccess, subnet: Subnet, way: PublicWay, place: string): Answer {
  const { mode, exclusions } = block
  if (mode === 'off') return passes(step, 'off', `Block Public Access is off in ${place}`)
  if (mode !== 'block-bidirectional' && mode !== 'block-ingress') {
    return dependsOn(step, 'mode-unknown', `Block Public Access of ${place} has an unknown mode`, [
      `mode of VPC Block Public Access in ${place}`,
    ])
  }
  if (mode === 'block-ingress' && way === 'outboundOnly') {
    return passes(step, 'ingress-only', `Block Public Access of ${place} lets NAT and egress-only gateways work`)
  }
  if (exclusions.state === 'unknown') {
    return dependsOn(step, 'exclusions-unknown', `Block Public Access of ${place} may exclude ${subnet.id}`, [
      `exclusions of VPC Block Public Access in ${place}`,
    ])
  }
  const excluded = (exclusions.state === 'known' ? exclusions.value : []).filter(
    ({ vpcId, subnetId }) => vpcId === subnet.vpcId || subnetId === subnet.id,
  )
  return byExclusions(
    excluded.map((one) => one.mode),
    subnet,
    way,
    `Block Public Access of ${place} (${mode})`,
  )
}

function byExclusions(modes: readonly string[], subnet: Subnet, way: PublicWay, block: string): Answer {
  if (modes.includes('allow-bidirectional') || (modes.length > 0 && way === 'outboundOnly')) {
    return passes(step, 'excluded', `${block} excludes ${subnet.id}`)
  }
  if (modes.length > 0) {
    return dependsOn(step, 'egress-exclusion', `${block} excludes ${subnet.id} for egress only`, [
      `whether an egress-only exclusion lets ${subnet.id} use an internet gateway`,
    ])
  }
  return stops(step, 'blocked-by-bpa', `${block} cuts ${subnet.id} off the internet`, {
    fix: `Exclude ${subnet.vpcId} from VPC Block Public Access (allow-egress or allow-bidirectional)`,
  })
}
