import type { ReadFailure } from '../failure.ts'

const inEffect = new Set(['COMPLETE', 'UPDATING'])
const changing = new Set(['CREATING', 'DELETING'])

/** True when the association is no more. */
export function isGone(status: string | undefined): boolean {
  return status === 'DELETED'
}

/**
 * Why nobody can say whether an association is in effect; undefined when it is. One that is being made or deleted settles
 * within minutes; of a failed one AWS does not say whether making or deleting it failed.
 */
export function doubtAbout(status: string | undefined, what: string): ReadFailure | undefined {
  if (status !== undefined && inEffect.has(status)) return undefined
  if (status !== undefined && changing.has(status)) return { reason: `${what} is ${status}`, transience: 'passing' }
  if (status === 'FAILED') return { reason: `${what} is FAILED`, transience: 'lasting' }
  return { reason: `${what} has a status this version does not know`, transience: 'lasting' }
}
