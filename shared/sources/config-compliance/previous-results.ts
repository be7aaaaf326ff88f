import { type ConfigServiceClient, GetComplianceDetailsByConfigRuleCommand } from '@aws-sdk/client-config-service'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, askPages, needList, type Reader } from '../reading.ts'
import {
  byKey,
  type PreviousResult,
  type PreviousResults,
  resultOf,
  ruleNameOf,
  type ShownResult,
  shownTypes,
} from './evaluation-result.ts'

/** The call takes no longer name, although a rule may have one: those of a conformance pack do. */
export const longestRuleName = 64

/** A reader with the client of AWS Config. */
export type ComplianceReader = Reader & { readonly client: Pick<ConfigServiceClient, 'send'> }

/**
 * Reads what AWS Config shows of a rule, all pages or nothing. A name that the call does not take, a page that fails and an
 * answer about another rule are unknown; nothing is thrown.
 */
export async function previousResults(reader: ComplianceReader, ruleName: string): Promise<Answer<PreviousResults>> {
  if (ruleName.length > longestRuleName) {
    const reason = `config:GetComplianceDetailsByConfigRule takes no rule name longer than ${longestRuleName} characters`
    return { state: 'unknown', reason, transience: 'lasting' }
  }
  const action = 'config:GetComplianceDetailsByConfigRule'
  const answer = await askPages(reader, action, undefined, async (NextToken, abortSignal) => {
    const command = new GetComplianceDetailsByConfigRuleCommand({
      ...{ ConfigRuleName: ruleName, Limit: 100, ComplianceTypes: [...shownTypes] },
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    const output = await reader.client.send(command, { abortSignal })
    const results = needList(output.EvaluationResults, 'EvaluationResults')
    return { entries: results.map((result) => ofRule(result, ruleName)), nextToken: output.NextToken }
  })
  return answer.state === 'known' ? { state: 'known', value: byKey(answer.value) } : answer
}

function ofRule(result: ShownResult, ruleName: string): PreviousResult {
  if (ruleNameOf(result) !== ruleName) throw new MalformedAnswer('a result of another rule')
  return resultOf(result)
}
