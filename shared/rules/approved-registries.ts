import type { ImageReference } from '../pull/image-reference.ts'
import { matchesGlob } from './glob.ts'

type Legible = Exclude<ImageReference, { kind: 'invalid' }>

/**
 * True when an entry of `approvedRegistries` covers an image: an account id, a host, or a host with the beginning of a path
 * (`public.ecr.aws/docker/library`), which ends where a part of the name ends. `*` is any text.
 */
export function isApproved(reference: Legible, entries: readonly string[]): boolean {
  const name = `${reference.host}/${pathOf(reference)}`
  return entries.some((entry) => {
    if (reference.kind === 'ecrPrivate' && entry === reference.accountId) return true
    const pattern = entry.toLowerCase().replace(/\/+$/, '')
    return matchesGlob(pattern, name) || matchesGlob(`${pattern}/*`, name)
  })
}

function pathOf(reference: Legible): string {
  return reference.kind === 'ecrPublic' ? `${reference.alias}/${reference.repository}` : reference.repository
}
