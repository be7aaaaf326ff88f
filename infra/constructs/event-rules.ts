import { type CfnCondition, aws_events as events, aws_lambda as lambda } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { attempts, eventRulePrefix } from '../config.ts'
import type { InlineFunction } from './inline-function.ts'
import { queueArn } from './sealed-queue.ts'

/** One EventBridge rule on the default bus. */
export interface EventRuleDefinition {
  /** Unique among the rules; the rule is called this, after the prefix. */
  readonly name: string
  readonly description: string
  readonly pattern: object
  /** Missing for a rule that exists wherever the function does. */
  readonly condition?: CfnCondition | undefined
}

/** What a set of EventBridge rules is made from. */
export interface EventRulesProps {
  readonly definitions: readonly EventRuleDefinition[]
  readonly target: InlineFunction
  /** Name of the queue of events that could not be handed over. */
  readonly undelivered: string
}

/**
 * EventBridge rules that lead to one function. Each target says how long and how often its delivery is tried, because the
 * defaults differ between buses, and where an event goes that was not delivered. Each rule may invoke the function by a permission
 * of its own.
 */
export class EventRules extends Construct {
  readonly rules: readonly events.CfnRule[]

  constructor(scope: Construct, id: string, { definitions, target, undelivered }: EventRulesProps) {
    super(scope, id)
    this.rules = definitions.map(({ name, description, pattern, condition }) => {
      const rule = new events.CfnRule(this, name, {
        ...{ name: eventRuleName(name), description, eventPattern: pattern, state: 'ENABLED' },
        targets: [
          {
            id: 'function',
            arn: target.function.attrArn,
            deadLetterConfig: { arn: queueArn(undelivered) },
            retryPolicy: attempts.eventTarget,
          },
        ],
      })
      const permission = mayInvoke(this, `${name}-may-invoke`, rule, target.function)
      if (condition) {
        rule.cfnOptions.condition = condition
        permission.cfnOptions.condition = condition
      }
      return rule
    })
  }
}

/** The name EventBridge knows a rule by. */
export function eventRuleName(name: string): string {
  return `${eventRulePrefix}${name}`
}

function mayInvoke(scope: Construct, id: string, rule: events.CfnRule, target: lambda.CfnFunction) {
  return new lambda.CfnPermission(scope, id, {
    action: 'lambda:InvokeFunction',
    functionName: target.attrArn,
    principal: 'events.amazonaws.com',
    sourceArn: rule.attrArn,
  })
}
