import { isSwitchedOff } from '../../shared/live/select-rule.ts'
import { sweptRules } from '../../shared/live/swept-rules.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import type { Invocation } from './invocation.ts'

/**
 * True of the one rule of a function and region whose sweep is its heartbeat: the first in the order of the catalogue that is
 * deployed here and swept, and that settings leave on. A sweep of a function that should have no rules speaks for itself.
 * @throws InputError for variables that are not as expected
 */
export function givesHeartbeat(invocation: Invocation): boolean {
  const { selected } = invocation
  const swept = sweptHere(invocation)
  const isOn = (rule: Rule) => !isSwitchedOff({ ...selected, rule })
  const designated = swept.find(isOn) ?? swept[0] ?? selected.rule
  return designated.id === selected.rule.id
}

/** The scheduled rules of the area that AWS Config has in this region. */
function sweptHere({ parts, own, selected }: Invocation): readonly Rule[] {
  const variables = parts.variables()
  const home = variables.PULLPATH_HOME_REGION ?? ''
  const isHome = home === '' || home === own.region
  const ofArea = parts.rules.filter(({ area }) => area === selected.rule.area)
  return sweptRules(ofArea, { variables, ids: parts.ruleIds, isHome })
}
