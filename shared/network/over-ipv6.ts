import { type JudgedPath, withLast } from './judged-path.ts'
import { isDualStack } from './paths/destination-targets.ts'
import type { SourceSide } from './source-side.ts'
import { type Answer, dependsOn, stops } from './steps/answer.ts'
import type { Destination } from './types.ts'

/** A request over IPv6 that a client may make where the one judged first gets nowhere. */
export interface Ipv6Attempt {
  readonly side: SourceSide
  readonly destination: Destination
}

/**
 * The other request; undefined for clients of IPv4, in subnets without IPv6 and for names without IPv6 addresses. Hosts
 * that are not of AWS may have some.
 */
export function ipv6Attempt(side: SourceSide, destination: Destination): Ipv6Attempt | undefined {
  const { source, subnet, version } = side
  if (!source.usesIpv6 || subnet.ipv6Cidrs.length === 0) return undefined
  if (isDualStack(destination)) return version === 6 ? undefined : { side: { ...side, version: 6 }, destination }
  const ipv6Host = destination.ipv6Host ?? (destination.kind === 'host' ? destination.host : undefined)
  if (ipv6Host === undefined) return undefined
  return { side: { ...side, version: 6 }, destination: { ...destination, host: ipv6Host, ipv6Host } }
}

/** A way of the other request, which nobody knows to be made. */
export function perhapsOverIpv6(way: JudgedPath, { host }: Destination, attempt: Ipv6Attempt): JudgedPath {
  const other = attempt.destination.host
  const asked = other === host ? `${host} is reached over IPv6` : `${other} is asked for over IPv6 in place of ${host}`
  const reason = `Whether ${asked}, by ${way.path.via}, is not known`
  return withLast(way, dependsOn('route', 'over-ipv6', reason, [`whether ${asked}`]))
}

/** IPv4-only names have an address for IPv6-only clients only where DNS64 makes one. */
export function dns64({ version, subnet }: SourceSide, destination: Destination, dns: Answer): Answer {
  if (version === 4 || isDualStack(destination) || dns.step.verdict === 'blocked' || subnet.enableDns64 === true)
    return dns
  const { host } = destination
  if (subnet.enableDns64 === undefined) {
    return dependsOn('dns', 'dns64-unknown', `Whether DNS64 of ${subnet.id} is on is not known`, [
      `DNS64 of ${subnet.id}`,
    ])
  }
  return stops('dns', 'dns64-off', `${host} has no IPv6 address and DNS64 of ${subnet.id} is off`, {
    fix: `Turn on DNS64 of ${subnet.id}`,
  })
}
