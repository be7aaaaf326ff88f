import { merged } from '../addresses.ts'
import { nat64Target, prefixListTarget, publicTarget, type Target } from '../target.ts'
import type { Topology } from '../topology.ts'
import type { Destination } from '../types.ts'
import type { PublicTarget } from './internet.ts'

/** Where the host's public addresses are: S3's prefix list when its entries are known, else anywhere on the internet. */
export function publicAddresses(topology: Topology, destination: Destination): Target {
  const { kind, region } = destination
  if (kind !== 's3.layers') return topology.remember('target|public4', () => publicTarget(4))
  const service = `com.amazonaws.${region}.s3`
  return topology.remember(`target|${service}`, () => {
    const entries = topology.serviceRanges(service)
    const ranges = entries === undefined ? [] : merged(entries, 4)
    return ranges.length === 0 ? publicTarget(4, service) : prefixListTarget(service, ranges)
  })
}

/** The public target for a client of an IP version; IPv6-only clients see IPv4 hosts through DNS64. */
export function publicTargetFor(topology: Topology, destination: Destination, version: 4 | 6): PublicTarget {
  const behindNat = publicAddresses(topology, destination)
  if (version === 4) return { destination, target: behindNat, behindNat }
  const target = isDualStack(destination)
    ? topology.remember('target|public6', () => publicTarget(6))
    : topology.remember('target|nat64', nat64Target)
  return { destination, target, behindNat }
}

const dualStackEnds = ['.on.aws', '.api.aws', '.on.amazonwebservices.com.cn', '.api.amazonwebservices.com.cn'] as const

/** Whether the name has IPv6 addresses, or is taken to have some. */
export function isDualStack({ host, ipv6Host }: Destination): boolean {
  return ipv6Host === host || host.includes('.dualstack.') || dualStackEnds.some((end) => host.endsWith(end))
}
