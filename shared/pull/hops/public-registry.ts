import type { Scope } from '../../model/resource.ts'
import { suffixOf } from '../../network/destinations.ts'
import type { ImageReference } from '../image-reference.ts'

type PublicReference = Extract<ImageReference, { kind: 'ecrPublic' | 'other' }>

/** Public registries that pull-through cache rules exist for, with the prefix AWS proposes and whether it wants credentials. */
const cacheable: ReadonlyMap<string, { readonly prefix: string; readonly secret: boolean }> = new Map([
  ['docker.io', { prefix: 'docker-hub', secret: true }],
  ['public.ecr.aws', { prefix: 'ecr-public', secret: false }],
  ['quay.io', { prefix: 'quay', secret: false }],
  ['registry.k8s.io', { prefix: 'kubernetes', secret: false }],
  ['ghcr.io', { prefix: 'github', secret: true }],
  ['registry.gitlab.com', { prefix: 'gitlab', secret: true }],
])

/** Registries that answer on the internet alone: without a way there, nothing is pulled. */
const onInternetOnly: ReadonlySet<string> = new Set([
  ...cacheable.keys(),
  'gcr.io',
  'k8s.gcr.io',
  'mcr.microsoft.com',
  'nvcr.io',
  'registry.redhat.io',
  'registry.access.redhat.com',
  'docker.elastic.co',
])

/** True when the registry is known to be on the internet; any other host may be somewhere in a private network. */
export function isOnInternet({ host }: PublicReference): boolean {
  return onInternetOnly.has(host)
}

/** Name under which the client looks for a registry, without a port. */
export function hostToReach({ host }: PublicReference): string {
  return host === 'docker.io' ? 'registry-1.docker.io' : host.replace(/:\d+$/, '')
}

/** True when it is not asked on port 443. */
export function hasOwnPort({ host }: PublicReference): boolean {
  return /:\d+$/.test(host) && !host.endsWith(':443')
}

/** How an image of a registry on the internet comes to a workload without a way there. */
export function publicRegistryFix(reference: PublicReference, { accountId, region }: Scope): string {
  const registry = `${accountId}.dkr.ecr.${region}.${suffixOf(region)}`
  const name = reference.kind === 'ecrPublic' ? `${reference.alias}/${reference.repository}` : reference.repository
  const cache = cacheable.get(reference.host)
  if (cache === undefined) return `Copy the image to a repository of ${registry} and name that one`
  const secret = cache.secret ? ' with credentials in Secrets Manager' : ''
  const cached = `${registry}/${cache.prefix}/${name}`
  return `Create a pull-through cache rule ${cache.prefix} for ${reference.host} in ${region}${secret}, pull ${cached} once from a place with a way to the internet, and name that image`
}
