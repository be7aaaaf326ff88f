import { compileGlob, matchesGlob } from '../iam/match/wildcard.ts'
import type { ImageReference } from './image-reference.ts'
import type { ManifestWorkload } from './manifest-types.ts'

/** The registry that names without a host mean, as logins spell it. */
const dockerHub = ['docker.io', 'index.docker.io', 'registry-1.docker.io']

/**
 * The image pull secrets of a pod that hold, or may hold, a login for the registry of an image: a noun for a sentence. For
 * ECR that is a work-around, since its logins are valid for 12 hours. Undefined when no secret can matter.
 */
export function credentialsOf(
  { imagePullSecrets, secretHosts }: ManifestWorkload,
  image: ImageReference,
): string | undefined {
  if (image.kind === 'invalid') return undefined
  const hosts = image.host === 'docker.io' ? dockerHub : [image.host]
  const matters = imagePullSecrets.filter((name) => mayHold(secretHosts.get(name), hosts))
  const [first] = matters
  if (first === undefined) return undefined
  const known = matters.some((name) => secretHosts.has(name))
  const others = matters.length === 1 ? '' : ` and ${matters.length - 1} more`
  const doubt = known ? '' : ', whose registry is in no manifest'
  const limit = image.kind === 'ecrPrivate' ? ' (a work-around: logins of ECR are valid for 12 hours)' : ''
  return `image pull secret ${first}${others}${doubt}${limit}`
}

function mayHold(logins: readonly string[] | undefined, hosts: readonly string[]): boolean {
  if (logins === undefined) return true
  return logins.some((login) => hosts.some((host) => matchesGlob(compileGlob(login), host)))
}
