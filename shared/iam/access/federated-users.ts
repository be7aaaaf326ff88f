import { matchesWildcard } from '../match/wildcard.ts'
import { fill } from './text-candidates.ts'

const lengths = { shortest: 2, longest: 32 }
const isName = (text: string): boolean => /^[\w+=,.@-]+$/.test(text)

/** What ARNs of the sessions of an account begin with that GetFederationToken makes. */
export function federatedUsersOf(account: string, partition: string): string {
  return `arn:${partition}:sts::${account}:federated-user/`
}

/** Whether a text that begins so is the ARN of such a session: nothing comes after its name, in which no `:` or `/` is. */
export function isFederatedUser(arn: string, before: string): boolean {
  const name = arn.startsWith(before) ? arn.slice(before.length) : ''
  return isName(name) && name.length >= lengths.shortest && name.length <= lengths.longest
}

/** The ARN of such a session that the pattern matches; undefined when there is none. */
export function federatedUserLike(pattern: string, before: string): string | undefined {
  for (let at = pattern.length; at >= 0 && mayBeNamed(pattern.slice(at)); at -= 1) {
    const start = pattern.slice(0, at)
    if (!matchesWildcard(start, before)) continue
    // A star may stand for the end of the beginning and the start of the name.
    const arn = before + named(`${start.endsWith('*') ? '*' : ''}${pattern.slice(at)}`)
    if (isFederatedUser(arn, before)) return arn
  }
  return undefined
}

function mayBeNamed(pattern: string): boolean {
  const fixed = pattern.replaceAll('*', '')
  return fixed === '' || (fixed.length <= lengths.longest && isName(fixed.replaceAll('?', 'x')))
}

function named(pattern: string): string {
  const shortest = fill(pattern, '')
  return shortest.length < lengths.shortest ? fill(pattern, 'xx') : shortest
}
