import { parseArn } from '../../model/arn.ts'
import type { AccessGrant } from '../access-types.ts'
import { commonMatch } from '../match/overlap.ts'
import { hasWildcard, matchesWildcard } from '../match/wildcard.ts'
import { federatedUsersOf, isFederatedUser } from './federated-users.ts'
import { fill, freshText } from './text-candidates.ts'
import { mentioned, type World } from './world.ts'

const key = 'aws:principalarn'
/** More candidates than this are not tried: the grant then says nothing about single principals. */
const maximumPrincipals = 200
const maximumPatterns = 8
const maximumStars = 8
const remembered = new WeakMap<World, { readonly arns: readonly string[] | undefined }>()

/** Principals of the resource's account that reached something. */
export type OwnPrincipals = NonNullable<AccessGrant['ownPrincipals']>

/**
 * ARNs that stand for all principals of the resource's account: of each kind one that no policy mentions, those that
 * conditions spell out, and each pattern of theirs filled in briefly and at length, alone and together with each other
 * pattern. Undefined when no condition looks at aws:PrincipalArn, or there are too many.
 */
export function ownPrincipalArns(world: World): readonly string[] | undefined {
  const before = remembered.get(world)
  if (before !== undefined) return before.arns
  const arns = gather(world)
  remembered.set(world, { arns })
  return arns
}

function gather(world: World): readonly string[] | undefined {
  const values = mentioned(world, key)
  const patterns = values.filter(hasWildcard)
  if (values.length === 0 || patterns.length > maximumPatterns) return undefined
  if (patterns.some((pattern) => pattern.split('*').length - 1 > maximumStars)) return undefined
  const forms = formsOf(world)
  const literals = values.filter(
    (value) => !hasWildcard(value) && parseArn(value)?.accountId === world.resourceAccountId,
  )
  const stretched = patterns.flatMap(stretches)
  const shared = patterns.flatMap((a) => stretched.map((b) => [a, b] as const))
  const common = [...stretched.flatMap((a) => forms.map((form) => [a, form] as const)), ...shared].flatMap(([a, b]) => {
    const found = commonMatch(a, b)
    return typeof found === 'object' ? [found.text] : []
  })
  const federated = federatedUsersOf(world.resourceAccountId, world.partition)
  const isOne = (arn: string) => !arn.startsWith(federated) || isFederatedUser(arn, federated)
  const ofAccount = common.filter((arn) => forms.some((form) => matchesWildcard(form, arn)) && isOne(arn))
  const arns = new Set([...forms.map((form) => fill(form, freshText)), ...literals, ...ofAccount])
  return arns.size > maximumPrincipals ? undefined : [...arns]
}

function formsOf({ partition, resourceAccountId }: World): readonly string[] {
  const account = `arn:${partition}:iam::${resourceAccountId}`
  return [
    `${account}:role/?*`,
    `${account}:user/?*`,
    `${account}:root`,
    `${federatedUsersOf(resourceAccountId, partition)}?*`,
  ]
}

/** The pattern; with a text nobody names in all stars of its resource, and in each star alone; the same without `?`. */
function stretches(pattern: string): readonly string[] {
  const pieces = pattern.split('*')
  const long = `*${freshText}*`
  const one = pieces.slice(1).map((_, index) => join(pieces, (at) => (at === index ? long : '*')))
  const resource = pattern.split(':').slice(0, 5).join(':').split('*').length - 1
  const all = join(pieces, (at) => (at >= resource ? long : '*'))
  const made = [...new Set([pattern, all, ...one])]
  return pattern.includes('?') ? made.flatMap((text) => [text, text.replaceAll('?', '9')]) : made
}

function join(pieces: readonly string[], between: (index: number) => string): string {
  return pieces.map((piece, index) => (index === 0 ? piece : `${between(index - 1)}${piece}`)).join('')
}
