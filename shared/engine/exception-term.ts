import type { Exception } from '../model/exception.ts'

/** Longest term of an exception, in days from now: a year with a leap day in it. */
export const longestTerm = 366

const day = 86_400_000

/** How an exception stands in time: it holds to the last millisecond of its last day in UTC. */
export function termOf({ expires }: Pick<Exception, 'expires'>, now: Date): 'running' | 'expired' | 'tooLong' {
  const lastDay = Date.parse(`${expires}T00:00:00.000Z`)
  const time = now.getTime()
  if (lastDay - time > longestTerm * day) return 'tooLong'
  // Written so that a time that is none ends the term.
  return time < lastDay + day ? 'running' : 'expired'
}
