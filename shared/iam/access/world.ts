import type { Organization } from '../../model/organization.ts'
import type { Audience } from '../access-types.ts'
import { type AddressBlock, parseBlock } from '../conditions/ip-address.ts'
import { variableKeys } from '../conditions/variables.ts'
import { hasWildcard } from '../match/wildcard.ts'
import type { Condition, PrincipalEntry, Statement } from '../policy/policy.ts'
import { isPrivateBlock } from './address-candidates.ts'
import { withoutVariables } from './scope.ts'

/** Everything the search for witnesses knows besides the caller. */
export interface World {
  readonly resourceAccountId: string
  readonly region: string
  readonly partition: string
  readonly organization: Organization
  readonly now: Date | undefined
  /** Values the policies mention, by key in lower case. */
  readonly mentions: ReadonlyMap<string, readonly string[]>
  /** AWS principals that the NotPrincipal of a Deny spares: no other element lets those it lists do more than a stranger. */
  readonly spared: readonly PrincipalEntry[]
  /** Blocks of aws:SourceIp conditions so wide that they restrict nobody, and the others. */
  readonly wideBlocks: readonly AddressBlock[]
  readonly narrowBlocks: readonly AddressBlock[]
  /** An account id, two of them, that no policy mentions. */
  readonly freshAccount: string
  readonly freshMember: string
  /**
   * Id of the organization of the resource's account. Where nobody told it and conditions compare with it whatever it is, an id of our
   * own, which no stranger has.
   */
  readonly ours: string | undefined
  /** All tags of the resource by name in lower case, several where only case tells them apart; undefined when not known. */
  readonly tags: ReadonlyMap<string, readonly string[]> | undefined
}

/** An organization id that no policy mentions. */
export const freshOrganization = 'o-zzfreshzz0'
/** Another one, for patterns that match the first. */
export const otherOrganization = 'o-4kk4other4'
/** Stands for the organization of the resource's account where nobody told its id. */
export const untoldOrganization = 'o-zzuntoldz0'

/** Gathers what the statements mention. */
export function gatherMentions(
  statements: readonly Statement[],
  tags: World['tags'],
): Pick<World, 'mentions' | 'spared' | 'wideBlocks' | 'narrowBlocks'> {
  const mentions = new Map<string, Set<string>>()
  const tagOf = (name: string): string | undefined => tagNamed(name.trim().toLowerCase(), tags)
  const wideBlocks: AddressBlock[] = []
  const narrowBlocks: AddressBlock[] = []
  for (const condition of statements.flatMap((statement) => statement.conditions)) {
    const key = condition.key.toLowerCase()
    const values = mentions.get(key) ?? new Set()
    // What a variable stands for is tried like what a star does.
    for (const value of condition.values) values.add(value).add(withoutVariables(value, tagOf))
    mentions.set(key, values)
    if (key === 'aws:sourceip') (isWide(condition) ? wideBlocks : narrowBlocks).push(...blocksOf(condition))
  }
  return {
    mentions: new Map([...mentions].map(([key, values]) => [key, [...values]])),
    spared: sparedPrincipals(statements),
    wideBlocks,
    narrowBlocks,
  }
}

/** The value of `aws:resourcetag/…`, in lower case, where the resource has one such tag. */
export function tagNamed(key: string, tags: World['tags']): string | undefined {
  const isTag = /^(?:aws|ecr):resourcetag\//.test(key)
  const values = (isTag && tags?.get(key.slice(key.indexOf('/') + 1))) || []
  return values.length === 1 ? values[0] : undefined
}

function sparedPrincipals(statements: readonly Statement[]): readonly PrincipalEntry[] {
  const entries = statements.flatMap(({ effect, principal }) =>
    effect === 'Deny' && principal?.kind === 'listed' && principal.not ? principal.entries : [],
  )
  return [...new Map(entries.filter(({ type }) => type === 'AWS').map((entry) => [entry.value, entry])).values()]
}

/** An account id that appears nowhere in the text. */
export function freshAccountId(text: string, salt: number): string {
  for (let number = 987_650_000_000 + salt; ; number += 13) {
    if (!text.includes(String(number))) return String(number)
  }
}

/** Whose account this is. */
export function audienceOf(accountId: string, world: World): Audience {
  const { organization } = world
  if (accountId === world.resourceAccountId || organization.ownAccounts.has(accountId)) return 'own'
  if (organization.organizationAccounts.has(accountId)) return 'organization'
  return organization.trustedAccounts.has(accountId) ? 'trusted' : 'external'
}

/** Whether an account that nobody lists may be a member of the organization: its members could not be read. */
export function isMaybeMember(accountId: string, world: World): boolean {
  return world.organization.unread !== undefined && audienceOf(accountId, world) === 'external'
}

/** Values mentioned for a key. */
export function mentioned(world: World, key: string): readonly string[] {
  return world.mentions.get(key) ?? []
}

/** Whether statements compare with the organization of the resource's account, whatever its id is. */
export function asksOrganization(statements: readonly Statement[]): boolean {
  const key = 'aws:resourceorgid'
  return statements
    .flatMap(({ conditions }) => conditions)
    .some((condition) => {
      const variables = condition.values.flatMap(variableKeys)
      return variables.includes(key) || (condition.key.toLowerCase() === key && variables.length > 0)
    })
}

/** Organization ids that conditions spell out, also as the first part of a path. */
export function mentionedOrganizations(world: World): readonly string[] {
  const ours = world.organization.organizationId
  const ids = [...mentioned(world, 'aws:principalorgid'), ...mentioned(world, 'aws:vpceorgid')]
  const paths = ['aws:principalorgpaths', 'aws:vpceorgpaths']
    .flatMap((key) => mentioned(world, key))
    .map((path) => path.split('/')[0] ?? '')
  return [...new Set([...ids, ...paths])].filter(
    (id) => isOutOfReach('aws:principalorgid', id) && (id === ours || id.toLowerCase() !== ours),
  )
}

/** Fixed characters after the prefix from which on nobody can obtain a matching identifier by trying. */
const fixedCharacters: ReadonlyMap<string, number> = new Map([
  ['aws:principalorgid', 10],
  ['aws:sourcevpce', 8],
  ['aws:sourcevpc', 8],
  ['aws:ec2instancesourcevpc', 8],
  ['aws:userid', 8],
])

/** True for an identifier, or a pattern so nearly complete, that a stranger cannot come to hold it. */
export function isOutOfReach(key: string, value: string): boolean {
  if (value === '' || value.includes('${')) return false
  if (!hasWildcard(value)) return true
  const start = value.indexOf('-') + 1
  const fixed = value.slice(start).split(/[*?]/)[0] ?? ''
  return fixed.length >= (fixedCharacters.get(key) ?? 8)
}

function blocksOf(condition: Condition): readonly AddressBlock[] {
  return condition.values.map(parseBlock).filter((block) => block !== undefined)
}

/** At least one 256th of all IPv4 addresses, or an IPv6 block of /32 or wider: anyone can rent an address there. */
function isWide(condition: Condition): boolean {
  const blocks = blocksOf(condition).filter((block) => !isPrivateBlock(block))
  if (blocks.some((block) => block.family === 6 && block.prefix <= 32)) return true
  const v4 = blocks.filter((block) => block.family === 4)
  return v4.reduce((sum, block) => sum + 2 ** (32 - block.prefix), 0) >= 2 ** 24
}
