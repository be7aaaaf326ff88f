import { isJsonObject, type JsonValue, ownList, ownString } from '../../shared/model/json.ts'
import { getText } from '../../shared/sources/published/get-text.ts'
import type { Expected, LeftOut } from './plan-shards.ts'
import { fail } from './problems.ts'
import { type Run, shelfOf } from './run.ts'

const MAX_BYTES = 64 * 2 ** 20

/** What the tasks after the plan need to know of it, besides the shards. */
export interface PlanFile extends Pick<Expected, 'leftOut'> {
  readonly schemaVersion: 1
  /** When the hub read the organization, ISO 8601. */
  readonly organizationReadAt: string
  readonly regions: readonly string[]
  readonly homeRegion: string
}

/** The regions of a run. @throws PassingProblem, ReportProblem */
export async function plannedRegions(run: Run): Promise<readonly string[]> {
  const plan = await jsonIn(run, run.keys.plan)
  const regions = isJsonObject(plan) ? ownList(plan, 'regions') : []
  return regions.filter((name) => typeof name === 'string')
}

/** The accounts that a plan leaves out. */
export function leftOutIn(plan: JsonValue): readonly LeftOut[] {
  if (!isJsonObject(plan)) return []
  return ownList(plan, 'leftOut').flatMap((one) => {
    if (!isJsonObject(one)) return []
    const accountId = ownString(one, 'accountId')
    const status = /^[A-Z_]{1,40}$/.exec(ownString(one, 'status') ?? '')?.[0] ?? 'not active'
    return accountId === undefined ? [] : [{ accountId, accountName: ownString(one, 'accountName') ?? '', status }]
  })
}

/** A file of the run as JSON. @throws PassingProblem, ReportProblem naming it */
export async function jsonIn(run: Run, key: string): Promise<JsonValue> {
  const found = await getText(shelfOf(run), key, MAX_BYTES)
  if (found.state === 'absent') return fail(key, { reason: 'the run has no plan', transience: 'lasting' })
  if (found.state === 'unknown') return fail(key, found)
  try {
    return JSON.parse(found.value.text) as JsonValue
  } catch {
    return fail(key, { reason: 'it is not JSON', transience: 'lasting' })
  }
}
