import { fixFor } from '../../network/explain.ts'
import type { Topology } from '../../network/topology.ts'
import type { ReachStep, SourceInterface } from '../../network/types.ts'
import type { ImageReference } from '../image-reference.ts'
import type { PullToTrace } from '../trace-types.ts'
import type { HostReach } from './host-reach.ts'
import { publicRegistryFix } from './public-registry.ts'

/** The exact change that opens a step of the way of one interface. */
export function networkFix(
  topology: Topology,
  { workload }: PullToTrace,
  reference: ImageReference,
  source: SourceInterface,
): (host: HostReach, step: ReachStep) => string | undefined {
  return (host, step) => {
    const direct = isS3Interface(host) ? gatewayFix(topology, host, source) : (step.fix ?? fixFor(host.reach))
    if (reference.kind === 'ecrPublic' || reference.kind === 'other') {
      return isFilter(step) ? direct : publicRegistryFix(reference, workload.scope)
    }
    const isElsewhere = reference.kind === 'ecrPrivate' && reference.region !== workload.scope.region
    return direct === undefined && isElsewhere
      ? `Replicate ${reference.repository} to ${workload.scope.region} and pull it from there`
      : direct
  }
}

function isFilter({ step }: ReachStep): boolean {
  return step.endsWith('SecurityGroup') || step.endsWith('NetworkAcl')
}

function isS3Interface({ hop, path }: HostReach): boolean {
  return hop === 's3-layers' && path?.kind === 'privateEndpoint'
}

/** AWS documents the gateway endpoint alone for layers: private DNS of an interface endpoint is no fix. */
function gatewayFix(topology: Topology, { reach }: HostReach, { subnetId }: SourceInterface): string {
  const subnet = topology.subnet(subnetId)
  const table = subnet && topology.routeTableOf(subnet)
  const name = table?.state === 'known' ? `route table ${table.value.id}` : `the route table of ${subnetId}`
  return `Create a gateway endpoint for ${reach.destination.serviceName ?? 'S3'} and associate ${name} with it`
}
