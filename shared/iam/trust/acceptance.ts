import { allTrue, type ContextValue, present, type RequestContext, type Truth } from '../conditions/context.ts'
import { evaluateCondition } from '../conditions/evaluate-condition.ts'
import { parseOperator } from '../conditions/operator.ts'
import { variableKeys } from '../conditions/variables.ts'
import type { Missing } from '../evaluate/types.ts'
import type { Condition, Statement } from '../policy/policy.ts'
import { claimCandidates, freshAudience } from './claim-candidates.ts'
import type { Issuer } from './issuer.ts'

/** Comparisons one trust may take: some hundred milliseconds. */
const stepBudget = 2_000_000
/** What is said of a policy that could not be searched to the end. */
export const tooComplex: Missing = { kind: 'fact', fact: 'the trust policy is too complex to be searched to the end' }
const openVariables: Missing = { kind: 'fact', fact: 'which values the variables of the trust policy take' }

/** Whether a request with the subject is accepted, and what would have to be known to say so. */
export interface Acceptance {
  readonly truth: Truth
  readonly missing: readonly Missing[]
}

/** What a search is about. */
export interface Question {
  readonly statement: Statement
  /** Those that mean the issuer. */
  readonly denies: readonly Statement[]
  readonly issuer: Issuer
  readonly version: string
  readonly accountId: string
  /** Undefined for an issuer that no condition can name. */
  readonly keys: { readonly subject: string; readonly audience: string } | undefined
}

/** A prepared search through the requests that carry a token of one issuer. */
export interface Search {
  /** Values of each condition on the subject. */
  readonly subjects: readonly (readonly string[])[]
  /** Audiences to try when any will do. */
  readonly audiences: readonly string[]
  /** Looks for other claims with which a token of the subject and one of the audiences is accepted. */
  readonly accepts: (subject: string, audiences: readonly string[]) => Acceptance
  /** Conditions of the statement on other keys that refuse some value, as sentences. */
  readonly narrowedBy: readonly string[]
}

/** Steps left, and what one context takes of them. */
interface Budget {
  left: number
  readonly cost: number
}

type Axis = readonly [string, readonly ContextValue[]]

/** Prepares the axes of the search once: keys with the values worth trying. */
export function prepareSearch(question: Question): Search {
  const { statement, denies, keys, version } = question
  const variables = version !== '2008-10-17'
  const conditions = [statement, ...denies].flatMap((one) => one.conditions)
  const mentions = mentionsOf(conditions, variables)
  const fixed = new Set(keys === undefined ? [] : [keys.subject, keys.audience])
  const free = [...mentions].filter(([key]) => !fixed.has(key))
  const candidates = free.map(
    ([key, values]) => [key, claimCandidates(key, values, question.issuer, question.accountId)] as const,
  )
  const axes = candidates.map(([key, { values }]): Axis => [key, reduced(key, values, question, variables)])
  const complete = candidates.every(([, one]) => one.complete)
  const budget = { left: stepBudget, cost: costOf(conditions) }
  return {
    subjects: conditions.filter(({ key }) => key.toLowerCase() === keys?.subject).map(({ values }) => values),
    audiences: audiencesOf(keys === undefined ? [] : (mentions.get(keys.audience) ?? [])),
    accepts: (subject, audiences) => {
      const identity: readonly Axis[] =
        keys === undefined
          ? []
          : [
              [keys.subject, [present(subject)]],
              [keys.audience, audiences.map((audience) => present(audience))],
            ]
      const found = search(question, [...identity, ...axes], variables, budget)
      return found.truth === 'false' && !complete ? { truth: 'unknown', missing: [tooComplex] } : found
    },
    narrowedBy: statement.conditions
      .filter((condition) => refusesSome(condition, candidates, variables))
      .map(sentenceOf),
  }
}

function costOf(conditions: readonly Condition[]): number {
  const values = conditions.flatMap((condition) => condition.values)
  return values.reduce((sum, value) => sum + 1 + value.length / 8, 1 + conditions.length)
}

function mentionsOf(conditions: readonly Condition[], variables: boolean): ReadonlyMap<string, readonly string[]> {
  const mentions = new Map<string, string[]>()
  const of = (key: string): string[] => {
    const before = mentions.get(key) ?? []
    mentions.set(key, before)
    return before
  }
  for (const { key, values } of conditions) {
    of(key.toLowerCase()).push(...values)
    if (variables) for (const used of values.flatMap(variableKeys)) of(used)
  }
  return new Map([...mentions].map(([key, values]) => [key, [...new Set(values)]]))
}

/** Audiences as conditions spell them, patterns filled in, and one they do not mention. */
function audiencesOf(mentioned: readonly string[]): readonly string[] {
  const filled = mentioned.map((value) => value.replaceAll('*', freshAudience).replaceAll('?', 'x'))
  return [...new Set([...mentioned, ...filled, freshAudience])]
}

