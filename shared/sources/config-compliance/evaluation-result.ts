import type { EvaluationResult } from '@aws-sdk/client-config-service'
import { MalformedAnswer } from '../failure.ts'
import { needText } from '../reading.ts'

/** The compliance types of results that count; whoever asks by type names all of them. */
export const shownTypes = ['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE'] as const

/** What AWS Config shows of one resource. */
export interface PreviousResult {
  readonly type: string
  readonly id: string
  readonly compliance: (typeof shownTypes)[number]
  readonly annotation: string | undefined
  /** OrderingTimestamp of the evaluation, ISO 8601. */
  readonly orderedAt: string
  /** When AWS Config took the evaluation, ISO 8601. */
  readonly recordedAt: string
}

/** Results by `resultKey`. */
export type PreviousResults = ReadonlyMap<string, PreviousResult>

/** What the calls that show results agree on. */
export type ShownResult = Pick<EvaluationResult, 'EvaluationResultIdentifier' | 'ResultRecordedTime' | 'Annotation'> & {
  readonly ComplianceType?: string | undefined
}

/** The key of a resource of AWS Config: an id alone is not unique. */
export function resultKey(type: string, id: string): string {
  return JSON.stringify([type, id])
}

/** The name of the rule that a result is of. Throws MalformedAnswer when it names none. */
export function ruleNameOf({ EvaluationResultIdentifier: identifier }: ShownResult): string {
  return needText(identifier?.EvaluationResultQualifier?.ConfigRuleName, 'ConfigRuleName')
}

/** One result as the sweep compares with it. Throws MalformedAnswer when a part of it is not there. */
export function resultOf(result: ShownResult): PreviousResult {
  const identifier = result.EvaluationResultIdentifier
  const qualifier = identifier?.EvaluationResultQualifier
  const compliance = shownTypes.find((one) => one === result.ComplianceType)
  if (compliance === undefined) throw new MalformedAnswer('a result without a known compliance type')
  return {
    type: needText(qualifier?.ResourceType, 'ResourceType'),
    id: needText(qualifier?.ResourceId, 'ResourceId'),
    compliance,
    annotation: optionalText(result.Annotation),
    orderedAt: needTime(identifier?.OrderingTimestamp, 'OrderingTimestamp'),
    recordedAt: needTime(result.ResultRecordedTime, 'ResultRecordedTime'),
  }
}

/** The results by resource. One that is on two pages is shown with the newer of its results. */
export function byKey(results: readonly PreviousResult[]): PreviousResults {
  const newest = new Map<string, PreviousResult>()
  for (const result of results) {
    const key = resultKey(result.type, result.id)
    const held = newest.get(key)
    if (held === undefined || held.orderedAt <= result.orderedAt) newest.set(key, result)
  }
  return newest
}

function optionalText(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return needText(value, 'Annotation')
}

function needTime(value: unknown, what: string): string {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw new MalformedAnswer(`answer without ${what}`)
  return value.toISOString()
}
