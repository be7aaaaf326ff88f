import { gzipSync } from 'node:zlib'
import type { JsonObject } from '../../../shared/model/json.ts'
import { snapshotPieces } from '../../../shared/sinks/snapshot/write-snapshot.ts'
import {
  allowPull,
  type EstatePart,
  ecsCluster,
  ecsService,
  elsewhere,
  imageUri,
  organization,
  policy,
  privateVpc,
  repository,
  role,
  roleArn,
  taskDefinition,
} from '../../support/builders.ts'

/** The hub account, which manages the organization. */
export const hub = '999999999999'
export const app = '111122223333'
export const shared = '222233334444'
export const empty = '555566667777'
export const home = 'eu-central-1'
export const away = 'us-east-1'
export const organizationId = 'o-exampleorg1'

/** When the run starts. */
export const startedAt = '2026-11-20T06:00:00.000Z'

/** The item by which a snapshot says that everything is recorded. */
function recorder(accountId: string, region: string): JsonObject {
  const recordingStrategy = { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' }
  const recordingGroup = { allSupported: true, includeGlobalResourceTypes: true, resourceTypes: [], recordingStrategy }
  const recordingMode = { recordingFrequency: 'CONTINUOUS' }
  return {
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: '2026-11-01T00:00:00.000Z',
    configurationItemStatus: 'OK',
    awsAccountId: accountId,
    awsRegion: region,
    resourceType: 'AWS::Config::ConfigurationRecorder',
    resourceId: 'default',
    resourceName: 'default',
    ARN: `arn:aws:config:${region}:${accountId}:config-recorder/default`,
    tags: {},
    configuration: { name: 'default', recording: true, recordingGroup, recordingMode },
    supplementaryConfiguration: {},
  }
}

const pullStatements = policy(
  { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
  {
    Effect: 'Allow',
    Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'],
    Resource: '*',
  },
)

/** Workloads in the home region whose images come from there and from another account; a repository that is open to everybody. */
function appHome(): readonly EstatePart[] {
  return [
    ...privateVpc(),
    role({ name: 'execution', inline: { pull: pullStatements } }),
    role({ name: 'away', inline: { pull: pullStatements } }),
    ecsCluster(),
    taskDefinition({ executionRole: roleArn('execution'), images: [imageUri('app:1')] }),
    ecsService(),
    taskDefinition({
      family: 'foreign',
      executionRole: roleArn('execution'),
      images: [imageUri('base:1', { accountId: shared })],
    }),
    ecsService({ name: 'foreign', taskDefinition: 'foreign:1' }),
    repository({ name: 'app' }),
    repository({ name: 'open', policy: policy(allowPull('*')) }),
  ]
}

/** A workload whose role is recorded in the home region, and whose image comes from there. */
function appAway(): readonly EstatePart[] {
  const parts = [
    taskDefinition({ family: 'batch', executionRole: roleArn('execution'), images: [imageUri('app:1')] }),
    taskDefinition({
      family: 'own',
      executionRole: roleArn('away'),
      images: [imageUri('app-away:1', { region: away })],
    }),
    repository({ name: 'app-away' }),
  ]
  return parts.map((part) => elsewhere(part, { region: away }))
}

function sharedHome(): readonly EstatePart[] {
  const parts = [repository({ name: 'base', policy: policy(allowPull({ AWS: `arn:aws:iam::${app}:root` })) })]
  return parts.map((part) => elsewhere(part, { accountId: shared }))
}

/** The items of each account and region, `account region` to items. */
export function recorded(): Map<string, readonly JsonObject[]> {
  const items = (accountId: string, region: string, parts: readonly EstatePart[]): [string, readonly JsonObject[]] => [
    `${accountId} ${region}`,
    [recorder(accountId, region), ...parts.flatMap((part) => ('item' in part ? [part.item] : []))],
  ]
  const own = (accountId: string, region: string) => [elsewhere(repository({ name: 'own' }), { accountId, region })]
  return new Map([
    items(app, home, appHome()),
    items(app, away, appAway()),
    items(shared, home, sharedHome()),
    items(shared, away, own(shared, away)),
    items(hub, home, own(hub, home)),
    items(hub, away, own(hub, away)),
  ])
}

/** A snapshot as AWS Config writes it. */
export function snapshotOf(items: readonly JsonObject[]): Buffer {
  return gzipSync(JSON.stringify({ fileVersion: '1.0', configSnapshotId: 'x', configurationItems: items }))
}

/** The key AWS Config gives a snapshot that was taken at that time. */
export function snapshotKey(place: string, takenAt: string, prefix = ''): string {
  const [accountId, region] = place.split(' ')
  const time = new Date(takenAt)
  const day = [time.getUTCFullYear(), time.getUTCMonth() + 1, time.getUTCDate()].join('/')
  const stamp = time.toISOString().replace(/[-:]|\.\d+/g, '')
  const name = `${accountId}_Config_${region}_ConfigSnapshot_${stamp}_0a1b2c3d-0000-4000-8000-000000000000.json.gz`
  return `${prefix}AWSLogs/${accountId}/Config/${region}/${day}/ConfigSnapshot/${name}`
}

/** The organization as the hub publishes it: four active accounts and one that is suspended. */
export function organizationText(collectedAt: string, regions: readonly string[] = [home, away]): string {
  const accounts = { [app]: 'r-1', [shared]: 'r-1', [empty]: 'r-1', '888899990000': 'r-1' }
  const items = organization({ id: organizationId, management: hub, accounts })
    .flatMap((part) => ('item' in part ? [part.item] : []))
    .map(named)
  const types = ['Organization', 'Account', 'OrganizationalUnit', 'Policy'].map((type) => `AWS::Organizations::${type}`)
  const coverage = types.map((resourceType) => ({
    ...{ accountId: hub, region: 'global', resourceType },
    status: 'known' as const,
  }))
  const snapshot = { id: 'organization', version: '1', collectedAt, items, coverage, more: { regions } }
  return [...snapshotPieces(snapshot)].join('')
}

function named(item: JsonObject): JsonObject {
  if (item.resourceType !== 'AWS::Organizations::Account') return item
  const configuration = item.configuration as JsonObject
  const Status = item.resourceId === '888899990000' ? 'SUSPENDED' : 'ACTIVE'
  return { ...item, configuration: { ...configuration, AccountName: `name of ${item.resourceId}`, Status } }
}
