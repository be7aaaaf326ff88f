/** What a request says about one condition key. */
export type ContextValue =
  | { readonly state: 'present'; readonly values: readonly string[] }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown' }

/** The keys of a request, names in lower case. A key that is not in the map is unknown. */
export type RequestContext = ReadonlyMap<string, ContextValue>

/** All that evaluation asks of a context; a lookup may answer for more keys than it could list. */
export type ContextLookup = Pick<RequestContext, 'get'>

/** Three-valued truth. */
export type Truth = 'true' | 'false' | 'unknown'

/** The key is in the request with these values. */
export function present(...values: readonly string[]): ContextValue {
  return { state: 'present', values }
}

/** The key is not in the request. */
export const absentKey: ContextValue = { state: 'absent' }

/** The key may or may not be in the request. */
export const unknownKey: ContextValue = { state: 'unknown' }

/** True when any is true; otherwise unknown when any is unknown. */
export function anyTrue(truths: Iterable<Truth>): Truth {
  let answer: Truth = 'false'
  for (const truth of truths) {
    if (truth === 'true') return 'true'
    if (truth === 'unknown') answer = 'unknown'
  }
  return answer
}

/** False when any is false; otherwise unknown when any is unknown. */
export function allTrue(truths: Iterable<Truth>): Truth {
  let answer: Truth = 'true'
  for (const truth of truths) {
    if (truth === 'false') return 'false'
    if (truth === 'unknown') answer = 'unknown'
  }
  return answer
}

/** The contrary; unknown stays unknown. */
export function negate(truth: Truth): Truth {
  return truth === 'unknown' ? truth : truth === 'true' ? 'false' : 'true'
}
