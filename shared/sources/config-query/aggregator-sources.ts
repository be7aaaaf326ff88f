import {
  type AggregatedSourceStatus,
  DescribeConfigurationAggregatorSourcesStatusCommand,
} from '@aws-sdk/client-config-service'
import { scopeKey } from '../../inventory/listings.ts'
import { isAccountId } from '../../model/arn.ts'
import type { Scope } from '../../model/resource.ts'
import type { ReadFailure } from '../failure.ts'
import { type Answer, askPages, failureOf, needList } from '../reading.ts'
import { isRegionName } from './expression.ts'
import { type ConfigReader, PAGE } from './reader.ts'

/** An account and region an aggregator collects from. */
export interface AggregatorSource extends Scope {
  /** Why what the aggregator holds of it is not all there is; undefined when the last update succeeded. */
  readonly failure: ReadFailure | undefined
}

/** What an aggregator collects from. */
export interface AggregatorSources {
  /** By account and region, each once. */
  readonly sources: ReadonlyMap<string, AggregatorSource>
  /** Why there may be sources that are not listed. */
  readonly incomplete: ReadFailure | undefined
}

/** The sources of an aggregator and how their last update ended. Absent: there is no such aggregator. */
export async function aggregatorSources(reader: ConfigReader, name: string): Promise<Answer<AggregatorSources>> {
  const statuses = await askPages(
    reader,
    'config:DescribeConfigurationAggregatorSourcesStatus',
    'NoSuchConfigurationAggregatorException',
    async (token, abortSignal) => {
      const command = new DescribeConfigurationAggregatorSourcesStatusCommand({
        ConfigurationAggregatorName: name,
        Limit: PAGE,
        NextToken: token,
      })
      const output = await reader.client.send(command, { abortSignal })
      return {
        entries: needList(output.AggregatedSourceStatusList, 'AggregatedSourceStatusList'),
        nextToken: output.NextToken,
      }
    },
  )
  if (statuses.state === 'absent') return statuses
  if (statuses.state === 'unknown') return { state: 'unknown', ...failureOf(statuses) }
  return { state: 'known', value: sourcesOf(statuses.value) }
}

function sourcesOf(statuses: readonly AggregatedSourceStatus[]): AggregatorSources {
  const sources = new Map<string, AggregatorSource>()
  let incomplete: ReadFailure | undefined
  for (const status of statuses) {
    const scope = scopeOf(status)
    if (scope === undefined) {
      incomplete ??= organizationFailure(status)
      continue
    }
    const key = scopeKey(scope)
    // A source that is stated twice is as good as its worst statement.
    const failure = sources.get(key)?.failure ?? failureIn(status, `${scope.accountId} ${scope.region}`)
    sources.set(key, { ...scope, failure })
  }
  return { sources, incomplete }
}

function scopeOf({ SourceType, SourceId, AwsRegion }: AggregatedSourceStatus): Scope | undefined {
  if (SourceType !== 'ACCOUNT' || SourceId === undefined || AwsRegion === undefined) return undefined
  return isAccountId(SourceId) && isRegionName(AwsRegion) ? { accountId: SourceId, region: AwsRegion } : undefined
}

function organizationFailure(status: AggregatedSourceStatus): ReadFailure | undefined {
  if (status.SourceType === 'ORGANIZATION') return failureIn(status, 'the organization')
  return { reason: 'the aggregator has a source that is no account and region', transience: 'lasting' }
}

function failureIn({ LastUpdateStatus, LastErrorCode }: AggregatedSourceStatus, of: string): ReadFailure | undefined {
  if (LastUpdateStatus === 'SUCCEEDED') return undefined
  const code = LastErrorCode !== undefined && /^[A-Za-z_]{1,80}$/.test(LastErrorCode) ? `: ${LastErrorCode}` : ''
  return { reason: `the aggregator's copy of ${of} is ${stateOf(LastUpdateStatus)}${code}`, transience: 'passing' }
}

function stateOf(status: string | undefined): string {
  switch (status) {
    case 'FAILED':
      return 'not updated'
    case 'OUTDATED':
      return 'out of date'
    default:
      return 'in an unknown state'
  }
}
