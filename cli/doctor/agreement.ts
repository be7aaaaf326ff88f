import type { Rule } from '../../shared/rules/define-rule.ts'
import { type BadFindings, type BadResults, badFindings, badResults } from '../../shared/sources/doctor/agreement.ts'
import { type Check, type CheckItem, worstOf } from './check.ts'
import { ruleNamePrefix } from './config-rules.ts'
import { type Place, readerOf } from './place.ts'

/**
 * Whether Security Hub shows as many failures of each rule as AWS Config. They part when one of the two did not take what it was told,
 * and for the minutes until what was found reaches both.
 */
export async function checkAgreement(place: Place, catalogue: readonly Rule[]): Promise<Check> {
  const base = { id: 'agreement', region: place.region } as const
  const [results, findings] = await Promise.all([
    badResults(readerOf(place, place.clients.config), ruleNamePrefix),
    badFindings(readerOf(place, place.clients.securityHub)),
  ])
  if (results.state === 'unknown') return { ...base, status: 'unknown', reason: results.reason }
  if (findings.state === 'unknown') return { ...base, status: 'unknown', reason: findings.reason }
  if (findings.state === 'absent')
    return { ...base, status: 'ok', reason: 'Security Hub is not enabled: nothing to compare' }
  const shown = results.state === 'known' ? results.value : new Map<string, BadResults>()
  const items = [...shown].flatMap(([name, bad]) => itemOf(name, bad, findings.value, catalogue) ?? [])
  return { ...base, ...judged(items) }
}

function itemOf(
  name: string,
  { count, isCapped }: BadResults,
  findings: ReadonlyMap<string, BadFindings>,
  catalogue: readonly Rule[],
): CheckItem | undefined {
  const rule = catalogue.find(({ id }) => isNameOf(name, id))
  // AWS Config has one result for all node groups of a cluster.
  if (rule === undefined || rule.judges === 'AWS::EKS::Nodegroup') return undefined
  const { failed, open } = findings.get(rule.id) ?? { failed: 0, open: 0 }
  const all = failed + open
  // Settings may keep verdicts that could not be reached from AWS Config.
  const isSame = isCapped ? all >= count : failed <= count && count <= all
  const reason = `AWS Config shows ${isCapped ? 'more than ' : ''}${count} not compliant, Security Hub ${failed} failed and ${open} open`
  return { name, status: isSame ? 'ok' : 'warn', reason }
}

/** A conformance pack adds its own ending to the name. */
function isNameOf(name: string, ruleId: string): boolean {
  const own = `${ruleNamePrefix}${ruleId}`
  return name === own || name.startsWith(`${own}-conformance-pack`)
}

function judged(items: readonly CheckItem[]): Omit<Check, 'id'> {
  if (items.length === 0) return { status: 'ok', reason: `no rule is called ${ruleNamePrefix}…: nothing to compare` }
  const status = worstOf(items.map((item) => item.status))
  const apart = items.filter((item) => item.status !== 'ok').length
  const all = items.length === 1 ? '1 rule' : `${items.length} rules`
  if (apart === 0) return { status, reason: `AWS Config and Security Hub agree about ${all}`, items }
  return {
    status,
    reason: `AWS Config and Security Hub differ about ${apart} of ${all}`,
    fix: 'the next daily sweep sends what differs; if it stays, look at the queue pullpath-finding-dead-letters and the log group /aws/lambda/pullpath-finding-publisher',
    items,
  }
}
