import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import { limits, recordedContextTypes, ruleNamePrefix, scheduledFrequency } from '../config.ts'

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
  readonly name: string
  readonly description: string
  /** Resource types whose changes trigger the rule; empty for a rule that only runs on schedule. */
  readonly scope: readonly string[]
  readonly triggers: readonly RuleTrigger[]
  /** JSON text. The handler learns from it which rule it was invoked for. */
  readonly inputParameters: string
}

/** The rules of `area` that are on by default, and those the deployer names on top. Throws on an id that area lacks. */
export function enabledRules<R extends RuleMeta>(
  rules: readonly R[],
  area: RuleMeta['area'],
  extra: readonly string[],
): readonly R[] {
  const ofArea = rules.filter((rule) => rule.area === area)
  const known = new Set(ofArea.map(({ id }) => id))
  const unknown = extra.filter((id) => !known.has(id))
  if (unknown.length > 0) throw new Error(`context "rules": no rule of area ${area} is called ${unknown.join(', ')}`)
  return ofArea.filter((rule) => rule.defaultEnabled || extra.includes(rule.id))
}

/** Derives the AWS Config rule of one catalogue rule. Throws when the rule breaks a limit of AWS Config or has no trigger. */
export function configRuleOf(rule: RuleMeta): ConfigRuleDefinition {
  const scope = changeScopeOf(rule)
  const definition = {
    ruleId: rule.id,
    name: `${ruleNamePrefix}${rule.id}`,
    description: truncate(rule.title, limits.ruleDescription),
    scope,
    triggers: [...(scope.length > 0 ? changeTriggers : []), ...(rule.triggers.scheduled ? scheduledTriggers : [])],
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

/**
 * The judged type and the recorded types the decision rests on: a changed registry policy changes the verdict on every
 * repository. AWS Config records no item of `AWS::::Account`: a rule on registry settings can only run on schedule.
 */
function changeScopeOf(rule: RuleMeta): readonly string[] {
  if (!rule.triggers.change || rule.judges === 'AWS::::Account') return []
  return [rule.judges, ...rule.reads.filter((type) => recordedContextTypes.has(type))]
}

function refuseBeyondLimits({ ruleId, name, triggers, inputParameters }: ConfigRuleDefinition): void {
  if (name.length > limits.ruleName) throw new Error(`${ruleId}: the Config rule name has more than 64 characters`)
  if (inputParameters.length > limits.inputParameters) throw new Error(`${ruleId}: input parameters are too long`)
  if (triggers.length === 0) throw new Error(`${ruleId}: AWS Config has no way to trigger it`)
}

function truncate(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
