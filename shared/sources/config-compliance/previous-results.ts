import {
  type ConfigServiceClient,
  type EvaluationResult,
  GetComplianceDetailsByConfigRuleCommand,
} from '@aws-sdk/client-config-service'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, askPages, needList, needText, type Reader } from '../reading.ts'

/** The call takes no longer name, although a rule may have one. */
const LONGEST_NAME = 64

const shown = ['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE'] as const

/** What AWS Config shows of one resource. */
export interface PreviousResult {
  readonly type: string
  readonly id: string
  readonly compliance: (typeof shown)[number]
  readonly annotation: string | undefined
  /** OrderingTimestamp of the evaluation, ISO 8601. */
  readonly orderedAt: string
  /** When AWS Config took the evaluation, ISO 8601. */
  readonly recordedAt: string
}

/** Results by `resultKey`. */
export type PreviousResults = ReadonlyMap<string, PreviousResult>

/** The key of a resource of AWS Config: an id alone is not unique. */
export function resultKey(type: string, id: string): string {
  return JSON.stringify([type, id])
}

/**
 * Reads what AWS Config shows of a rule, all pages or nothing. A name that the call does not take, a page that fails and an
 * answer about another rule are unknown; nothing is thrown.
 */
export async function previousResults(
  reader: Reader & { readonly client: Pick<ConfigServiceClient, 'send'> },
  ruleName: string,
): Promise<Answer<PreviousResults>> {
  if (ruleName.length > LONGEST_NAME) {
    const reason = `config:GetComplianceDetailsByConfigRule takes no rule name longer than ${LONGEST_NAME} characters`
    return { state: 'unknown', reason, transience: 'lasting' }
  }
  const action = 'config:GetComplianceDetailsByConfigRule'
  const answer = await askPages(reader, action, undefined, async (NextToken, abortSignal) => {
    const command = new GetComplianceDetailsByConfigRuleCommand({
      ...{ ConfigRuleName: ruleName, Limit: 100, ComplianceTypes: [...shown] },
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    const output = await reader.client.send(command, { abortSignal })
    const results = needList(output.EvaluationResults, 'EvaluationResults')
    return { entries: results.map((result) => resultOf(result, ruleName)), nextToken: output.NextToken }
  })
  return answer.state === 'known' ? { state: 'known', value: byKey(answer.value) } : answer
}

function resultOf(result: EvaluationResult, ruleName: string): PreviousResult {
  const identifier = result.EvaluationResultIdentifier
  const qualifier = identifier?.EvaluationResultQualifier
  if (qualifier?.ConfigRuleName !== ruleName) throw new MalformedAnswer('a result of another rule')
  const compliance = shown.find((one) => one === result.ComplianceType)
  if (compliance === undefined) throw new MalformedAnswer('a result without a known compliance type')
  return {
    type: needText(qualifier.ResourceType, 'ResourceType'),
    id: needText(qualifier.ResourceId, 'ResourceId'),
    compliance,
    annotation: optionalText(result.Annotation),
    orderedAt: needTime(identifier?.OrderingTimestamp, 'OrderingTimestamp'),
    recordedAt: needTime(result.ResultRecordedTime, 'ResultRecordedTime'),
  }
}

function optionalText(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return needText(value, 'Annotation')
}

function needTime(value: unknown, what: string): string {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw new MalformedAnswer(`answer without ${what}`)
  return value.toISOString()
}

/** A resource that is on two pages is shown with the newer of its results. */
function byKey(results: readonly PreviousResult[]): PreviousResults {
  const newest = new Map<string, PreviousResult>()
  for (const result of results) {
    const key = resultKey(result.type, result.id)
    const held = newest.get(key)
    if (held === undefined || held.orderedAt <= result.orderedAt) newest.set(key, result)
  }
  return newest
}
