/** What becomes of a request: served and answered, served without an answer, or never served. */
export type Fate = 'answered' | 'unanswered' | 'unheard'

/**
 * Kills whoever makes requests when that many of them are served, before the answer to the last; with none, when it makes the first.
 * To be asked once for each request, when it comes in.
 */
export function killing(kill: () => void, after: number): () => Fate {
  let requests = 0
  return () => {
    requests += 1
    if (requests < after) return 'answered'
    kill()
    return requests === after ? 'unanswered' : 'unheard'
  }
}
