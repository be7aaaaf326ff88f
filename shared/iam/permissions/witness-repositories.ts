import { parseArn } from '../../model/arn.ts'
import type { RequestContext } from '../conditions/context.ts'
import { expandValue } from '../conditions/variables.ts'
import { commonMatch } from '../match/overlap.ts'
import { hasWildcard, matchesWildcard } from '../match/wildcard.ts'
import type { PermissionsInput, RegistryGrant } from './types.ts'

/** A repository name nobody has: who may use it may use any name. */
export const freshName = 'zz7q-fresh-4xk9'
/** An account no policy means. */
const freshAccount = '987654029171'

/** A repository to ask about, and what an answer for it says. */
export interface Witness {
  readonly arn: string
  readonly scope: RegistryGrant['scope']
  readonly inHomeAccount: boolean
}

/** A pattern with its variables filled in; a star stands for those that are not known. */
export function withoutVariables(pattern: string, version: string, context: RequestContext): string {
  if (version === '2008-10-17' || !pattern.includes('${')) return pattern
  const expanded = expandValue(pattern, context)
  return typeof expanded === 'object' ? expanded.text : starred(pattern)
}

/**
 * Repositories worth asking about for a pattern, widest first: any name of the home account, names the pattern makes
 * up, names that patterns of other statements make up, known repositories, then repositories of other accounts.
 */
export function* witnesses(
  pattern: string,
  others: readonly string[],
  { home, repositories }: Pick<PermissionsInput, 'home' | 'repositories'>,
): Generator<Witness> {
  const seen = new Set<string>()
  const isNew = (arn: string): boolean => !seen.has(arn) && seen.add(arn) !== undefined
  const regions = regionsFor(pattern, home.regions)
  const target = (region: string, account: string, name: string): string =>
    `arn:${home.partition}:ecr:${region}:${account}:repository/${name}`
  for (const arn of regions.map((region) => target(region, home.accountId, freshName))) {
    if (matchesWildcard(pattern, arn) && isNew(arn)) yield { arn, scope: 'registry', inHomeAccount: true }
  }
  const single = !hasWildcard(pattern)
  const scope = single ? 'repository' : 'pattern'
  for (const region of regions) {
    for (const arn of made([pattern, ...others], pattern, target(region, home.accountId, '?*')))
      if (isNew(arn)) yield { arn, scope, inHomeAccount: true }
  }
  for (const { arn, accountId } of repositories) {
    if (matchesWildcard(pattern, arn) && isNew(arn))
      yield { arn, scope: 'repository', inHomeAccount: accountId === home.accountId }
  }
  for (const account of accountsFor(pattern, home.accountId)) {
    for (const region of regions) {
      const free = target(region, account, freshName)
      if (matchesWildcard(pattern, free) && isNew(free)) yield { arn: free, scope, inHomeAccount: false }
      for (const arn of made([pattern, ...others], pattern, target(region, account, '?*')))
        if (isNew(arn)) yield { arn, scope, inHomeAccount: false }
    }
  }
}

/** ARNs of the target's form that the sources make up and the pattern admits. */
function made(sources: readonly string[], pattern: string, target: string): readonly string[] {
  const wanted = narrowed(pattern, target)
  if (wanted === undefined) return []
  return sources.flatMap((source) => {
    const narrow = narrowed(source, target)
    if (narrow === undefined) return []
    // The longer filling shows that the name is free, the shorter one meets what the longer one cannot.
    const pairs = source === pattern ? [target] : [target, wanted]
    const texts = pairs.flatMap((other) => [commonMatch(filled(narrow), other), commonMatch(narrow, other)])
    return texts.flatMap((found) =>
      typeof found === 'object' &&
      isRepository(found.text) &&
      [target, pattern].every((one) => matchesWildcard(one, found.text))
        ? [found.text]
        : [],
    )
  })
}

/** The pattern with partition, service, region and account of the target; undefined when they do not match. */
function narrowed(pattern: string, target: string): string | undefined {
  const parts = pattern.split(':')
  if (parts.length < 6) return pattern
  const wanted = target.split(':').slice(0, 5)
  if (!wanted.every((part, index) => matchesWildcard(parts[index] ?? '', part))) return undefined
  return [...wanted, ...parts.slice(5)].join(':')
}

/** Stars match colons too, names hold none. */
function isRepository(arn: string): boolean {
  return /^[\w./-]+$/.test(arn.split(':').slice(5).join(':'))
}

/** The last star stands for a name that starts with the fresh one. */
function filled(pattern: string): string {
  const at = pattern.lastIndexOf('*')
  return at < 0 ? pattern : `${pattern.slice(0, at)}${at === 0 ? '*' : ''}${freshName}${pattern.slice(at)}`
}

function regionsFor(pattern: string, regions: readonly string[]): readonly string[] {
  const written = parseArn(pattern)?.region ?? ''
  const more = written !== '' && !hasWildcard(written) ? [written] : []
  return [...new Set([...regions, ...more, ...(regions.length + more.length === 0 ? ['us-east-1'] : [])])]
}

function accountsFor(pattern: string, home: string): readonly string[] {
  const written = parseArn(pattern)?.accountId ?? ''
  const found = commonMatch(written === '' ? '*' : written, '?'.repeat(12))
  const account = typeof found === 'object' ? found.text.replaceAll('x', '7') : freshAccount
  return [...new Set([hasWildcard(written) || written === '' ? freshAccount : account, account])].filter(
    (id) => id !== home && /^\d{12}$/.test(id),
  )
}

function starred(pattern: string): string {
  let text = pattern
  for (let open = text.indexOf('${'); open >= 0; open = text.indexOf('${')) {
    const close = text.indexOf('}', open)
    if (close < 0) return text
    text = `${text.slice(0, open)}*${text.slice(close + 1)}`
  }
  return text
}
