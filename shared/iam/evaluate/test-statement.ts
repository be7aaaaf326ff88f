import type { RequestContext, Truth } from '../conditions/context.ts'
import { allTrue, anyTrue } from '../conditions/context.ts'
import { evaluateCondition } from '../conditions/evaluate-condition.ts'
import { parseOperator } from '../conditions/operator.ts'
import { expandValue } from '../conditions/variables.ts'
import { compileResourceGlob, compileResourcePattern, coversResource } from '../match/resource-pattern.ts'
import type { Caller } from './caller.ts'
import type { CompiledCondition, CompiledResources, CompiledStatement } from './compiled-policy.ts'
import { deniedByException, type Naming, namingOf } from './principal-element.ts'
import type { LayerName, Missing } from './types.ts'

/** A request as statements are tested against it. */
export interface Subject {
  readonly caller: Caller
  /** In lower case. */
  readonly action: string
  /** ARN, or `*` for an action without resource-level permissions. */
  readonly resource: string
  readonly context: RequestContext
  readonly hasBoundary: boolean
}

/** What became of one statement whose action matches. */
export type Tested =
  | { readonly truth: 'false'; readonly failed: 'principal' | 'resource' | 'condition'; readonly on?: string }
  | {
      readonly truth: 'true' | 'unknown'
      readonly naming: Naming
      readonly missing: readonly Missing[]
      /** Operator and key of the first unknown. */
      readonly on?: string
    }

const notPrincipal: Tested = { truth: 'false', failed: 'principal' }
const notResource: Tested = { truth: 'false', failed: 'resource' }
const unnamed: Naming = { direct: 'true', entity: 'false', account: 'false', facts: [] }
const nothing: readonly Missing[] = []

/** Layers whose statements name principals. */
const naming: ReadonlySet<LayerName> = new Set(['resource', 'rcp', 'endpoint'])

/** Tests principal, resource and conditions of a statement that speaks of the action. */
export function testStatement(compiled: CompiledStatement, layer: LayerName, policy: string, subject: Subject): Tested {
  const named = nameCaller(compiled, layer, subject)
  const who = named === undefined ? 'unknown' : anyTrue([named.direct, named.entity, named.account])
  if (who === 'false') return notPrincipal
  const gaps: Gaps = { policy, position: compiled.statement.position, missing: [], on: undefined }
  const where = testResource(compiled, layer, subject, gaps)
  if (where === 'false') return notResource
  const failed = testConditions(compiled.conditions, compiled.variables, subject.context, gaps)
  if (failed !== undefined) return { truth: 'false', failed: 'condition', on: failed.label }
  if (named === undefined) refuse(compiled, layer, gaps)
  for (const fact of named?.facts ?? []) if (who === 'unknown') noteFact(fact, gaps)
  if (gaps.missing.length === 0) return { truth: 'true', naming: named ?? unnamed, missing: factsOf(named) }
  const missing = who === 'true' ? [...gaps.missing, ...factsOf(named)] : gaps.missing
  return { truth: 'unknown', naming: named ?? unnamed, missing, ...(gaps.on === undefined ? {} : { on: gaps.on }) }
}

/** What is not known about a statement, while it is tested. */
interface Gaps {
  readonly policy: string
  readonly position: number
  readonly missing: Missing[]
  on: string | undefined
}

function note(missing: Missing, on: string, gaps: Gaps): void {
  gaps.missing.push(missing)
  gaps.on ??= on
}

function noteFact(fact: string, gaps: Gaps): void {
  const { policy, position } = gaps
  if (fact.startsWith('key ')) note({ kind: 'contextKey', key: fact.slice(4), policy, position }, fact.slice(4), gaps)
  else note({ kind: 'fact', fact }, fact, gaps)
}

/** Facts that matter only when another layer makes a difference between kinds of naming. */
function factsOf(named: Naming | undefined): readonly Missing[] {
  if (named === undefined || named.facts.length === 0) return nothing
  return named.facts.map((fact) => ({ kind: 'fact', fact }))
}

/** Undefined when the element is missing where AWS demands it, or there where AWS refuses it. */
function nameCaller(compiled: CompiledStatement, layer: LayerName, subject: Subject): Naming | undefined {
  const { principal, statement } = compiled
  if (!naming.has(layer)) return principal === undefined ? unnamed : undefined
  if (principal === undefined) return undefined
  const { caller, context } = subject
  if (!principal.not || statement.effect === 'Allow') return namingOf(principal, caller, context)
  // As AWS documents: a Deny with NotPrincipal always denies a user or role that has a boundary.
  const isBound = subject.hasBoundary && (caller.kind === 'role' || caller.kind === 'session' || caller.kind === 'user')
  return isBound && !principal.isAny ? unnamed : deniedByException(principal, caller, context)
}

