import { isOrganizationType } from '../../shared/inventory/recordable-types.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import { configuredRegion } from '../../shared/runtime/sts-client.ts'
import type { SnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'
import type { ScopeReading } from '../collect/collect-estate.ts'
import { liveRunOf } from '../collect/live-run.ts'
import { type LiveOutcome, type LiveRun, runLive } from '../collect/run-live.ts'
import { planOf, type ScopeOptions } from '../collect/scope-options.ts'
import { snapshotOfReadings } from '../collect/snapshot-of-readings.ts'

/** What was read live, in the shape of files. */
export interface LiveSnapshot extends LiveOutcome {
  readonly files: SnapshotFiles
  /** Rows that speak of an account that was asked for. */
  readonly isReported: (row: CoverageEntry) => boolean
}

/** Reads what the options ask for: these types, and the tags of those. @throws InputError */
export async function readLive(
  options: ScopeOptions & { readonly quiet: boolean },
  wanted: { readonly types: ReadonlySet<string>; readonly tags: ReadonlySet<string> },
  now: () => Date,
): Promise<LiveSnapshot> {
  const configured = await configuredRegion(options.profile)
  return liveSnapshot(liveRunOf(options, planOf(options, configured, wanted), configured, now), wanted.types)
}

/** Reads into memory. @throws InputError */
export async function liveSnapshot(run: LiveRun, types: ReadonlySet<string>): Promise<LiveSnapshot> {
  const readings: ScopeReading[] = []
  const take = async (scope: ScopeReading) => void readings.push(scope)
  const outcome = await runLive(run, async () => ({ take }))
  const uncovered = outcome.ledger.uncovered(outcome.stopped?.message ?? 'the reading has not ended')
  const accounts = new Set(outcome.ledger.wantedAccountIds)
  return {
    ...outcome,
    files: snapshotOfReadings(readings, uncovered, types),
    // The management account tells about the organization, which does not mean that it was to be read itself.
    isReported: ({ accountId, resourceType }) => accounts.has(accountId) || isOrganizationType(resourceType),
  }
}
