import { termOf } from '../engine/exception-term.ts'
import { selectRules } from '../engine/plan.ts'
import { isRecordable } from '../inventory/recordable-types.ts'
import type { Settings } from '../model/settings.ts'
import { judgedTypes, type Rule } from '../rules/define-rule.ts'
import { MAX_SETTINGS_BYTES } from '../sources/published/names.ts'
import { checkOf, type DeployCheck, type DeployItem, withinLimit } from './check.ts'
import { awsLimits, configRulePrefix } from './limits.ts'

/** Days before its end from which an exception is said to end soon. */
export const soonDays = 30
const day = 86_400_000

/** How settings as JSON fit what takes them. */
export interface SettingsRoom {
  /** The settings as functions take them. */
  readonly json: string
  /** Characters of the member's parameter. */
  readonly parameter: number
  /** True when a hub publishes the settings; undefined when nobody said. */
  readonly hub: boolean | undefined
}

/** Whether the settings fit the member's parameter, or the object that the hub publishes. */
export function checkSettingsSize({ json, parameter, hub }: SettingsRoom): DeployCheck {
  const bytes = new TextEncoder().encode(json).length
  const published = withinLimit('published by the hub', bytes, MAX_SETTINGS_BYTES, 'bytes')
  const given = withinLimit('parameter Settings', json.length, parameter, 'characters')
  if (hub === true) return checkOf('settings-size', published.reason, [published])
  const softened: DeployItem =
    hub === undefined && given.status === 'error'
      ? { ...given, status: 'warning', reason: `${given.reason}: only a hub can hand them to the functions` }
      : given
  return checkOf('settings-size', given.reason, [softened, published])
}

/** Exceptions that have ended, or will before long. */
export function checkExceptions({ exceptions }: Settings, now: Date): DeployCheck {
  const items = exceptions.map((exception): DeployItem => {
    const { rule, resource, account, expires, owner } = exception
    const name = [rule, resource ?? account ?? ''].filter((text) => text !== '').join(' ')
    if (termOf(exception, now) === 'expired') {
      return { name, status: 'warning', reason: `ended on ${expires} and excepts nothing (${owner})` }
    }
    const left = Math.floor((Date.parse(`${expires}T00:00:00.000Z`) + day - now.getTime()) / day)
    if (left < soonDays) return { name, status: 'warning', reason: `ends on ${expires}, in ${left} days (${owner})` }
    return { name, status: 'ok', reason: `until ${expires}` }
  })
  return checkOf('exceptions', `${exceptions.length} exception${exceptions.length === 1 ? '' : 's'}`, items)
}

/** Whether AWS Config takes the rules that the deployment has; `leftOut` are those that settings switch on in vain. */
export function checkRules(rules: readonly Rule[], leftOut: readonly DeployItem[] = []): DeployCheck {
  if (rules.length === 0) {
    return { id: 'rules', status: 'error', reason: 'every rule is off: nothing would be judged' }
  }
  const items = rules.flatMap(({ id }) => [
    withinLimit(`${id}: name`, configRulePrefix.length + id.length, awsLimits.configRuleName, 'characters'),
    withinLimit(
      `${id}: name in a conformance pack`,
      configRulePrefix.length + id.length + awsLimits.packSuffix,
      awsLimits.packedRuleName,
      'characters',
    ),
    withinLimit(
      `${id}: input parameters`,
      JSON.stringify({ ruleId: id }).length,
      awsLimits.inputParameters,
      'characters',
    ),
  ])
  const quotas = [
    withinLimit('rules in a region', rules.length, awsLimits.configRulesOfRegion, 'rules, with those of others'),
    withinLimit('rules in a conformance pack', rules.length, awsLimits.packRules, 'rules'),
  ]
  const notable = [...items, ...quotas, ...leftOut].filter(({ status }) => status !== 'ok')
  return checkOf('rules', `${rules.length} rules are on`, notable)
}

/**
 * The rules that are on: with the parameters of a stack (`EcrRules` and so on) those it has and the settings do not switch off,
 * without them those the settings leave on.
 */
export function enabledBy(
  catalogue: readonly Rule[],
  settings: Settings,
  parameters?: ReadonlyMap<string, string>,
): readonly Rule[] {
  if (parameters === undefined) return selectRules(catalogue, settings)
  return catalogue.filter((rule) => isDeployed(rule, parameters) && settings.rules.get(rule.id)?.enabled !== false)
}

/** The rules that settings switch on and a stack with these parameters does not have: settings switch off only. */
export function switchedOnInVain(
  catalogue: readonly Rule[],
  settings: Settings,
  parameters: ReadonlyMap<string, string>,
): readonly DeployItem[] {
  const inVain = catalogue.filter(
    (rule) => settings.rules.get(rule.id)?.enabled === true && !isDeployed(rule, parameters),
  )
  return inVain.map((rule) => {
    const reason = `the settings switch it on, and a stack with ${setName(rule)}=${setOf(rule, parameters)} does not have it`
    return { name: rule.id, status: 'warning', reason }
  })
}

function isDeployed(rule: Rule, parameters: ReadonlyMap<string, string>): boolean {
  const set = setOf(rule, parameters)
  return set === 'all' || (set !== 'none' && rule.defaultEnabled)
}

/** As it is typed; what it may be the check of parameters says. */
function setOf(rule: Rule, parameters: ReadonlyMap<string, string>): string {
  return parameters.get(setName(rule)) ?? 'recommended'
}

function setName({ area }: Rule): string {
  return `${area.charAt(0).toUpperCase()}${area.slice(1)}Rules`
}

/** Types that AWS Config has to record for the rules: each judged or read by one, and recordable. */
export function typesToRecord(rules: readonly Rule[]): readonly DeployItem[] {
  const judged = new Set<string>(rules.flatMap((rule) => judgedTypes(rule)))
  const all = new Set([...judged, ...rules.flatMap(({ reads }) => reads)])
  return [...all]
    .filter(isRecordable)
    .sort()
    .map((name) => ({ name, status: 'ok', reason: judged.has(name) ? 'judged' : 'read' }))
}

/** What the recorders have to record: nobody can see from here whether they do. */
export function checkRecorder(rules: readonly Rule[]): DeployCheck {
  const types = typesToRecord(rules)
  const reason = `AWS Config has to record these ${types.length} types in every account and region (those of IAM in the home region); "pullpath doctor" says whether it does`
  return { id: 'recorder', status: 'ok', reason, items: types }
}
