import { DescribeComplianceByConfigRuleCommand } from '@aws-sdk/client-config-service'
import { GetFindingsCommand, type SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { ConfigReader } from '../config-query/reader.ts'
import { errorName } from '../failure.ts'
import { type Answer, askPages, needList, needText, type Reader } from '../reading.ts'

/** How many resources AWS Config shows as not compliant with a rule; `isCapped` when there may be more, AWS Config counts to 25. */
export interface BadResults {
  readonly count: number
  readonly isCapped: boolean
}

/** The rules whose names start with the prefix, and what AWS Config shows of each. */
export async function badResults(
  reader: ConfigReader,
  prefix: string,
): Promise<Answer<ReadonlyMap<string, BadResults>>> {
  const action = 'config:DescribeComplianceByConfigRule'
  const answer = await askPages(reader, action, undefined, async (NextToken, abortSignal) => {
    const command = new DescribeComplianceByConfigRuleCommand(NextToken === undefined ? {} : { NextToken })
    const output = await reader.client.send(command, { abortSignal })
    const rules = needList(output.ComplianceByConfigRules, 'ComplianceByConfigRules')
    const entries = rules.map(({ ConfigRuleName, Compliance }): readonly [string, BadResults] => {
      const { CappedCount = 0, CapExceeded = false } = Compliance?.ComplianceContributorCount ?? {}
      const isBad = Compliance?.ComplianceType === 'NON_COMPLIANT'
      return [needText(ConfigRuleName, 'the rule name'), { count: isBad ? CappedCount : 0, isCapped: CapExceeded }]
    })
    return { entries: entries.filter(([name]) => name.startsWith(prefix)), nextToken: output.NextToken }
  })
  return answer.state === 'known' ? { state: 'known', value: new Map(answer.value) } : answer
}

/** Findings of a rule that stand in Security Hub. */
export interface BadFindings {
  readonly failed: number
  /** Verdicts that could not be reached. */
  readonly open: number
}

const generator = 'pullpath/'

/** What Security Hub shows as failed or open, by the id of the rule; absent where it is not enabled. */
export async function badFindings(
  reader: Reader & { readonly client: Pick<SecurityHubClient, 'send'> },
): Promise<Answer<ReadonlyMap<string, BadFindings>>> {
  const is = (Value: string) => ({ Value, Comparison: 'EQUALS' as const })
  const Filters = {
    GeneratorId: [{ Value: generator, Comparison: 'PREFIX' as const }],
    AwsAccountId: [is(reader.accountId)],
    Region: [is(reader.region)],
    RecordState: [is('ACTIVE')],
    ComplianceStatus: [is('FAILED'), is('WARNING')],
  }
  const isOff = (error: unknown) => errorName(error) === 'InvalidAccessException'
  const answer = await askPages(reader, 'securityhub:GetFindings', isOff, async (NextToken, abortSignal) => {
    const page = { Filters, MaxResults: 100, ...(NextToken === undefined ? {} : { NextToken }) }
    const output = await reader.client.send(new GetFindingsCommand(page), { abortSignal })
    const entries = needList(output.Findings, 'Findings').map(({ GeneratorId, Compliance }) => ({
      rule: needText(GeneratorId, 'GeneratorId').slice(generator.length),
      isFailed: Compliance?.Status === 'FAILED',
    }))
    return { entries, nextToken: output.NextToken }
  })
  if (answer.state !== 'known') return answer
  const counts = new Map<string, BadFindings>()
  for (const { rule, isFailed } of answer.value) {
    const { failed, open } = counts.get(rule) ?? { failed: 0, open: 0 }
    counts.set(rule, isFailed ? { failed: failed + 1, open } : { failed, open: open + 1 })
  }
  return { state: 'known', value: counts }
}
