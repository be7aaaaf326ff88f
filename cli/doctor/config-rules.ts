import { type RuleRun, ruleNames, ruleRuns } from '../../shared/sources/doctor/config-rules.ts'
import { type Check, type CheckItem, worstOf } from './check.ts'
import { type Place, readerOf } from './place.ts'

/** Names of the rules that the member template deploys start with it. */
export const ruleNamePrefix = 'pullpath-'
/** A rule that runs daily and was not evaluated for so long, hours, has missed its turn. */
const STALE_HOURS = 26

/** Whether the pullpath rules of AWS Config are there and are evaluated. */
export async function checkConfigRules(place: Place): Promise<Check> {
  const base = { id: 'config-rules', region: place.region } as const
  const reader = readerOf(place, place.clients.config)
  const names = await ruleNames(reader, ruleNamePrefix)
  if (names.state !== 'known') return { ...base, status: 'unknown', reason: reasonOf(names) }
  if (names.value.length === 0) {
    const fix = 'deploy the member template for continuous evaluation; the command line needs none'
    return { ...base, status: 'warn', reason: `no rule is called ${ruleNamePrefix}…`, fix }
  }
  const runs = await ruleRuns(reader, names.value)
  if (runs.state !== 'known') return { ...base, status: 'unknown', reason: reasonOf(runs) }
  const byName = new Map(runs.value.map((run) => [run.name, run]))
  return { ...base, ...judged(names.value.map((name) => itemOf(name, byName.get(name), place.now))) }
}

function reasonOf(
  answer: { readonly state: 'absent' } | { readonly state: 'unknown'; readonly reason: string },
): string {
  return answer.state === 'absent' ? 'AWS Config knows nothing of its rules' : answer.reason
}

function itemOf(name: string, run: RuleRun | undefined, now: Date): CheckItem {
  if (run === undefined) return { name, status: 'unknown', reason: 'AWS Config states no evaluation status' }
  const { lastSuccess, lastFailure, error } = run
  if (lastFailure !== undefined && (lastSuccess === undefined || lastFailure > lastSuccess)) {
    const why = error === undefined ? '' : ` with ${error}`
    return { name, status: 'fail', reason: `last evaluation failed${why} at ${lastFailure.toISOString()}` }
  }
  if (lastSuccess === undefined) return { name, status: 'warn', reason: 'never evaluated' }
  const at = `last evaluated at ${lastSuccess.toISOString()}`
  const isStale = now.getTime() - lastSuccess.getTime() > STALE_HOURS * 3_600_000
  return isStale
    ? { name, status: 'warn', reason: `${at}, more than ${STALE_HOURS} hours ago` }
    : { name, status: 'ok', reason: at }
}

function judged(items: readonly CheckItem[]): Omit<Check, 'id'> {
  const status = worstOf(items.map((item) => item.status))
  const late = items.filter((item) => item.status !== 'ok')
  if (late.length === 0) return { status, reason: rules(items.length, 'is', 'are', 'evaluated'), items }
  return {
    status,
    reason: `${late.length} of ${rules(items.length, 'is', 'are', 'not evaluated as it should be')}`,
    fix: "look at the log group of the rule's function (/aws/lambda/pullpath-…-auditor) and at the recorder",
    items,
  }
}

function rules(count: number, one: string, many: string, what: string): string {
  return count === 1 ? `1 rule ${one} ${what}` : `${count} rules ${many} ${what}`
}
