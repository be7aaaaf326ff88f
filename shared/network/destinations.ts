import type { Destination } from './types.ts'

/** The host that hands out registry tokens: `api.ecr.<region>.amazonaws.com`. */
export function ecrApi(region: string): Destination {
  const host = `api.ecr.${region}.${suffixOf(region)}`
  return { kind: 'ecr.api', host, region, serviceName: serviceNameOf(region, 'ecr.api') }
}

/** The registry of an account; without one, any registry of the region (`*.dkr.ecr.…`). */
export function ecrDkr(region: string, accountId = '*'): Destination {
  const host = `${accountId}.dkr.ecr.${region}.${suffixOf(region)}`
  return { kind: 'ecr.dkr', host, region, serviceName: serviceNameOf(region, 'ecr.dkr') }
}

/** The bucket that holds the layers of a region's images. */
export function s3Layers(region: string): Destination {
  const host = `prod-${region}-starport-layer-bucket.s3.${region}.${suffixOf(region)}`
  return { kind: 's3.layers', host, region, serviceName: serviceNameOf(region, 's3') }
}

/** First labels of the hosts of services whose endpoint service has another name: what their private DNS answers for. */
const hostLabels: ReadonlyMap<string, string> = new Map([
  ['ecs-agent', 'ecs-a'],
  ['ecs-telemetry', 'ecs-t'],
])

/** Another service by the last part of its endpoint service's name, or by the first label of its host: `logs`, `ecs-agent`, `ecs-a`. */
export function service(name: string, region: string): Destination {
  const last = [...hostLabels].find(([, label]) => label === name)?.[0] ?? name
  const label = hostLabels.get(last) ?? last
  const host = label === 'eks-auth' ? `eks-auth.${region}.api.aws` : `${label}.${region}.${suffixOf(region)}`
  return { kind: 'service', host, region, serviceName: serviceNameOf(region, last) }
}

/** The same destination for clients of IPv6 too, which may ask for another name of the service. */
export function alsoOverIpv6(destination: Destination): Destination {
  const ipv6Host = ipv6HostOf(destination)
  return ipv6Host === undefined ? destination : { ...destination, ipv6Host }
}

function ipv6HostOf({ kind, host, region }: Destination): string | undefined {
  const suffix = suffixOf(region)
  switch (kind) {
    case 'ecr.api':
      return `ecr.${region}.${apiSuffixOf(suffix)}`
    case 's3.layers':
      return `prod-${region}-starport-layer-bucket.s3.dualstack.${region}.${suffix}`
    case 'service':
      return host.replace(`.${region}.${suffix}`, `.${region}.${apiSuffixOf(suffix)}`)
    // Their host is what the image names.
    case 'ecr.dkr':
    case 'host':
      return undefined
    default:
      return kind satisfies never
  }
}

function apiSuffixOf(suffix: string): string {
  return suffix === 'amazonaws.com.cn' ? 'api.amazonwebservices.com.cn' : 'api.aws'
}

const ecrRegistry =
  /^(?:[0-9]{12}|\*)\.dkr(?:\.ecr|-ecr)(-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.(?:aws|amazonwebservices\.com\.cn)|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/
const ecrApiHost =
  /^(?:api\.ecr\.([a-z0-9-]+)\.amazonaws\.(?:com(?:\.cn)?|eu)|ecr\.([a-z0-9-]+)\.api\.(?:aws|amazonwebservices\.com\.cn))$/
const layerHost = /^prod-([a-z0-9-]+)-starport-layer-bucket\.s3\./

/**
 * What a host name stands for. FIPS registries have no PrivateLink service. A host that is no ECR registry, token or layer
 * host is `host` with `region` as given.
 */
export function destinationOf(hostName: string, region: string): Destination {
  const host = hostName.toLowerCase()
  const registry = ecrRegistry.exec(host)
  if (registry?.[2] !== undefined) {
    const fips = registry[1] !== undefined
    const serviceName = fips ? undefined : serviceNameOf(registry[2], 'ecr.dkr')
    return { kind: 'ecr.dkr', host, region: registry[2], serviceName }
  }
  const api = ecrApiHost.exec(host)
  const apiRegion = api?.[1] ?? api?.[2]
  if (apiRegion !== undefined) return { ...ecrApi(apiRegion), host }
  const layer = layerHost.exec(host)
  if (layer?.[1] !== undefined) return { ...s3Layers(layer[1]), host }
  return { kind: 'host', host, region, serviceName: undefined }
}

/** The DNS suffix of the partition a region belongs to. */
export function suffixOf(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn'
  if (region.startsWith('us-isob-')) return 'sc2s.sgov.gov'
  if (region.startsWith('us-isof-') || region.startsWith('eu-isof-')) return 'csp.hci.ic.gov'
  if (region.startsWith('eu-isoe-')) return 'cloud.adc-e.uk'
  if (region.startsWith('us-iso-')) return 'c2s.ic.gov'
  if (region.startsWith('eusc-')) return 'amazonaws.eu'
  return 'amazonaws.com'
}

function serviceNameOf(region: string, name: string): string {
  return `${suffixOf(region) === 'amazonaws.com.cn' && name !== 's3' ? 'cn.com' : 'com'}.amazonaws.${region}.${name}`
}