function refuse(compiled: CompiledStatement, layer: LayerName, gaps: Gaps): void {
  const { policy, position } = gaps
  const what = compiled.principal === undefined ? 'names no principal' : 'names a principal'
  const reason = `statement ${position} ${what}, which AWS refuses in this kind of policy`
  note({ kind: 'document', policy, reason }, layer === 'resource' ? 'Principal' : `Principal in ${layer}`, gaps)
}

function testResource(compiled: CompiledStatement, layer: LayerName, subject: Subject, gaps: Gaps): Truth {
  const { resources } = compiled
  if (resources !== undefined) return coverage(resources, subject, gaps)
  if (layer === 'resource') return 'true'
  const { policy, position } = gaps
  const reason = `statement ${position} has no Resource, which AWS refuses in this kind of policy`
  note({ kind: 'document', policy, reason }, 'Resource', gaps)
  return 'unknown'
}

function coverage(resources: CompiledResources, subject: Subject, gaps: Gaps): Truth {
  const { resource } = subject
  const isCovered =
    resources.literals.has(resource) || resources.patterns.some((pattern) => coversResource(pattern, resource))
  if (isCovered) return resources.not ? 'false' : 'true'
  return resources.templates.length === 0 ? (resources.not ? 'true' : 'false') : filledIn(resources, subject, gaps)
}

function filledIn(resources: CompiledResources, subject: Subject, gaps: Gaps): Truth {
  const unclear: string[] = []
  for (const template of resources.templates) {
    const covered = templateCovers(template, subject)
    if (covered === 'true') return resources.not ? 'false' : 'true'
    if (covered === 'unknown' || (covered === 'unresolved' && resources.not)) unclear.push(template)
  }
  for (const template of unclear) noteTemplate(template, subject, gaps)
  return unclear.length > 0 ? 'unknown' : resources.not ? 'true' : 'false'
}

/** A pattern whose variable has no value covers nothing; one whose variable is not known may cover what its text allows. */
function templateCovers(template: string, subject: Subject): Truth | 'unresolved' {
  const value = expandValue(template, subject.context)
  if (value === 'unresolved') return 'unresolved'
  if (value !== 'unknown') return coversResource(compileResourceGlob(value.glob), subject.resource) ? 'true' : 'false'
  return coversResource(compileResourcePattern(withStars(template)), subject.resource) ? 'unknown' : 'false'
}

function withStars(template: string): string {
  const parts = template.split('${')
  return parts.map((part, index) => (index === 0 ? part : `*${part.slice(part.indexOf('}') + 1)}`)).join('')
}

function noteTemplate(template: string, subject: Subject, gaps: Gaps): void {
  const { policy, position } = gaps
  const keys = unknownKeys(variableNames(template), subject.context)
  for (const key of keys) note({ kind: 'contextKey', key, policy, position }, `Resource ${key}`, gaps)
  if (keys.length === 0) noteFact(`meaning of NotResource ${template} whose variable has no value`, gaps)
}

function variableNames(template: string): readonly string[] {
  return template
    .split('${')
    .slice(1)
    .map((part) => part.slice(0, part.indexOf('}')).split(',')[0]?.trim() ?? '')
    .filter((name) => name !== '*' && name !== '?' && name !== '$')
}

function unknownKeys(keys: readonly string[], context: RequestContext): readonly string[] {
  return keys.filter((key) => (context.get(key.toLowerCase())?.state ?? 'unknown') === 'unknown')
}

/** The first condition that fails; unknown ones are noted. */
function testConditions(
  conditions: readonly CompiledCondition[],
  variables: boolean,
  context: RequestContext,
  gaps: Gaps,
): CompiledCondition | undefined {
  let unclear: CompiledCondition[] | undefined
  for (const condition of conditions) {
    const truth = evaluateCondition(condition.condition, context, { variables })
    if (truth === 'false') return condition
    if (truth === 'unknown') {
      unclear ??= []
      unclear.push(condition)
    }
  }
  for (const condition of unclear ?? []) noteCondition(condition, context, gaps)
  return undefined
}

function noteCondition({ condition, keys, label }: CompiledCondition, context: RequestContext, gaps: Gaps): void {
  const { policy, position } = gaps
  const { operator, key } = condition
  if (parseOperator(operator) === undefined) {
    note({ kind: 'operator', operator, policy, position }, label, gaps)
    return
  }
  const missing = unknownKeys(keys, context)
  for (const name of missing) {
    note({ kind: 'contextKey', key: name === key.toLowerCase() ? key : name, policy, position }, label, gaps)
  }
  if (missing.length === 0)
    note({ kind: 'fact', fact: `meaning of ${label} in ${policy}, statement ${position}` }, label, gaps)
}

/** And of two truths. */
export function both(left: Truth, right: Truth): Truth {
  return allTrue([left, right])
}
