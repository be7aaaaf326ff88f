import { globalRegion, isGlobalType, isOrganizationType } from '../../shared/inventory/recordable-types.ts'
import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'
import { newestSnapshot } from '../../shared/sources/config-bucket/newest-snapshot.ts'
import { readSnapshot } from '../../shared/sources/config-bucket/read-snapshot.ts'
import type { ConfigBucketReader } from '../../shared/sources/config-bucket/reader.ts'
import type { ReadFailure } from '../../shared/sources/failure.ts'
import { type ContextPlace, type ContextQuestion, contextPlaces } from './context-places.ts'
import type { ConfigPlace } from './environment.ts'
import { type Evidence, type Facts, type Found, joinFacts, noFacts } from './facts.ts'
import { fail } from './problems.ts'
import { callTimeout, homeRegionOf, type Run } from './run.ts'

const HOUR = 3_600_000
/** Days that are looked through beyond those in which a snapshot counts, so that a report can say how old the newest one is. */
const MORE_DAYS = 5

/** Where deliveries lie and how to read them. */
export interface Deliveries extends Pick<ContextQuestion, 'regions' | 'wanted' | 'ofAccount'> {
  readonly run: Run
  readonly config: ConfigPlace
  readonly organizationId: string | undefined
}

/**
 * Reads the newest snapshot of an account and region, and of other places what verdicts on it may rest on.
 * @throws PassingProblem when trying again may help
 */
export async function snapshotFacts(own: Scope, deliveries: Deliveries): Promise<Found> {
  const { run, wanted } = deliveries
  const newest = await newestOf(own, wanted, deliveries)
  if (!('facts' in newest)) return newest
  const { facts } = newest
  const context: Facts[] = []
  for (const place of contextPlaces({ ...deliveries, own, homeRegion: homeRegionOf(run) }, facts.items)) {
    context.push(await contextOf(own, place, facts, deliveries))
  }
  return { evidence: newest.evidence, facts: joinFacts([facts, ...context]) }
}

/** The snapshot of one place, if there is one that counts. */
async function newestOf(scope: Scope, types: ReadonlySet<string>, deliveries: Deliveries): Promise<Found> {
  const { run, config } = deliveries
  const reader = readerOf(scope, deliveries)
  const days = Math.ceil(config.maxHours / 24) + MORE_DAYS
  const newest = await newestSnapshot(reader, days)
  if (newest.state === 'unknown') return notRead(newest)
  if (newest.state === 'absent')
    return none('no-snapshot', `no snapshot of the last ${days} days is in the Config bucket`)
  const { takenAt, keys } = newest.value
  if (Date.parse(run.startedAt) - Date.parse(takenAt) > config.maxHours * HOUR) {
    return none('stale', `the newest snapshot is of ${takenAt}, older than ${config.maxHours} hours`)
  }
  const read = await readSnapshot(reader, keys, types)
  if (read.state === 'unknown') return notRead(read)
  if (read.state === 'absent') return none('unreadable', 'the snapshot is gone')
  const [problem] = read.value.problems
  if (read.value.filesRead === 0)
    return none('unreadable', `the snapshot of ${takenAt}: ${problem?.reason ?? 'no file'}`)
  return { evidence: { source: 'snapshot', takenAt }, facts: read.value }
}

function readerOf(scope: Scope, { run, config, organizationId }: Deliveries): ConfigBucketReader {
  const { parts, own, startedAt, signal } = run
  const bucket = { name: config.bucket, ownerId: config.accountId ?? own.accountId, prefix: config.prefix }
  const client = parts.s3(config.region ?? own.region)
  const { accountId, region } = scope
  return { accountId, region, readAt: startedAt, signal, callTimeout, client, bucket, organizationId }
}

function notRead(failure: ReadFailure): Found {
  return failure.transience === 'passing' ? fail('the Config bucket', failure) : none('unreadable', failure.reason)
}

function none(kind: Extract<Evidence, { readonly source: 'none' }>['class'], reason: string): Found {
  return { evidence: { source: 'none', class: kind, reason } }
}

/** What of another place counts. Of everything else there nothing is known, whatever its files are silent about. */
async function contextOf(own: Scope, place: ContextPlace, before: Facts, deliveries: Deliveries): Promise<Facts> {
  const found = await newestOf(place, place.types, deliveries)
  const held = new Set(before.items.map(({ resourceType }) => resourceType))
  // A region may record what belongs to the account, too: its own items count more than a file that is not there.
  const isHeld = (type: string) => isGlobalType(type) && place.accountId === own.accountId && held.has(type)
  const read = 'facts' in found ? found.facts : noFacts
  const unread = [...deliveries.wanted]
    .filter((type) => !isOrganizationType(type) && !isHeld(type))
    .filter((type) => !('facts' in found && place.types.has(type)))
    // What belongs to the own account is read in its home region, and nowhere else.
    .filter((type) => !(isGlobalType(type) && place.accountId === own.accountId && !place.types.has(type)))
  const reason = 'facts' in found ? 'it was not read here' : `it could not be read: ${found.evidence.reason}`
  return joinFacts([read, { ...noFacts, coverage: unread.map((type) => unknownRow(place, type, reason)) }])
}

function unknownRow({ accountId, region }: Scope, resourceType: string, reason: string): CoverageEntry {
  const where = isGlobalType(resourceType) ? globalRegion : region
  return {
    accountId,
    region: where,
    resourceType,
    status: 'unknown',
    reason: `${resourceType} of account ${accountId} in ${where}: ${reason}`,
  }
}
