import type { HostedZone, HostedZoneRecord, VpcEndpoint } from '../inventory/network.ts'
import { suffixOf } from './destinations.ts'
import type { Destination } from './types.ts'

/** Whether a name lies in what an endpoint's private DNS answers for; `maybe` where AWS does not say. */
export function privateDnsCovers({ kind, host, region }: Destination): 'yes' | 'maybe' | 'no' {
  const zone = privateDnsZone({ kind, host, region })
  if (zone === undefined) return 'no'
  if (isWithin(host, zone)) return 'yes'
  if (host.includes('-fips')) return 'no'
  return kind === 'ecr.dkr' || kind === 'ecr.api' ? 'maybe' : 'no'
}

/** The zone that an endpoint's private DNS puts into its VPC. */
export function privateDnsZone({
  kind,
  host,
  region,
}: Pick<Destination, 'kind' | 'host' | 'region'>): string | undefined {
  switch (kind) {
    case 'ecr.api':
      return `api.ecr.${region}.${suffixOf(region)}`
    case 'ecr.dkr':
      return `dkr.ecr.${region}.${suffixOf(region)}`
    case 's3.layers':
      return `s3.${region}.${suffixOf(region)}`
    case 'service':
      return host
    case 'host':
      return undefined
    default:
      return kind satisfies never
  }
}

/** Whether an endpoint is one of the service a destination belongs to; prefixes of service names differ by partition. */
export function serves(endpoint: VpcEndpoint, { serviceName, region }: Destination): boolean {
  if (serviceName === undefined) return false
  const tail = `.${region}.${serviceName.slice(serviceName.indexOf(`.${region}.`) + region.length + 2)}`
  return endpoint.serviceName.endsWith(tail) && !endpoint.serviceName.includes('.vpce.')
}

/** Whether a zone holds the name. */
export function isWithin(host: string, zone: string): boolean {
  return host === zone || host.endsWith(`.${zone}`)
}

/** Records that give an address for a host: its own, else the closest wildcard. */
export function addressRecords(
  zone: HostedZone,
  records: readonly HostedZoneRecord[],
  host: string,
): readonly HostedZoneRecord[] {
  const answering = records.filter(({ type }) => type === 'A' || type === 'AAAA' || type === 'CNAME')
  const exact = answering.filter(({ name }) => name === host)
  if (exact.length > 0) return exact
  for (let at = host.indexOf('.'); at !== -1; at = host.indexOf('.', at + 1)) {
    const parent = host.slice(at + 1)
    if (!isWithin(parent, zone.name)) return []
    const wildcard = answering.filter(({ name }) => name === `*.${parent}`)
    if (wildcard.length > 0) return wildcard
    // A name that exists hides the wildcards above it.
    if (records.some(({ name }) => name === parent) && parent !== zone.name) return []
  }
  return []
}

/** The endpoint a record value is a name of: `vpce-0a1-x1y2.api.ecr.eu-central-1.vpce.amazonaws.com`. */
export function endpointIdIn(value: string): string | undefined {
  return /^(?:\*\.)?(vpce-[0-9a-z]+)(?:-|\.)/.exec(value.toLowerCase())?.[1]
}
