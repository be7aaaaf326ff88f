import { CfnCondition, type ICfnRuleConditionExpression } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** The condition of that name; `expression` says what it is when it is asked for the first time. */
export type Conditions = (id: string, expression: () => ICfnRuleConditionExpression) => CfnCondition

/** Conditions that a template has only when something asks for them: one that nothing needs is a finding of linters. */
export function conditionsIn(scope: Construct): Conditions {
  const made = new Map<string, CfnCondition>()
  return (id, expression) => {
    const held = made.get(id)
    if (held !== undefined) return held
    const condition = new CfnCondition(scope, id, { expression: expression() })
    made.set(id, condition)
    return condition
  }
}
