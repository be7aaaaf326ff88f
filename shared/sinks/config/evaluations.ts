import type { Evaluation } from '@aws-sdk/client-config-service'
import type { Finding } from '../../model/finding.ts'
import { annotationOf } from './annotation.ts'

/** What `undetermined` of the settings says. */
export type UndeterminedPolicy = 'report' | 'leave'

/** One result for AWS Config. */
export type ConfigEvaluation = Required<
  Pick<Evaluation, 'ComplianceResourceType' | 'ComplianceResourceId' | 'ComplianceType' | 'OrderingTimestamp'>
> &
  Pick<Evaluation, 'Annotation'>

const rank = { NON_COMPLIANT: 3, COMPLIANT: 2, NOT_APPLICABLE: 1, INSUFFICIENT_DATA: 0 } as const

/**
 * Findings as evaluations, one per resource (the worst when several fall on one). A finding that is undetermined for a
 * passing reason is left out: the caller fails the invocation instead. `orderingTime` is ISO 8601.
 */
export function evaluationsOf(
  findings: readonly Finding[],
  orderingTime: string,
  undetermined: UndeterminedPolicy,
): readonly ConfigEvaluation[] {
  const byResource = new Map<string, ConfigEvaluation>()
  for (const finding of findings) {
    const evaluation = evaluationOf(finding, orderingTime, undetermined)
    if (evaluation === undefined) continue
    const key = JSON.stringify([evaluation.ComplianceResourceType, evaluation.ComplianceResourceId])
    const held = byResource.get(key)
    if (held === undefined || rankOf(evaluation) > rankOf(held)) byResource.set(key, evaluation)
  }
  return [...byResource.values()]
}

function evaluationOf(
  finding: Finding,
  orderingTime: string,
  undetermined: UndeterminedPolicy,
): ConfigEvaluation | undefined {
  const { compliance } = finding
  const isUndetermined = compliance === 'UNDETERMINED'
  if (isUndetermined && (finding.transience === 'passing' || undetermined === 'leave')) return undefined
  const annotation = annotationOf(isUndetermined ? `Undetermined: ${finding.reason}` : finding.reason)
  return {
    ComplianceResourceType: finding.resource.type,
    ComplianceResourceId: finding.resource.id,
    ComplianceType: isUndetermined ? 'NON_COMPLIANT' : compliance,
    OrderingTimestamp: new Date(orderingTime),
    ...(annotation === undefined ? {} : { Annotation: annotation }),
  }
}

function rankOf(evaluation: ConfigEvaluation): number {
  return rank[evaluation.ComplianceType ?? 'INSUFFICIENT_DATA']
}
