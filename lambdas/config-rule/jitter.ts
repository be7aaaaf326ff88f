/** Longest delay of a sweep, milliseconds. */
const MOST = 60_000

/**
 * How long a sweep waits before it begins, milliseconds: always the same for an account and Config rule, so that the functions of
 * an organization do not start as one. At most 60 seconds, and a fifth of the time the invocation has: AWS Config owns the
 * schedule, what is waited is taken from the work.
 */
export function jitterOf(accountId: string, ruleArn: string, remaining: number): number {
  const most = Math.min(MOST, Math.max(0, remaining / 5))
  return Math.floor((fnv1a(`${accountId} ${ruleArn}`) / 2 ** 32) * most)
}

/** A 32-bit hash that spreads; nothing depends on it being hard to guess. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  // The last characters of an ARN alone would move the low bits only.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
