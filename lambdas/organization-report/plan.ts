import { InputError } from '../../shared/model/errors.ts'
import { putStream } from '../../shared/sinks/bucket/put-stream.ts'
import { SnapshotFormatError } from '../../shared/sources/config-snapshot/value-span.ts'
import { getText } from '../../shared/sources/published/get-text.ts'
import { MAX_ORGANIZATION_BYTES, publishedNames } from '../../shared/sources/published/names.ts'
import { type OrganizationFile, organizationFileOf } from '../../shared/sources/published/organization-file.ts'
import { withoutSigns } from './expected-signs.ts'
import { heartbeatAge } from './heartbeat.ts'
import type { PlanFile } from './plan-file.ts'
import { expectedOf } from './plan-shards.ts'
import { fail } from './problems.ts'
import { homeRegionOf, type Run, shelfOf, sinkOf } from './run.ts'

/** What the state machine goes on with: names only, whatever the size of the organization. */
export interface Plan {
  readonly run: string
  readonly startedAt: string
  readonly shardsKey: string
  readonly shards: number
}

/**
 * Writes down which accounts and regions are expected, as the hub has published the organization.
 * @throws ReportProblem, PassingProblem
 */
export async function plan(run: Run): Promise<Plan> {
  const { environment, keys, startedAt, name } = run
  const organization = await organizationOf(run)
  const regions = environment.regions.length > 0 ? environment.regions : organization.regions
  const homeRegion = homeRegionOf(run)
  const { shards, leftOut } = expectedOf(organization.items, regions, homeRegion)
  if (shards.length === 0)
    fail(publishedNames.organization, { reason: 'lists no active account', transience: 'lasting' })
  const file: PlanFile = {
    ...{ schemaVersion: 1, organizationReadAt: organization.collectedAt },
    ...{ regions: [...new Set([...regions, homeRegion])].sort(), homeRegion, leftOut },
  }
  const contentType = 'application/json'
  await putStream(sinkOf(run), { key: keys.plan, contentType }, [`${JSON.stringify(file)}\n`])
  const deployment = { targets: environment.targets, at: Date.parse(startedAt), maxAge: heartbeatAge }
  const excused = withoutSigns(organization.items, deployment)
  const told = shards.map((one) => ({ ...one, withoutSign: excused.get(one.accountId) }))
  await putStream(sinkOf(run), { key: keys.shards, contentType }, [`${JSON.stringify(told)}\n`])
  return { run: name, startedAt, shardsKey: keys.shards, shards: shards.length }
}

async function organizationOf(run: Run): Promise<OrganizationFile> {
  const key = run.environment.prefix + publishedNames.organization
  const found = await getText(shelfOf(run), key, MAX_ORGANIZATION_BYTES)
  if (found.state === 'absent') return fail(key, { reason: 'the hub has published none', transience: 'lasting' })
  if (found.state === 'unknown') return fail(key, found)
  try {
    return organizationFileOf(found.value.text, run.parts.now())
  } catch (error) {
    if (!(error instanceof SnapshotFormatError || error instanceof InputError)) throw error
    return fail(key, { reason: error.message, transience: 'lasting' })
  }
}
