import type { Evaluation } from '@aws-sdk/client-config-service'
import { exceptionLine } from '../../model/exception.ts'
import { type Finding, isExcepted } from '../../model/finding.ts'
import type { ResourceRef } from '../../model/resource.ts'
import { annotationOf } from './annotation.ts'

/** What `undetermined` of the settings says. */
export type UndeterminedPolicy = 'report' | 'leave'

/** One result for AWS Config. */
export type ConfigEvaluation = Required<
  Pick<Evaluation, 'ComplianceResourceType' | 'ComplianceResourceId' | 'ComplianceType' | 'OrderingTimestamp'>
> &
  Pick<Evaluation, 'Annotation'>

/** Where AWS Config shows a verdict; `member` names the resource when Config only knows what it belongs to. */
export interface ConfigResource {
  readonly type: string
  readonly id: string
  readonly member?: string
}

/**
 * Of several verdicts on one resource of Config the worst is shown; a certain one before an undetermined one, an accepted
 * failure before a real pass.
 */
const rank = { NON_COMPLIANT: 5, UNDETERMINED: 4, excepted: 3, COMPLIANT: 2, NOT_APPLICABLE: 1 } as const

/**
 * The resource under which AWS Config takes a verdict. It records no node groups: theirs go to their cluster, which their ARN
 * names: `…:nodegroup/<cluster>/<name>/<uuid>`.
 */
export function configResourceOf({ type, id, arn }: ResourceRef): ConfigResource {
  const [, cluster, member] = arn.split('/')
  if (type !== 'AWS::EKS::Nodegroup' || !cluster || !member) return { type, id }
  return { type: 'AWS::EKS::Cluster', id: cluster, member }
}

/**
 * Findings as evaluations, one per resource of AWS Config (the worst when several fall on one). A finding that is
 * undetermined for a passing reason is left out: the caller fails the invocation instead. Where a finding was left out, no
 * better one takes its place. `orderingTime` is ISO 8601.
 */
export function evaluationsOf(
  findings: readonly Finding[],
  orderingTime: string,
  undetermined: UndeterminedPolicy,
): readonly ConfigEvaluation[] {
  const worst = new Map<string, Finding>()
  for (const finding of findings) {
    const { type, id } = configResourceOf(finding.resource)
    const key = JSON.stringify([type, id])
    const held = worst.get(key)
    if (held === undefined || isWorse(finding, held)) worst.set(key, finding)
  }
  return [...worst.values()].flatMap((finding) => evaluationOf(finding, orderingTime, undetermined) ?? [])
}

/** What Config is told; it has no word for what is undetermined, and none for an accepted failure. */
const complianceTypes = {
  NON_COMPLIANT: 'NON_COMPLIANT',
  UNDETERMINED: 'NON_COMPLIANT',
  excepted: 'COMPLIANT',
  COMPLIANT: 'COMPLIANT',
  NOT_APPLICABLE: 'NOT_APPLICABLE',
} as const satisfies Record<keyof typeof rank, ConfigEvaluation['ComplianceType']>

/** An exception comes first: whoever lists what passes finds the excepted by the start of the annotation. */
function textOf(finding: Finding, member: string): string {
  if (isExcepted(finding)) return `${exceptionLine(finding.exception)}; ${member}${finding.reason}`
  return `${member}${finding.compliance === 'UNDETERMINED' ? 'Undetermined: ' : ''}${finding.reason}`
}

/** Of two that are undetermined the passing one holds the resource back: what it turns out to be may be worse. */
function isWorse(finding: Finding, held: Finding): boolean {
  const [ours, theirs] = [rank[standing(finding)], rank[standing(held)]]
  if (ours !== theirs) return ours > theirs
  return finding.transience === 'passing' && held.transience !== 'passing'
}

function standing(finding: Finding): keyof typeof rank {
  return isExcepted(finding) ? 'excepted' : finding.compliance
}

function evaluationOf(
  finding: Finding,
  orderingTime: string,
  undetermined: UndeterminedPolicy,
): ConfigEvaluation | undefined {
  const stands = standing(finding)
  if (stands === 'UNDETERMINED' && (finding.transience === 'passing' || undetermined === 'leave')) return undefined
  const { type, id, member } = configResourceOf(finding.resource)
  const annotation = annotationOf(textOf(finding, member === undefined ? '' : `${member}: `))
  return {
    ComplianceResourceType: type,
    ComplianceResourceId: id,
    ComplianceType: complianceTypes[stands],
    OrderingTimestamp: new Date(orderingTime),
    ...(annotation === undefined ? {} : { Annotation: annotation }),
  }
}
