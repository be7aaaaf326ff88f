import { permissions as ofConfigQueries } from '../../shared/sources/config-query/permissions.ts'
import { permissions as ofHeartbeats } from '../../shared/sources/hub-heartbeats/permissions.ts'
import { publishedNames } from '../../shared/sources/published/names.ts'
import { neverStatement, type PermissionStatement } from './permissions.ts'
import { mapPrefix, organizationReport } from './report-state-machine.ts'

/** Where the report reads and writes; names and ARNs, which may hold tokens of a template. */
export interface ReportPlace {
  readonly partition: string
  readonly region: string
  readonly accountId: string
  /** The hub's. */
  readonly bucketArn: string
  readonly keyArn: string
  /** Prefixes of its bucket, each with its `/`. */
  readonly publishedPrefix: string
  readonly reportPrefix: string
  readonly aggregatorArn: string
}

/** Calls on an aggregator, of those that ask AWS Config. */
const aggregatorReads = ofConfigQueries.map(({ action }) => action).filter((action) => action.includes('Aggregat'))

/** What the function needs in every deployment besides. The bucket's own listing has the heartbeats of members, and tells a result that is missing from one that is denied. */
export function reportStatements(place: ReportPlace): readonly PermissionStatement[] {
  const { bucketArn, publishedPrefix, reportPrefix, keyArn } = place
  const published = [publishedNames.organization, publishedNames.settings]
  return [
    allow(
      'ReadWhatIsPublished',
      ['s3:GetObject'],
      published.map((name) => `${bucketArn}/${publishedPrefix}${name}`),
    ),
    allow(
      'ReadAndWriteReports',
      ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
      [`${bucketArn}/${reportPrefix}*`],
    ),
    allow(
      'ListHeartbeatsAndTellMissingFromDenied',
      ofHeartbeats.map(({ action }) => action),
      [bucketArn],
    ),
    allow('UseKeyOfBucket', ['kms:Decrypt', 'kms:GenerateDataKey'], [keyArn]),
  ]
}

/** What every function has: its own log, and what is denied whatever else is attached. In the spelling of `Fn::Sub`. */
export function ownStatements(): readonly PermissionStatement[] {
  const log = `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${organizationReport.functionName}:*`
  return [allow('WriteOwnLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], [log]), neverStatement]
}

/** What the function needs where there is no bucket of AWS Config. */
export function aggregatorStatements({ aggregatorArn }: ReportPlace): readonly PermissionStatement[] {
  return [allow('ReadWhatTheAggregatorHolds', aggregatorReads, [aggregatorArn])]
}

/** What the state machine needs: its function, its own children, the list of shards and what became of them. */
export function stateMachineStatements(place: ReportPlace, functionArn: string): readonly PermissionStatement[] {
  const { bucketArn, reportPrefix, keyArn } = place
  const { stateMachineName: name } = organizationReport
  const runs = `${bucketArn}/${reportPrefix}runs/*`
  return [
    allow('InvokeFunction', ['lambda:InvokeFunction'], [functionArn]),
    allow('StartTasksOfMap', ['states:StartExecution'], [arnOf(place, 'states', `stateMachine:${name}`)]),
    allow(
      'WatchTasksOfMap',
      ['states:DescribeExecution', 'states:StopExecution'],
      [arnOf(place, 'states', `execution:${name}:*`), arnOf(place, 'states', `execution:${name}/*`)],
    ),
    allow('ReadShards', ['s3:GetObject'], [`${runs}/shards.json`]),
    allow(
      'WriteWhatBecameOfTasks',
      ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      [`${bucketArn}/${mapPrefix(reportPrefix)}/*`],
    ),
    allow('UseKeyOfBucket', ['kms:Decrypt', 'kms:GenerateDataKey'], [keyArn]),
    // Deliveries of logs take no resource.
    allow('WriteOwnLog', logDelivery, ['*']),
    neverStatement,
  ]
}

const logDelivery = [
  ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'],
  ...['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
].map((operation) => `logs:${operation}`)

/** The bucket AWS Config delivers to. */
export interface DeliveriesPlace {
  readonly bucketArn: string
  /** Before `AWSLogs/`; empty, or ends in `/`. */
  readonly prefix: string
  readonly organizationId: string
}

/** How keys of deliveries begin: as AWS Config writes them, and as AWS Control Tower has it do. */
export function deliveryPrefixes({ prefix, organizationId }: DeliveriesPlace): readonly string[] {
  return [`${prefix}AWSLogs/`, `${prefix}${organizationId}/AWSLogs/`]
}

/** The snapshots among the deliveries, as ARNs. */
export function snapshotArns(place: DeliveriesPlace): readonly string[] {
  return deliveryPrefixes(place).map((start) => `${place.bucketArn}/${start}*/Config/*/ConfigSnapshot/*`)
}

function arnOf({ partition, region, accountId }: ReportPlace, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`
}

function allow(sid: string, actions: readonly string[], resources: readonly string[]): PermissionStatement {
  return { sid, effect: 'Allow', actions, resources }
}
