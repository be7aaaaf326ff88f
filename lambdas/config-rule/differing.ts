import type { AuditRequest } from '../../shared/events/audit-request.ts'
import type { ConfigEvaluation } from '../../shared/sinks/config/evaluations.ts'
import { byKey, resultKey } from '../../shared/sources/config-compliance/evaluation-result.ts'
import { resultsOnResource } from '../../shared/sources/config-compliance/results-on-resource.ts'
import { forEachConcurrently } from '../../shared/sources/reading.ts'
import { shows } from './comparison.ts'
import type { Difference } from './deliver.ts'
import type { Invocation } from './invocation.ts'

const CONCURRENCY = 4

/**
 * The evaluations of a change that have to be put: those that AWS Config does not show already, each compared with the result on
 * its own resource, and all that are bad. A bad one is put even when it is shown: were it left out, a good one that another
 * invocation read earlier and writes later would stand until the next sweep. What cannot be asked for or read counts as
 * different; that it could not is logged. What is taken back comes with the result that is shown. `readAt` is ISO 8601.
 */
export async function differing(
  evaluations: readonly ConfigEvaluation[],
  { invocation: { ruleName } }: Pick<AuditRequest, 'invocation'>,
  { parts, own, signal, selected }: Invocation,
  readAt: string,
): Promise<readonly Difference[]> {
  if (ruleName === undefined) return evaluations.map((evaluation) => ({ evaluation }))
  const reader = { ...own, readAt, signal, client: parts.clients(own.region).config }
  const shown = new Set<ConfigEvaluation>()
  const takenBack = new Map<ConfigEvaluation, Difference>()
  await forEachConcurrently(evaluations, CONCURRENCY, async (evaluation) => {
    const { ComplianceResourceType: type, ComplianceResourceId: id, ComplianceType: compliance } = evaluation
    if (type === undefined || id === undefined || compliance === 'NON_COMPLIANT') return
    const answer = await resultsOnResource(reader, { type, id, ruleName })
    if (answer.state === 'known') {
      const results = byKey(answer.value)
      const before = results.get(resultKey(type, id))
      if (shows(results, evaluation)) shown.add(evaluation)
      else if (compliance === 'NOT_APPLICABLE' && before) takenBack.set(evaluation, { evaluation, before })
    }
    if (answer.state !== 'unknown') return
    parts.log().warn('not compared with the result before', { rule: selected.rule.id, reason: answer.reason })
  })
  const others = evaluations.filter((one) => !shown.has(one))
  return others.map((evaluation) => takenBack.get(evaluation) ?? { evaluation })
}
