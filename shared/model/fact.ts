/**
 * What the inventory knows about one thing: it is there, we looked and it is not there, or we cannot tell.
 * `assumptions` are sentences a verdict resting on the fact must carry ("assumes the recorder records …").
 */
export type Fact<T> =
  | { readonly state: 'known'; readonly value: T; readonly assumptions: readonly string[] }
  | { readonly state: 'absent'; readonly assumptions: readonly string[] }
  | { readonly state: 'unknown'; readonly reason: string; readonly transience: Transience }

/** A passing reason (throttled, timed out, a 500) is retried and never written; a lasting one (denied, not recorded, unparseable) is. */
export type Transience = 'passing' | 'lasting'

/** A fact we hold. */
export function known<T>(value: T, assumptions: readonly string[] = []): Fact<T> {
  return { state: 'known', value, assumptions }
}

/** We looked, and it is not there. */
export function absent<T = never>(assumptions: readonly string[] = []): Fact<T> {
  return { state: 'absent', assumptions }
}

/** We cannot tell; `reason` names the missing fact. */
export function unknown<T = never>(reason: string, transience: Transience = 'lasting'): Fact<T> {
  return { state: 'unknown', reason, transience }
}

/** Converts the value of a known fact; absent and unknown stay as they are. */
export function mapFact<T, U>(fact: Fact<T>, convert: (value: T) => U): Fact<U> {
  return fact.state === 'known' ? known(convert(fact.value), fact.assumptions) : fact
}
