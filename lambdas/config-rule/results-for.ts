import type { AuditRequest } from '../../shared/events/audit-request.ts'
import { judgedTypes } from '../../shared/rules/define-rule.ts'
import type { PreviousResults } from '../../shared/sources/config-compliance/evaluation-result.ts'
import type { Answer } from '../../shared/sources/reading.ts'
import type { Invocation } from './invocation.ts'
import { resultsBefore } from './results-before.ts'

/** What AWS Config shows of the rule of an invocation. That it could not be read is logged; `readAt` is ISO 8601. */
export async function resultsFor(
  { invocation: { ruleName } }: Pick<AuditRequest, 'invocation'>,
  { parts, own, signal, selected }: Invocation,
  readAt: string,
): Promise<Answer<PreviousResults>> {
  const reader = { ...own, readAt, signal, client: parts.clients(own.region).config }
  const judges = judgedTypes(selected.rule)
  const answer = await resultsBefore(reader, { ruleName, judges }, parts.variables())
  if (answer.state === 'unknown') {
    parts.log().warn('not compared with the results before', { rule: selected.rule.id, reason: answer.reason })
  }
  return answer
}
