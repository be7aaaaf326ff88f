import { GetFindingsCommand, type SecurityHubClient } from '@aws-sdk/client-securityhub'
import { aheadOfConfig } from '../../model/finding.ts'
import { errorName, MalformedAnswer } from '../failure.ts'
import { type Answer, askPages, needList, needText, type Reader } from '../reading.ts'

/** A finding that tells more than AWS Config knows: a change was handed on, judged and published, and no result of a rule followed. */
export interface FindingAhead {
  /** As the engine makes it, without the product. */
  readonly id: string
  /** ARN of the resource it is about, untrusted. */
  readonly resourceArn: string
  readonly isArchived: boolean
}

/** A reader with the client of Security Hub. */
export type FindingReader = Reader & { readonly client: Pick<SecurityHubClient, 'send'> }

const prefix = 'pullpath/'

/**
 * The findings of a rule whose last word came from a change that was handed on, by id: all pages or nothing. Absent where Security
 * Hub is not enabled. Security Hub shows what it took with some delay, so one that is missing here may still be there: the next
 * reading has it.
 */
export async function findingsAhead(
  reader: FindingReader,
  ruleId: string,
): Promise<Answer<ReadonlyMap<string, FindingAhead>>> {
  const is = (Value: string) => [{ Value, Comparison: 'EQUALS' as const }]
  const Filters = {
    GeneratorId: is(`${prefix}${ruleId}`),
    AwsAccountId: is(reader.accountId),
    // A region that others are aggregated in shows theirs as well.
    Region: is(reader.region),
    ProductFields: [{ Key: aheadOfConfig, Value: 'yes', Comparison: 'EQUALS' as const }],
  }
  const isOff = (error: unknown) => errorName(error) === 'InvalidAccessException'
  const answer = await askPages(reader, 'securityhub:GetFindings', isOff, async (NextToken, abortSignal) => {
    const page = { Filters, MaxResults: 100, ...(NextToken === undefined ? {} : { NextToken }) }
    const output = await reader.client.send(new GetFindingsCommand(page), { abortSignal })
    return { entries: needList(output.Findings, 'Findings').map(aheadOf), nextToken: output.NextToken }
  })
  if (answer.state !== 'known') return answer
  return { state: 'known', value: new Map(answer.value.map((one) => [one.id, one])) }
}

function aheadOf(finding: {
  readonly Id?: string | undefined
  readonly RecordState?: string | undefined
  readonly Resources?: readonly { readonly Id?: string | undefined }[] | undefined
}): FindingAhead {
  const id = needText(finding.Id, 'Id')
  if (!id.startsWith(prefix)) throw new MalformedAnswer('a finding of somebody else')
  return {
    id: id.slice(prefix.length),
    resourceArn: needText(finding.Resources?.[0]?.Id, 'Resources'),
    isArchived: finding.RecordState === 'ARCHIVED',
  }
}