/** Keeps one value of each kind: of values that all conditions judge alike one will do. */
function reduced(
  key: string,
  values: readonly ContextValue[],
  { statement, denies }: Question,
  variables: boolean,
): readonly ContextValue[] {
  const all = [statement, ...denies].flatMap((one) => one.conditions)
  if (variables && all.some(usesVariables)) return values
  const kinds = new Map<string, ContextValue>()
  for (const value of values) {
    const context = new Map([[key, value]])
    const own = all.filter((condition) => condition.key.toLowerCase() === key)
    const kind = own.map((condition) => evaluateCondition(condition, context, { variables })).join()
    if (!kinds.has(kind)) kinds.set(kind, value)
  }
  return [...kinds.values()]
}

function search(question: Question, axes: readonly Axis[], variables: boolean, budget: Budget): Acceptance {
  const total = axes.reduce((product, [, values]) => product * values.length, 1)
  const missing: Missing[] = []
  for (let index = 0; index < total; index += 1) {
    if (budget.left <= 0) return { truth: 'unknown', missing: [tooComplex] }
    budget.left -= budget.cost
    const outcome = judge(question, contextAt(axes, index), variables)
    if (outcome.truth === 'true') return outcome
    missing.push(...outcome.missing)
  }
  return { truth: missing.length === 0 ? 'false' : 'unknown', missing: distinctMissing(missing) }
}

/** The index-th combination of one value per key. */
function contextAt(axes: readonly Axis[], index: number): RequestContext {
  let rest = index
  const context = new Map<string, ContextValue>()
  for (const [key, values] of axes) {
    const value = values[rest % values.length]
    rest = Math.floor(rest / values.length)
    if (value !== undefined) context.set(key, value)
  }
  return context
}

function judge({ statement, denies }: Question, context: RequestContext, variables: boolean): Acceptance {
  const truthOf = ({ conditions, effect }: Statement): Truth =>
    allTrue(conditions.map((condition) => truthIn(condition, effect, context, variables)))
  const allowed = truthOf(statement)
  if (allowed === 'false') return { truth: 'false', missing: [] }
  const denied = denies.map((deny) => [deny, truthOf(deny)] as const)
  if (denied.some(([, truth]) => truth === 'true')) return { truth: 'false', missing: [] }
  const open = [
    ...(allowed === 'unknown' ? [statement] : []),
    ...denied.flatMap(([deny, truth]) => (truth === 'unknown' ? [deny] : [])),
  ]
  if (open.length === 0) return { truth: 'true', missing: [] }
  return { truth: 'unknown', missing: open.flatMap((one) => missingIn(one, context, variables)) }
}

/** The values tried are those that policies mention, not all that a variable may bring about: what they refuse is open. */
function truthIn(
  condition: Condition,
  effect: Statement['effect'],
  context: RequestContext,
  variables: boolean,
): Truth {
  const truth = evaluateCondition(condition, context, { variables })
  if (!(variables && usesVariables(condition))) return truth
  return truth === (effect === 'Allow' ? 'true' : 'false') ? truth : 'unknown'
}

function usesVariables({ values }: Condition): boolean {
  return values.some((value) => value.includes('${'))
}

function missingIn(
  { conditions, effect, position }: Statement,
  context: RequestContext,
  variables: boolean,
): readonly Missing[] {
  return conditions
    .filter((condition) => truthIn(condition, effect, context, variables) === 'unknown')
    .map((condition) => missingFor(condition, position, variables))
}

function missingFor(condition: Condition, position: number, variables: boolean): Missing {
  const { operator, key } = condition
  if (parseOperator(operator) === undefined) return { kind: 'operator', operator, policy: 'trust policy', position }
  if (variables && usesVariables(condition)) return openVariables
  return { kind: 'contextKey', key, policy: 'trust policy', position }
}

function refusesSome(
  condition: Condition,
  candidates: readonly (readonly [string, { readonly values: readonly ContextValue[] }])[],
  variables: boolean,
): boolean {
  const key = condition.key.toLowerCase()
  const values = candidates.find(([name]) => name === key)?.[1].values ?? []
  return values.some((value) => evaluateCondition(condition, new Map([[key, value]]), { variables }) === 'false')
}

function sentenceOf({ key, operator, values }: Condition): string {
  return `${key} ${operator} ${values.slice(0, 3).join(', ')}${values.length > 3 ? ', …' : ''}`
}

/** Sorted, without repetition. */
export function distinctMissing(missing: readonly Missing[]): readonly Missing[] {
  const byText = new Map(missing.map((one) => [JSON.stringify(one), one]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}
