import type { ReadFailure } from '../failure.ts'
import type { Answer } from '../reading.ts'

/** A copy serves this long before it is asked for anew, milliseconds. */
const LIFETIME = 10 * 60_000
/** After an attempt that failed, a copy serves this long, milliseconds. */
const PAUSE = 60_000

/** The newest copy there is, and why there is no newer one when asking failed. */
export type LastGood<T> =
  | { readonly state: 'known'; readonly value: T; readonly failure?: ReadFailure }
  | { readonly state: 'absent' }
  | ({ readonly state: 'unknown' } & ReadFailure)

/**
 * Remembers the last good answer for the life of the process: what is missing, cannot be read or is no good changes nothing.
 * Callers at the same time share one attempt. `isOlder` keeps an older copy from taking the place of a newer one. `now` is
 * milliseconds since 1970.
 */
export function lastGood<T>(
  isOlder: (found: T, held: T) => boolean,
): (now: number, read: () => Promise<Answer<T>>) => Promise<LastGood<T>> {
  let held: { readonly value: T; readonly failure?: ReadFailure; readonly until: number } | undefined
  let pending: Promise<LastGood<T>> | undefined
  const attempt = async (now: number, read: () => Promise<Answer<T>>): Promise<LastGood<T>> => {
    const answer = await read()
    if (answer.state === 'known') {
      const value = held !== undefined && isOlder(answer.value, held.value) ? held.value : answer.value
      held = { value, until: now + LIFETIME }
    } else if (held !== undefined) {
      held = { value: held.value, failure: failureOf(answer), until: now + PAUSE }
    } else return answer
    return copyOf(held)
  }
  return (now, read) => {
    if (held !== undefined && now < held.until && now >= held.until - LIFETIME) return Promise.resolve(copyOf(held))
    pending ??= attempt(now, read).finally(() => {
      pending = undefined
    })
    return pending
  }
}

function failureOf(answer: Exclude<Answer<unknown>, { readonly state: 'known' }>): ReadFailure {
  if (answer.state === 'absent') return { reason: 'it is not in the bucket any more', transience: 'lasting' }
  return { reason: answer.reason, transience: answer.transience }
}

function copyOf<T>({ value, failure }: { readonly value: T; readonly failure?: ReadFailure }): LastGood<T> {
  return { state: 'known', value, ...(failure === undefined ? {} : { failure }) }
}
