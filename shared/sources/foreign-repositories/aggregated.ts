import {
  DescribeConfigurationAggregatorSourcesStatusCommand,
  SelectAggregateResourceConfigCommand,
} from '@aws-sdk/client-config-service'
import type { JsonObject } from '../../model/json.ts'
import type { Scope } from '../../model/resource.ts'
import type { AggregatorReader } from '../config-query/aggregated.ts'
import { type Row, rowOfText } from '../config-query/row.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, askPages, needList } from '../reading.ts'
import { type ForeignType, foreignExpression } from './expression.ts'

/** Entries asked for per page. */
const PAGE = 100

/** The items of a type that the aggregator holds of one account and region; of repositories, the one of that name. */
export async function aggregatedItems(
  reader: AggregatorReader,
  type: ForeignType,
  scope: Scope,
  name?: string,
): Promise<Answer<readonly JsonObject[]>> {
  const expression = foreignExpression(type, scope, name)
  if (expression === undefined) {
    return { state: 'unknown', reason: 'an image names no repository that can be looked up', transience: 'lasting' }
  }
  return askPages(reader, 'config:SelectAggregateResourceConfig', undefined, async (NextToken, abortSignal) => {
    const input = { ConfigurationAggregatorName: reader.aggregator, Expression: expression, Limit: PAGE, NextToken }
    const output = await reader.client.send(new SelectAggregateResourceConfigCommand(input), { abortSignal })
    const rows = needList(output.Results, 'Results').map((text) => rowOfText(text, type))
    return { entries: rows.map((row) => itemOf(row, scope, name)), nextToken: output.NextToken }
  })
}

/** What was not asked for is no answer: a row of another account must never count for this one. */
function itemOf(row: Row, scope: Scope, name: string | undefined): JsonObject {
  if (row.accountId !== scope.accountId || row.region !== scope.region) {
    throw new MalformedAnswer('a row of another account or region')
  }
  if (name !== undefined && row.id !== name) throw new MalformedAnswer('a row of another repository')
  if (row.item === undefined) throw new MalformedAnswer('a row without its configuration')
  return row.item
}

/** Accounts and regions whose copy in the aggregator is not up to date, as `account region`; `*` when any may be. */
export async function staleSources(reader: AggregatorReader): Promise<Answer<ReadonlySet<string>>> {
  const action = 'config:DescribeConfigurationAggregatorSourcesStatus'
  const statuses = await askPages(reader, action, undefined, async (NextToken, abortSignal) => {
    const command = new DescribeConfigurationAggregatorSourcesStatusCommand({
      ConfigurationAggregatorName: reader.aggregator,
      UpdateStatus: ['FAILED', 'OUTDATED'],
      Limit: PAGE,
      NextToken,
    })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.AggregatedSourceStatusList, 'AggregatedSourceStatusList')
    return { entries, nextToken: output.NextToken }
  })
  if (statuses.state !== 'known') return statuses
  const stale = statuses.value.filter(({ LastUpdateStatus }) => LastUpdateStatus !== 'SUCCEEDED')
  const keys = stale.map(({ SourceType, SourceId, AwsRegion }) =>
    SourceType === 'ACCOUNT' && SourceId !== undefined && AwsRegion !== undefined ? `${SourceId} ${AwsRegion}` : '*',
  )
  return { state: 'known', value: new Set(keys) }
}
