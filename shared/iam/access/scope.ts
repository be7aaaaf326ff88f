import { ecrAction, ecrActions } from '../ecr-actions.ts'
import { patternsOverlap } from '../match/overlap.ts'
import { hasWildcard, matchesWildcard, matchesWildcardIgnoringCase } from '../match/wildcard.ts'
import type { PatternElement, Statement } from '../policy/policy.ts'
import type { RequestKind } from './candidates.ts'
import type { PolicyDocument } from './input.ts'

/** A set of ECR actions: bit n is `ecrActions[n]`. */
export type ActionMask = bigint

/** Actions a document of this kind can grant or deny at all. No resource policy decides on GetAuthorizationToken. */
export function grantable(document: PolicyDocument): ActionMask {
  const only =
    document.appliesTo === 'all-actions' ? undefined : new Set(document.appliesTo.map((name) => name.toLowerCase()))
  return maskOf(
    (action) =>
      action.group !== 'token' &&
      (document.document === 'registry policy' || action.level === 'repository') &&
      (only === undefined || only.has(action.name.toLowerCase())),
  )
}

/** Asked for again and again of policies that are parsed once. */
const masks = new WeakMap<PatternElement, ActionMask>()

/** Actions that Action or NotAction names. */
export function actionMask(element: PatternElement): ActionMask {
  const mask = masks.get(element) ?? maskOfElement(element)
  masks.set(element, mask)
  return mask
}

function maskOfElement(element: PatternElement): ActionMask {
  const named = maskOf(({ name }) => element.patterns.some((pattern) => matchesWildcardIgnoringCase(pattern, name)))
  return element.not ? everything & ~named : named
}

/** True when the pattern names at least one action of the private registry. */
export function namesSomeAction(pattern: string): boolean {
  return hasWildcard(pattern)
    ? ecrActions.some(({ name }) => matchesWildcardIgnoringCase(pattern, name))
    : ecrAction(pattern) !== undefined
}

const creating = maskOf(({ name }) => name === 'ecr:CreateRepository')
const tagging = maskOf(({ name }) => name === 'ecr:TagResource' || name === 'ecr:UntagResource')

/** The actions of a mask, apart by what their requests say of tags. */
export function byRequest(mask: ActionMask): readonly { readonly request: RequestKind; readonly mask: ActionMask }[] {
  const parts = [
    { request: 'other', mask: mask & ~creating & ~tagging },
    { request: 'creates', mask: mask & creating },
    { request: 'tags', mask: mask & tagging },
  ] as const
  return parts.filter((part) => part.mask !== 0n)
}

/** Canonical names of the actions of a mask, sorted. */
export function actionNames(mask: ActionMask): readonly string[] {
  return ecrActions.filter((_, index) => (mask >> BigInt(index)) & 1n).map(({ name }) => name)
}

/**
 * Whether a statement speaks of the resource, which may itself be a pattern (`…:repository/*`): an Allow does when it
 * covers some of it, a Deny only when it covers all of it.
 */
export function speaksOf(statement: Statement, resourceArn: string): boolean {
  const { resource, effect } = statement
  if (resource === undefined) return true
  const whole = (pattern: string): boolean => matchesWildcard(pattern, resourceArn)
  const some = (pattern: string): boolean => patternsOverlap(withoutVariables(pattern), resourceArn)
  if (effect === 'Allow') return resource.not ? !resource.patterns.some(whole) : resource.patterns.some(some)
  return resource.not ? !resource.patterns.some(some) : resource.patterns.some(whole)
}

const everything = maskOf(() => true)

function maskOf(wanted: (action: (typeof ecrActions)[number]) => boolean): ActionMask {
  return ecrActions.reduce((mask, action, index) => (wanted(action) ? mask | (1n << BigInt(index)) : mask), 0n)
}

/** Replaces each variable by its value where that is known, else by a star: it may hold anything. */
export function withoutVariables(
  pattern: string,
  known: (name: string) => string | undefined = () => undefined,
): string {
  let text = ''
  let from = 0
  for (let open = pattern.indexOf('${'); open >= 0; open = pattern.indexOf('${', from)) {
    const close = pattern.indexOf('}', open)
    if (close < 0) break
    text += pattern.slice(from, open) + (known(pattern.slice(open + 2, close)) ?? '*')
    from = close + 1
  }
  return text + pattern.slice(from)
}
