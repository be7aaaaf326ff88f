import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import {
  contextTriggers,
  homeRegionTypes,
  limits,
  ruleNamePrefix,
  scheduledFrequency,
  unrecordedTypes,
} from '../config.ts'

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
  /** True when the judged resources belong to the account: the rule exists in its home region only. */
  readonly homeRegionOnly: boolean
  /** JSON text. The handler learns from it which rule it was invoked for. */
  readonly inputParameters: string
}

/** The rules of `areas` that are on by default, and those the deployer names on top. Throws on an id that no area has. */
export function enabledRules<R extends RuleMeta>(
  rules: readonly R[],
  areas: readonly RuleMeta['area'][],
  extra: readonly string[],
): readonly R[] {
  const deployed = rules.filter((rule) => areas.includes(rule.area))
  const known = new Set(deployed.map(({ id }) => id))
  const unknown = extra.filter((id) => !known.has(id))
  if (unknown.length > 0) {
    throw new Error(`context "rules": no rule of area ${areas.join(' or ')} is called ${unknown.join(', ')}`)
  }
  return deployed.filter((rule) => rule.defaultEnabled || extra.includes(rule.id))
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

/**
 * The judged type and the recorded types the decision rests on: a changed registry policy changes the verdict on every
 * repository.
 */
function changeScopeOf(rule: RuleMeta): readonly string[] {
  if (!rule.triggers.change) return []
  const context = contextTriggers.get(rule.judges) ?? []
  return [
    ...(unrecordedTypes.has(rule.judges) ? [] : [rule.judges]),
    ...rule.reads.filter((type) => context.includes(type)),
  ]
}

function refuseBeyondLimits({ ruleId, name, triggers, inputParameters }: ConfigRuleDefinition): void {
  if (name.length > limits.ruleName) throw new Error(`${ruleId}: the Config rule name has more than 64 characters`)
  if (inputParameters.length > limits.inputParameters) throw new Error(`${ruleId}: input parameters are too long`)
  if (triggers.length === 0) throw new Error(`${ruleId}: AWS Config has no way to trigger it`)
}

function truncate(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
