import type { VpcEndpoint } from '../../inventory/network.ts'
import { type JudgedPath, judgedPath } from '../judged-path.ts'
import { serves } from '../names.ts'
import type { SourceSide } from '../source-side.ts'
import { type Answer, dependsOn, stops } from '../steps/answer.ts'
import type { Resolution } from '../steps/dns.ts'
import { endpointStep } from '../steps/endpoint.ts'
import { localRouteStep } from '../steps/route.ts'
import type { Destination } from '../types.ts'
import { interfaceAnswers } from './endpoint-interfaces.ts'

/** Ways through interface endpoints of the source's own VPC, those that work first. */
export function privateEndpointPaths(
  side: SourceSide,
  destination: Destination,
  resolution: Resolution,
): readonly JudgedPath[] {
  const paths: JudgedPath[] = []
  for (const [id, dns] of resolution.endpointDns) {
    const endpoint = side.topology.endpoints.get(id)
    if (endpoint !== undefined) paths.push(throughEndpoint(side, destination, endpoint, dns))
  }
  return paths
}

function throughEndpoint(side: SourceSide, destination: Destination, endpoint: VpcEndpoint, dns: Answer): JudgedPath {
  const state = endpointStep(endpoint, destination, serves(endpoint, destination))
  // An endpoint that is not there yet, or no longer, has no name to resolve.
  if (state.step.verdict === 'blocked') return judgedPath('privateEndpoint', endpoint.id, [state])
  const version = versionStep(side, endpoint)
  if (version !== undefined) return judgedPath('privateEndpoint', endpoint.id, [dns, version])
  const [route, ...filters] = interfaceAnswers(side, endpoint, (target) =>
    localRouteStep(side.topology, side.subnet, target),
  )
  return judgedPath('privateEndpoint', endpoint.id, [dns, ...(route === undefined ? [] : [route]), state, ...filters])
}

/** Undefined when both ends speak IPv4. */
function versionStep({ version, subnet, source }: SourceSide, { id, ipAddressType }: VpcEndpoint): Answer | undefined {
  if (version === 4) {
    if (ipAddressType !== 'ipv6') return undefined
    return stops('endpoint', 'endpoint-ipv6-only', `${id} has IPv6 addresses only`, { fix: `Make ${id} dual-stack` })
  }
  if (!source.usesIpv6) return undefined
  if (ipAddressType !== 'ipv6' && ipAddressType !== 'dualstack' && subnet.enableDns64 === false) {
    const fix = `Turn on DNS64 of ${subnet.id} or make ${id} dual-stack`
    return stops('endpoint', 'endpoint-ipv4-only', `${id} has no IPv6 address and ${subnet.id} no IPv4`, { fix })
  }
  return dependsOn(
    'endpoint',
    'endpoint-over-ipv6',
    `Whether private DNS of ${id} serves IPv6-only ${subnet.id} is not known`,
    [`IPv6 answers of the private DNS of ${id}`],
  )
}
