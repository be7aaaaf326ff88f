import type { Answer } from '../reading.ts'

/** An answer serves this long, milliseconds. */
const LIFETIME = 5 * 60_000

/** Answers by key, asked for anew when there is none that is young enough. `now` is milliseconds since 1970. */
export type BriefMemory = <T>(key: string, now: number, read: () => Promise<Answer<T>>) => Promise<Answer<T>>

/** Remembers at most `most` known answers for five minutes; what was asked for first is forgotten first. */
export function briefMemory(most: number): BriefMemory {
  const held = new Map<string, { readonly at: number; readonly answer: Answer<unknown> }>()
  return async <T>(key: string, now: number, read: () => Promise<Answer<T>>) => {
    const before = held.get(key)
    // A key is of one kind of answer.
    if (before !== undefined && now >= before.at && now - before.at < LIFETIME) return before.answer as Answer<T>
    held.delete(key)
    const answer = await read()
    if (answer.state === 'known') held.set(key, { at: now, answer })
    const [oldest] = held.keys()
    if (held.size > most && oldest !== undefined) held.delete(oldest)
    return answer
  }
}
