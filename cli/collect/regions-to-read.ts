import type { CoverageEntry } from '../../shared/model/resource.ts'
import { type Answer, failureOf } from '../../shared/sources/reading.ts'
import type { RegionState } from '../../shared/sources/regions/list-regions.ts'
import type { CollectPlan } from './collect-plan.ts'

/** Regions of one account to read, and rows for those that were asked for and cannot be. */
export interface RegionsToRead {
  readonly regions: readonly string[]
  readonly rows: readonly CoverageEntry[]
}

/**
 * The regions a plan means in an account. A region that is not enabled holds nothing: it is passed over when all regions
 * are asked for, and named when it was named.
 */
export function regionsToRead(
  wanted: CollectPlan['regions'],
  listed: Answer<readonly RegionState[]>,
  accountId: string,
): RegionsToRead {
  if (wanted.kind === 'all') return allRegions(listed, accountId)
  // A list that could not be read is no obstacle: the regions were named.
  if (listed.state !== 'known') return { regions: wanted.names, rows: [] }
  const enabled = new Set(listed.value.filter((region) => region.enabled).map(({ name }) => name))
  return {
    regions: wanted.names.filter((name) => enabled.has(name)),
    rows: wanted.names.filter((name) => !enabled.has(name)).map((name) => disabledRow(accountId, name)),
  }
}

function allRegions(listed: Answer<readonly RegionState[]>, accountId: string): RegionsToRead {
  if (listed.state === 'known') {
    return { regions: listed.value.filter(({ enabled }) => enabled).map(({ name }) => name), rows: [] }
  }
  const reason = `the regions of account ${accountId} could not be listed: ${failureOf(listed).reason}`
  return { regions: [], rows: [{ accountId, region: '*', resourceType: '*', status: 'unknown', reason }] }
}

function disabledRow(accountId: string, region: string): CoverageEntry {
  const reason = `region ${region} is not enabled in account ${accountId}`
  return { accountId, region, resourceType: '*', status: 'unknown', reason }
}
