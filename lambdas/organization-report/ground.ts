import { parseJsonSettings } from '../../shared/engine/json-settings.ts'
import { selectRules } from '../../shared/engine/plan.ts'
import type { Settings } from '../../shared/model/settings.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { publishedNames } from '../../shared/sources/published/names.ts'
import { type Facts, factsOf } from './facts.ts'
import { fail } from './problems.ts'
import { type Run, shelfOf } from './run.ts'

/** Hours that a published organization counts where settings do not say. */
const MAX_AGE = 72

/** What is the same for every account and region. */
export interface Ground {
  readonly settings: Settings
  /** The rules that run. */
  readonly rules: readonly Rule[]
  /** What the hub has published about the organization; unknown where it is too old. */
  readonly organization: Facts
}

/**
 * Reads what the hub publishes: the settings by which everything is judged, and the organization.
 * @throws PassingProblem, ReportProblem when the settings cannot be read or are not valid: verdicts by others would be wrong
 */
export async function groundOf(run: Run): Promise<Ground> {
  const { parts } = run
  const file = publishedNames.settings
  const parse = (text: string) => parseJsonSettings(text, file, parts.rules)
  const copy = await parts.published.settings(shelfOf(run), (text) => void parse(text))
  if (copy.state === 'unknown') return fail('the published settings', copy)
  const settings = parse(copy.state === 'known' ? copy.value : '')
  const maxAge = settings.organizationFacts?.maxAge ?? MAX_AGE
  const { items, coverage } = await parts.published.organization(shelfOf(run), maxAge)
  return { settings, rules: selectRules(parts.rules, settings), organization: factsOf(items, coverage) }
}
