import type { RequestContext, Truth } from '../conditions/context.ts'
import { evaluateCondition } from '../conditions/evaluate-condition.ts'
import { parseOperator } from '../conditions/operator.ts'
import { variableKeys } from '../conditions/variables.ts'
import type { Policy, PrincipalElement, Statement } from '../policy/policy.ts'
import type { Actor } from './actor.ts'
import { mayMatch } from './open-variables.ts'
import { namesCaller } from './principal.ts'

const principalArn = 'aws:principalarn'

/** One test of a statement: a condition, or whether the statement names the caller. */
export interface Clause {
  /** Keys the test looks at, in lower case. */
  readonly keys: readonly string[]
  /** The key as written, when the clause is a condition. */
  readonly key: string | undefined
  /** Names what is not understood when the test is unknown. */
  readonly label: string
  /** The condition as a sentence. */
  readonly sentence: string
  /** Steps one evaluation takes of the budget. */
  readonly cost: number
  readonly evaluate: (context: RequestContext, actor: Actor) => Truth
}

/** The tests a statement makes of a caller. An Allow's Principal is met by construction of its callers. */
export function clausesOf(statement: Statement, policy: Policy, partition: string): readonly Clause[] {
  const refusing: Truth = statement.effect === 'Allow' ? 'false' : 'true'
  const conditions = statement.conditions.map((condition): Clause => {
    const variables = policy.version !== '2008-10-17'
    const more = variables ? condition.values.flatMap(variableKeys) : []
    return {
      keys: [...new Set([condition.key.toLowerCase(), ...more])],
      key: condition.key,
      label:
        parseOperator(condition.operator) === undefined
          ? `condition operator ${condition.operator}`
          : `condition key ${condition.key}`,
      sentence: `${condition.key} ${condition.operator} ${condition.values.slice(0, 3).join(', ')}${condition.values.length > 3 ? ', …' : ''}`,
      cost: condition.values.reduce((sum, value) => sum + 1 + value.length / 4, 4),
      evaluate: (context) => {
        const truth = evaluateCondition(condition, context, { variables })
        return truth === refusing && more.length > 0 && mayMatch(condition, context) ? 'unknown' : truth
      },
    }
  })
  const { principal } = statement
  if (principal === undefined || (statement.effect === 'Allow' && !principal.not)) return conditions
  const naming: Clause = {
    keys: [principalArn],
    key: undefined,
    label: `${principal.not ? 'NotPrincipal' : 'Principal'} ${namesOf(principal)}`,
    sentence: '',
    cost: principal.kind === 'any' ? 1 : principal.entries.length * 2 + 1,
    evaluate: (context, actor) => namesCaller(principal, actor, arnIn(context), partition),
  }
  return [naming, ...conditions]
}

function namesOf(principal: PrincipalElement): string {
  if (principal.kind === 'any') return '*'
  const names = principal.entries.map(({ value }) => value)
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`
}

function arnIn(context: RequestContext): string | undefined {
  const value = context.get(principalArn)
  return value?.state === 'present' ? value.values[0] : undefined
}
