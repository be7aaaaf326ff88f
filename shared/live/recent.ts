import type { LiveReader } from './live-source.ts'

/** Age up to which a reading serves again, milliseconds. */
const LIFETIME = 60_000
/** EC2 answers are eventually consistent: a reading shows a change only when it was taken this much later, milliseconds. */
const SETTLING = 2_000

/** When something was read, or judged by: ISO 8601. */
export interface Taken {
  readonly takenAt: string
}

/** True when what was taken then is at most 60 seconds old and already shows the change that the reader is to see. */
export function isRecent({ takenAt }: Taken, { readAt, changedAt }: Pick<LiveReader, 'readAt' | 'changedAt'>): boolean {
  const taken = Date.parse(takenAt)
  const age = Date.parse(readAt) - taken
  const showsChange = changedAt === undefined || taken >= Date.parse(changedAt) + SETTLING
  return age >= 0 && age <= LIFETIME && showsChange
}

/** The newest entries of a map of at most `most`. */
export interface Bounded<T> {
  readonly get: (key: string) => T | undefined
  readonly set: (key: string, value: T) => void
  readonly delete: (key: string) => void
}

/** A memory of at most `most` entries: the one that was set first is forgotten first. */
export function bounded<T>(most: number): Bounded<T> {
  const held = new Map<string, T>()
  return {
    get: (key) => held.get(key),
    set: (key, value) => {
      held.delete(key)
      held.set(key, value)
      const [oldest] = held.keys()
      if (held.size > most && oldest !== undefined) held.delete(oldest)
    },
    delete: (key) => {
      held.delete(key)
    },
  }
}

/** Readings by key, taken anew when there is none that is recent. */
export type RecentReadings<T> = (
  reader: LiveReader,
  key: string,
  read: () => Promise<T>,
) => Promise<Taken & { readonly value: T }>

/**
 * Remembers at most `most` readings. What `isKeepable` refuses is handed out and forgotten: a reading with something missing
 * that would be there a moment later, or one too large to hold.
 */
export function recentReadings<T>(most: number, isKeepable: (value: T) => boolean): RecentReadings<T> {
  const held = bounded<Taken & { readonly value: T }>(most)
  return async (reader, key, read) => {
    const before = held.get(key)
    if (before !== undefined && isRecent(before, reader)) return before
    const taken = { takenAt: reader.readAt, value: await read() }
    if (isKeepable(taken.value)) held.set(key, taken)
    else held.delete(key)
    return taken
  }
}
