import { changeScopeOf, homeRegionTypes } from '../../shared/rules/change-scope.ts'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import { limits, ruleNamePrefix, scheduledFrequency } from '../config.ts'

/** One `SourceDetail` of a custom Lambda rule. */
export interface RuleTrigger {
  readonly messageType:
    | 'ConfigurationItemChangeNotification'
    | 'OversizedConfigurationItemChangeNotification'
    | 'ScheduledNotification'
  /** Only for scheduled notifications. */
  readonly frequency?: typeof scheduledFrequency
}

/** What AWS Config has to be told about one rule. */
export interface ConfigRuleDefinition {
  readonly ruleId: string
  readonly area: RuleMeta['area']
  /** The least rule set that has it. */
  readonly set: 'recommended' | 'all'
  readonly name: string
  readonly description: string
  /** Resource types whose changes trigger the rule; empty for a rule that only runs on schedule. */
  readonly scope: readonly string[]
  readonly triggers: readonly RuleTrigger[]
  /** True when the judged resources belong to the account: the rule exists in its home region only. */
  readonly homeRegionOnly: boolean
  /** JSON text. The handler learns from it which rule it was invoked for. */
  readonly inputParameters: string
}

/** The rules of `areas`, those that are off by default too: parameters of a deployment say which of them it has. */
export function deployableRules<R extends RuleMeta>(
  rules: readonly R[],
  areas: readonly RuleMeta['area'][],
): readonly R[] {
  return rules.filter((rule) => areas.includes(rule.area))
}

/** Derives the AWS Config rule of one catalogue rule. Throws when the rule breaks a limit of AWS Config or has no trigger. */
export function configRuleOf(rule: RuleMeta): ConfigRuleDefinition {
  const scope = changeScopeOf(rule)
  const definition = {
    ruleId: rule.id,
    area: rule.area,
    set: rule.defaultEnabled ? ('recommended' as const) : ('all' as const),
    name: `${ruleNamePrefix}${rule.id}`,
    description: truncate(rule.title, limits.ruleDescription),
    scope,
    triggers: [...(scope.length > 0 ? changeTriggers : []), ...(rule.triggers.scheduled ? scheduledTriggers : [])],
    homeRegionOnly: homeRegionTypes.has(rule.judges),
    inputParameters: JSON.stringify({ ruleId: rule.id }),
  }
  refuseBeyondLimits(definition)
  return definition
}

/** A rule receives an item above 256 KB only if it asks for the oversized message too. */
const changeTriggers: readonly RuleTrigger[] = [
  { messageType: 'ConfigurationItemChangeNotification' },
  { messageType: 'OversizedConfigurationItemChangeNotification' },
]
const scheduledTriggers: readonly RuleTrigger[] = [
  { messageType: 'ScheduledNotification', frequency: scheduledFrequency },
]

function refuseBeyondLimits({ ruleId, name, triggers, inputParameters }: ConfigRuleDefinition): void {
  if (name.length > limits.ruleName) throw new Error(`${ruleId}: the Config rule name has more than 64 characters`)
  if (inputParameters.length > limits.inputParameters) throw new Error(`${ruleId}: input parameters are too long`)
  if (triggers.length === 0) throw new Error(`${ruleId}: AWS Config has no way to trigger it`)
}

function truncate(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
