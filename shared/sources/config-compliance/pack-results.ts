import { GetConformancePackComplianceDetailsCommand } from '@aws-sdk/client-config-service'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, askPages, needList } from '../reading.ts'
import {
  byKey,
  type PreviousResult,
  type PreviousResults,
  resultOf,
  ruleNameOf,
  type ShownResult,
} from './evaluation-result.ts'
import type { ComplianceReader } from './previous-results.ts'
import { resultsOnResource } from './results-on-resource.ts'

const accountType = 'AWS::::Account'

/** A rule of a conformance pack. AWS Config puts a suffix after the name such a rule has in the template of the pack. */
export interface PackedRule {
  readonly pack: string
  /** With the suffix. */
  readonly ruleName: string
  /** The types under which AWS Config shows its verdicts. */
  readonly types: readonly string[]
}

/**
 * Reads what AWS Config shows of a rule of a conformance pack, all pages or nothing: its results on resources, and on
 * the account itself. The results of a pack know no NOT_APPLICABLE, as that of the account is, so they are asked for
 * by resource; and first, because what is recorded in between then counts as newer than the account's. The names of rules are
 * compared here: the filters of the call take 64 characters. A page that fails and an answer about another pack are unknown;
 * nothing is thrown.
 */
export async function packResults(reader: ComplianceReader, rule: PackedRule): Promise<Answer<PreviousResults>> {
  const ofAccount = await resultsOnResource(reader, {
    type: accountType,
    id: reader.accountId,
    ruleName: rule.ruleName,
  })
  if (ofAccount.state !== 'known') return ofAccount
  const ofResources = rule.types.every((type) => type === accountType) ? nothing : await resourceResults(reader, rule)
  if (ofResources.state !== 'known') return ofResources
  return { state: 'known', value: byKey([...ofAccount.value, ...ofResources.value]) }
}

const nothing: Answer<readonly PreviousResult[]> = { state: 'known', value: [] }

function resourceResults(reader: ComplianceReader, rule: PackedRule): Promise<Answer<readonly PreviousResult[]>> {
  const [type, ...more] = rule.types
  // The call filters by one type.
  const filter = type === undefined || more.length > 0 ? {} : { Filters: { ResourceType: type } }
  return askPages(reader, 'config:GetConformancePackComplianceDetails', undefined, async (NextToken, abortSignal) => {
    const command = new GetConformancePackComplianceDetailsCommand({
      ...{ ConformancePackName: rule.pack, ...filter, Limit: 100 },
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    const output = await reader.client.send(command, { abortSignal })
    if (output.ConformancePackName !== rule.pack) throw new MalformedAnswer('an answer about another pack')
    const results = needList(output.ConformancePackRuleEvaluationResults, 'ConformancePackRuleEvaluationResults')
    const entries = ownResults(results, rule)
    if (entries.some((one) => 'Filters' in filter && one.type !== type)) {
      throw new MalformedAnswer('a result on another type')
    }
    return { entries, nextToken: output.NextToken }
  })
}

/** A result that names no rule could be one of ours: it throws. */
function ownResults(results: readonly ShownResult[], { ruleName }: PackedRule): readonly PreviousResult[] {
  return results.filter((result) => ruleNameOf(result) === ruleName).map(resultOf)
}
