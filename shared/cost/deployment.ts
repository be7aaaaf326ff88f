import type { RuleMeta } from '../rules/define-rule.ts'
import type { Estate } from './estate.ts'
import type { Prices } from './prices.ts'

/** How many alarms a deployment has: the parameter `Alarms` of the member template. */
export const alarmLevels = ['none', 'evidence', 'all'] as const
/** One of `alarmLevels`. */
export type AlarmLevel = (typeof alarmLevels)[number]

/** A deployment whose cost is asked for. */
export interface Deployment {
  readonly accounts: number
  /** Of each account, the home region among them. */
  readonly regions: number
  /** The rules that exist. */
  readonly rules: readonly RuleMeta[]
  readonly estate: Estate
  readonly prices: Prices
  readonly alarms: AlarmLevel
  readonly securityHub: boolean
  /** True with a hub: settings, the organization, reports. */
  readonly hub: boolean
}

/** Which rules of an area exist: the parameters `EcrRules`, `RoleRules`, `VpcRules`, `ImageRules` of the member template. */
export const ruleSets = ['recommended', 'all', 'none'] as const
/** One of `ruleSets`. */
export type RuleSet = (typeof ruleSets)[number]

/** The rules of the sets, `recommended` where an area names none. Those that `enabled` speaks of follow it, except in an area without rules. */
export function rulesOf<R extends RuleMeta>(
  catalogue: readonly R[],
  sets: ReadonlyMap<RuleMeta['area'], RuleSet>,
  enabled: (rule: R) => boolean | undefined,
): readonly R[] {
  return catalogue.filter((rule) => {
    const set = sets.get(rule.area) ?? 'recommended'
    if (set === 'none') return false
    return enabled(rule) ?? (set === 'all' || rule.defaultEnabled)
  })
}
