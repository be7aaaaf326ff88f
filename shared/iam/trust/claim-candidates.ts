import { freshText, textCandidates } from '../access/text-candidates.ts'
import { absentKey, type ContextValue, present, unknownKey } from '../conditions/context.ts'
import { formatAddress, parseBlock } from '../conditions/ip-address.ts'
import { hasWildcard } from '../match/wildcard.ts'
import { type Issuer, isClaim } from './issuer.ts'

/** Values to try for one key, a few that stand for all; `complete` is false when some may be missing. */
export interface Candidates {
  readonly values: readonly ContextValue[]
  readonly complete: boolean
}

const exactly = (...values: readonly ContextValue[]): Candidates => ({ values, complete: true })
/** Keys whose value the caller chooses, or that time brings about. */
const chosenKeys = new Set(
  `sts:rolesessionname sts:sourceidentity sts:externalid sts:durationseconds sts:transitivetagkeys aws:tagkeys
  aws:useragent aws:referer aws:currenttime aws:epochtime aws:sourcevpc aws:sourcevpce aws:requestedregion`.split(
    /\s+/,
  ),
)

/** What a key other than subject and audience may hold in a request with a token of the issuer. */
export function claimCandidates(
  key: string,
  mentioned: readonly string[],
  issuer: Issuer,
  accountId: string,
): Candidates {
  if (issuer.name !== undefined && key.startsWith(`${issuer.name.toLowerCase()}:`)) return claim(mentioned)
  // A token carries the claims of its own issuer only.
  if (isClaim(key)) return exactly(absentKey)
  if (chosenKeys.has(key) || key.startsWith('aws:requesttag/')) return chosen(mentioned)
  if (key === 'aws:sourceip' || key === 'aws:vpcsourceip') return addresses(mentioned)
  if (key === 'aws:federatedprovider') return exactly(issuer.provider === '*' ? unknownKey : present(issuer.provider))
  if (key === 'aws:resourceaccount') return exactly(present(accountId))
  if (key === 'aws:securetransport') return exactly(present('true'))
  if (key === 'aws:principalisawsservice' || key === 'aws:viaawsservice') return exactly(present('false'))
  return exactly(unknownKey)
}

/** AWS passes on some claims of some issuers only, so any may be absent; `amr` and the like hold several values. */
function claim(mentioned: readonly string[]): Candidates {
  const several = mentioned.filter((value) => !hasWildcard(value))
  const { values, complete } = chosen(mentioned)
  return { values: several.length > 1 ? [...values, present(...several)] : values, complete }
}

function chosen(mentioned: readonly string[]): Candidates {
  const { texts, complete } = textCandidates(mentioned)
  return { values: [absentKey, ...texts.map((text) => present(text))], complete }
}

function addresses(mentioned: readonly string[]): Candidates {
  const blocks = mentioned.flatMap((text) => parseBlock(text) ?? [])
  const inside = blocks.map(({ family, first }) => present(formatAddress(family, first)))
  return exactly(absentKey, present('8.8.8.8'), ...inside)
}

/** An audience no policy mentions. */
export const freshAudience = freshText
