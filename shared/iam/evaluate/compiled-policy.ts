import { type PreparedCondition, preparedCondition } from '../conditions/evaluate-condition.ts'
import { compileTemplate, type Template, variableKeys } from '../conditions/variables.ts'
import { compileResourcePattern, type ResourcePattern } from '../match/resource-pattern.ts'
import { compileTextPattern, matchesTextPattern, type TextPattern } from '../match/text-pattern.ts'
import type { Condition, PatternElement, Policy, Statement } from '../policy/policy.ts'
import { type CompiledPrincipal, compilePrincipal } from './principal-element.ts'

/** Most actions whose statements one policy remembers. */
const rememberedActions = 64

/** A condition and the keys it looks at, in lower case. */
export interface CompiledCondition {
  readonly condition: Condition
  readonly holds: PreparedCondition
  readonly keys: readonly string[]
  /** Operator and key, as written. */
  readonly label: string
}

/** A pattern with variables, filled in for each request. */
export interface ResourceTemplate {
  readonly template: Template
  /** What the pattern may cover whatever the variables hold. */
  readonly widest: ResourcePattern
  readonly written: string
}

/** Resource or NotResource. */
export interface CompiledResources {
  readonly not: boolean
  readonly literals: ReadonlySet<string>
  readonly patterns: readonly ResourcePattern[]
  readonly templates: readonly ResourceTemplate[]
}

/** A statement made ready for many requests. */
export interface CompiledStatement {
  readonly statement: Statement
  readonly principal: CompiledPrincipal | undefined
  readonly resources: CompiledResources | undefined
  readonly conditions: readonly CompiledCondition[]
}

/** A policy made ready for many requests. */
export interface CompiledPolicy {
  readonly statements: readonly CompiledStatement[]
  readonly byAction: Map<string, readonly CompiledStatement[]>
}

const compiled = new WeakMap<Policy, CompiledPolicy>()

/** Makes a policy ready, once. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const before = compiled.get(policy)
  if (before !== undefined) return before
  const variables = policy.version === '2012-10-17'
  const made = { statements: policy.statements.map((item) => compileStatement(item, variables)), byAction: new Map() }
  compiled.set(policy, made)
  return made
}

/** The statements that speak of the action (lower case), in order. Remembered, for a bounded number of actions. */
export function statementsAbout(
  { statements, byAction }: CompiledPolicy,
  action: string,
): readonly CompiledStatement[] {
  const before = byAction.get(action)
  if (before !== undefined) return before
  const found = statements.filter(({ statement }) => speaksOfAction(statement.action, action))
  if (byAction.size >= rememberedActions) byAction.clear()
  byAction.set(action, found)
  return found
}

/** True when Action names the action, or NotAction does not. */
function speaksOfAction(element: PatternElement, action: string): boolean {
  return element.not !== actionMatcher(element)(action)
}

const matchers = new WeakMap<PatternElement, (action: string) => boolean>()

function actionMatcher(element: PatternElement): (action: string) => boolean {
  const before = matchers.get(element)
  if (before !== undefined) return before
  const literals = new Set<string>()
  const patterns: TextPattern[] = []
  for (const written of new Set(element.patterns)) {
    const pattern = compileTextPattern(written.toLowerCase())
    if (pattern.kind === 'literal') literals.add(pattern.text)
    else patterns.push(pattern)
  }
  const matcher = (action: string): boolean =>
    literals.has(action) || patterns.some((pattern) => matchesTextPattern(pattern, action))
  matchers.set(element, matcher)
  return matcher
}

function compileStatement(statement: Statement, variables: boolean): CompiledStatement {
  return {
    statement,
    principal: statement.principal === undefined ? undefined : compilePrincipal(statement.principal),
    resources: statement.resource === undefined ? undefined : compileResources(statement.resource, variables),
    conditions: statement.conditions.map((condition) => compileCondition(condition, variables)),
  }
}

function compileResources(element: PatternElement, variables: boolean): CompiledResources {
  const literals = new Set<string>()
  const patterns: ResourcePattern[] = []
  const templates: ResourceTemplate[] = []
  for (const written of new Set(element.patterns)) {
    if (variables && written.includes('${')) templates.push(compileResourceTemplate(written))
    else {
      const pattern = compileResourcePattern(written)
      if (pattern.kind === 'literal') literals.add(pattern.text)
      else patterns.push(pattern)
    }
  }
  return { not: element.not, literals, patterns, templates }
}

function compileResourceTemplate(written: string): ResourceTemplate {
  const template = compileTemplate(written)
  const texts = template.map((piece) => ('name' in piece ? '*' : piece.literal ? '?' : piece.text))
  return { template, widest: compileResourcePattern(texts.join('')), written }
}

function compileCondition(condition: Condition, variables: boolean): CompiledCondition {
  const named = variables ? condition.values.flatMap(variableKeys) : []
  return {
    condition,
    holds: preparedCondition(condition, variables),
    keys: [...new Set([condition.key.toLowerCase(), ...named])],
    label: `${condition.operator} ${condition.key}`,
  }
}
