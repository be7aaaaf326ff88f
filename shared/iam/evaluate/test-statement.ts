import type { ContextLookup, Truth } from '../conditions/context.ts'
import { parseOperator } from '../conditions/operator.ts'
import { expandTemplate } from '../conditions/variables.ts'
import { compileResourceParts, coversResource } from '../match/resource-pattern.ts'
import type { Caller } from './caller.ts'
import type { CompiledCondition, CompiledResources, CompiledStatement, ResourceTemplate } from './compiled-policy.ts'
import { deniedByException, type Naming, namingOf } from './principal-element.ts'
import type { LayerName, Missing } from './types.ts'

/** A request as statements are tested against it. */
export interface Subject {
  readonly caller: Caller
  /** In lower case. */
  readonly action: string
  /** ARN, or `*` for an action without resource-level permissions. */
  readonly resource: string
  readonly context: ContextLookup
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
const met: Tested = { truth: 'true', naming: unnamed, missing: nothing }

/** True for layers whose statements name principals. */
export function namesPrincipals(layer: LayerName): boolean {
  return layer === 'resource' || layer === 'rcp' || layer === 'endpoint'
}

/** Tests principal, resource and conditions of a statement that speaks of the action. */
export function testStatement(compiled: CompiledStatement, layer: LayerName, policy: string, subject: Subject): Tested {
  const named = nameCaller(compiled, layer, subject)
  const who = named === undefined ? 'unknown' : anyReach(named)
  if (who === 'false') return notPrincipal
  const where = compiled.resources === undefined ? withoutResource(layer) : coverage(compiled.resources, subject)
  if (where === 'false') return notResource
  let isOpen = false
  for (const condition of compiled.conditions) {
    const truth = condition.holds(subject.context)
    if (truth === 'false') return { truth, failed: 'condition', on: condition.label }
    isOpen ||= truth === 'unknown'
  }
  if (named === undefined || who === 'unknown' || where === 'unknown' || isOpen)
    return openStatement(compiled, layer, policy, subject, named)
  return named === unnamed ? met : { truth: 'true', naming: named, missing: factsOf(named) }
}

/** Whether the statement names the caller in any way. */
export function anyReach({ direct, entity, account }: Naming): Truth {
  if (direct === 'true' || entity === 'true' || account === 'true') return 'true'
  return direct === 'unknown' || entity === 'unknown' || account === 'unknown' ? 'unknown' : 'false'
}

/** What is not known about a statement. */
interface Gaps {
  readonly policy: string
  readonly position: number
  readonly missing: Missing[]
  on: string | undefined
}

/** A statement of which something is not known, with all of it. */
function openStatement(
  compiled: CompiledStatement,
  layer: LayerName,
  policy: string,
  subject: Subject,
  named: Naming | undefined,
): Tested {
  const gaps: Gaps = { policy, position: compiled.statement.position, missing: [], on: undefined }
  noteResource(compiled, layer, subject, gaps)
  for (const condition of compiled.conditions) {
    if (condition.holds(subject.context) === 'unknown') noteCondition(condition, subject.context, gaps)
  }
  if (named === undefined) refuse(compiled, layer, gaps)
  else if (anyReach(named) === 'unknown') for (const fact of named.facts) noteFact(fact, gaps)
  else gaps.missing.push(...factsOf(named))
  const on = gaps.on === undefined ? {} : { on: gaps.on }
  return { truth: 'unknown', naming: named ?? unnamed, missing: gaps.missing, ...on }
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
function factsOf({ facts }: Naming): readonly Missing[] {
  return facts.length === 0 ? nothing : facts.map((fact) => ({ kind: 'fact', fact }))
}

/** Undefined when the element is missing where AWS demands it, or there where AWS refuses it. */
function nameCaller(compiled: CompiledStatement, layer: LayerName, subject: Subject): Naming | undefined {
  const { principal, statement } = compiled
  if (!namesPrincipals(layer)) return principal === undefined ? unnamed : undefined
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

/** Resource policies may leave Resource out: they speak of the resource they are attached to. */
function withoutResource(layer: LayerName): Truth {
  return layer === 'resource' ? 'true' : 'unknown'
}

function coverage(resources: CompiledResources, subject: Subject): Truth {
  const { not, literals, patterns, templates } = resources
  const { resource } = subject
  if (literals.has(resource)) return not ? 'false' : 'true'
  for (const pattern of patterns) if (coversResource(pattern, resource)) return not ? 'false' : 'true'
  let isOpen = false
  for (const template of templates) {
    const covered = templateCovers(template, subject, not)
    if (covered === 'true') return not ? 'false' : 'true'
    isOpen ||= covered === 'unknown'
  }
  return isOpen ? 'unknown' : not ? 'true' : 'false'
}

/**
 * As AWS documents, a pattern whose variable has no value covers nothing. Whether NotResource then leaves every resource in, or
 * the statement speaks of none, can be read either way.
 */
function templateCovers({ template, widest }: ResourceTemplate, subject: Subject, not: boolean): Truth {
  const { resource, context } = subject
  const value = expandTemplate(template, context)
  if (value === 'unresolved' || value === 'several') return not ? 'unknown' : 'false'
  if (value !== 'unknown') return coversResource(compileResourceParts(value.parts), resource) ? 'true' : 'false'
  return coversResource(widest, resource) ? 'unknown' : 'false'
}

function noteResource({ resources }: CompiledStatement, layer: LayerName, subject: Subject, gaps: Gaps): void {
  const { policy, position } = gaps
  if (resources === undefined) {
    if (layer === 'resource') return
    const reason = `statement ${position} has no Resource, which AWS refuses in this kind of policy`
    note({ kind: 'document', policy, reason }, 'Resource', gaps)
    return
  }
  if (coverage(resources, subject) !== 'unknown') return
  for (const one of resources.templates) {
    if (templateCovers(one, subject, resources.not) === 'unknown') noteTemplate(one, subject.context, gaps)
  }
}

function noteTemplate({ written }: ResourceTemplate, context: ContextLookup, gaps: Gaps): void {
  const { policy, position } = gaps
  const keys = unknownKeys(writtenNames(written), context)
  for (const key of keys) note({ kind: 'contextKey', key, policy, position }, `Resource ${key}`, gaps)
  if (keys.length === 0) noteFact(`meaning of NotResource ${written} whose variable has no value`, gaps)
}

/** Names of the variables as written. */
function writtenNames(written: string): readonly string[] {
  return written
    .split('${')
    .slice(1)
    .map((part) => part.slice(0, part.indexOf('}')).split(',')[0]?.trim() ?? '')
    .filter((name) => name !== '*' && name !== '?' && name !== '$')
}

function unknownKeys(keys: readonly string[], context: ContextLookup): readonly string[] {
  return keys.filter((key) => (context.get(key.toLowerCase())?.state ?? 'unknown') === 'unknown')
}

function noteCondition({ condition, keys, label }: CompiledCondition, context: ContextLookup, gaps: Gaps): void {
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
