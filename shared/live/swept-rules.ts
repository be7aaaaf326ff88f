import { homeRegionTypes } from '../rules/change-scope.ts'
import type { RuleMeta } from '../rules/define-rule.ts'
import { deployedRules } from './rule-switch.ts'

/** Where and by what parameters a member is deployed. */
export interface Placement {
  /** Environment variables as `deployedRules` takes them. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Ids of the whole catalogue. */
  readonly ids: readonly string[]
  /** True of the region whose recorder records IAM. */
  readonly isHome: boolean
}

/** The rules among `rules` that AWS Config has in a region and asks for on schedule: what a member gives a sign of, and a hub expects one of. */
export function sweptRules<Rule extends Pick<RuleMeta, 'id' | 'area' | 'judges' | 'triggers' | 'defaultEnabled'>>(
  rules: readonly Rule[],
  { variables, ids, isHome }: Placement,
): readonly Rule[] {
  const isDeployed = deployedRules(variables, ids)
  return rules.filter(
    (rule) => isDeployed(rule) && rule.triggers.scheduled && (isHome || !homeRegionTypes.has(rule.judges)),
  )
}
