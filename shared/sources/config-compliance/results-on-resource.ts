import { GetComplianceDetailsByResourceCommand } from '@aws-sdk/client-config-service'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, askPages, needList } from '../reading.ts'
import { type PreviousResult, resultOf, ruleNameOf, shownTypes } from './evaluation-result.ts'
import type { ComplianceReader } from './previous-results.ts'

/** A resource as AWS Config names it, and the rule whose result on it is asked for. */
export interface ResultPlace {
  readonly type: string
  readonly id: string
  readonly ruleName: string
}

/**
 * Reads what AWS Config shows of a rule on one resource, all pages or nothing: one result, or none. The call knows no rules, so the
 * results of all others are read too; names of rules of any length serve. A page that fails, a result that names no rule and one on
 * another resource are unknown; nothing is thrown.
 */
export function resultsOnResource(
  reader: ComplianceReader,
  { type, id, ruleName }: ResultPlace,
): Promise<Answer<readonly PreviousResult[]>> {
  return askPages(reader, 'config:GetComplianceDetailsByResource', undefined, async (NextToken, abortSignal) => {
    const command = new GetComplianceDetailsByResourceCommand({
      ...{ ResourceType: type, ResourceId: id, ComplianceTypes: [...shownTypes] },
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    const output = await reader.client.send(command, { abortSignal })
    const results = needList(output.EvaluationResults, 'EvaluationResults')
    const entries = results.filter((result) => ruleNameOf(result) === ruleName).map(resultOf)
    if (entries.some((one) => one.type !== type || one.id !== id)) {
      throw new MalformedAnswer('a result on another resource')
    }
    return { entries, nextToken: output.NextToken }
  })
}
