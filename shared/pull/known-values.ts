import { type ContextValue, present, unknownKey } from '../iam/conditions/context.ts'

/** The keys that state the time of a request, names in lower case; none when any time is possible. */
export function timeKeys(now: Date | undefined): readonly [string, ContextValue][] {
  if (now === undefined) return []
  return [
    ['aws:currenttime', present(now.toISOString())],
    ['aws:epochtime', present(epochSeconds(now))],
  ]
}

/** Whole seconds since 1970, as `aws:EpochTime` spells them. */
export function epochSeconds(now: Date): string {
  return String(Math.floor(now.getTime() / 1000))
}

/** The value where it is known; else the key may or may not be in the request. */
export function oneOrUnknown(value: string | undefined): ContextValue {
  return value === undefined ? unknownKey : present(value)
}
