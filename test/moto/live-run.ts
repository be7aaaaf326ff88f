import { mkdir } from 'node:fs/promises'
import type { CollectPlan } from '../../cli/collect/collect-plan.ts'
import type { LiveEstate } from '../../cli/collect/live-estate.ts'
import { OutputDirectory } from '../../cli/collect/output-directory.ts'
import { type LiveRun, runLive } from '../../cli/collect/run-live.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import { estateClients } from '../../shared/runtime/estate-clients.ts'
import { stsClient } from '../../shared/runtime/sts-client.ts'
import { readGlobal } from '../../shared/sources/estate/read-global.ts'
import { readRegion } from '../../shared/sources/estate/read-region.ts'
import { readOrganization } from '../../shared/sources/organizations/read-organization.ts'
import { politeness } from '../../shared/sources/polite/process-politeness.ts'
import { listRegions } from '../../shared/sources/regions/list-regions.ts'
import { assumeSession } from '../../shared/sources/sts/assume-session.ts'
import type { Session } from '../../shared/sources/sts/session.ts'
import { keysOf } from './accounts.ts'

/** Milliseconds; moto answers the largest question in less than half of it. */
const callTimeout = 10_000

const readers: LiveEstate['readers'] = {
  readRegion,
  readGlobal,
  readOrganization: (reader) => readOrganization({ ...reader, client: reader.clients.organizations }),
  listRegions: (reader) => listRegions({ ...reader, client: reader.clients.ec2 }),
  readAggregator: () => Promise.reject(new Error('no aggregator')),
}

/** The identity to begin with, and where. */
export interface Beginning {
  readonly endpoint: string
  readonly accountId: string
  readonly roleName: string
  readonly homeRegion: string
}

/** Reads a plan as the command line does, at moto's speed instead of that of AWS's limits, with a clock that stands still. */
export function liveRun(beginning: Beginning, plan: CollectPlan, now: Date): LiveRun {
  return {
    ...{ plan, configuredRegion: beginning.homeRegion, quiet: true, now: () => now },
    open: async () => openEstate(beginning, await keysOf(beginning.endpoint, beginning.accountId, beginning.roleName)),
  }
}

function openEstate(beginning: Beginning, keys: Awaited<ReturnType<typeof keysOf>>): LiveEstate {
  const { endpoint, accountId, roleName, homeRegion } = beginning
  const manners = politeness({ budget: { take: async () => {}, throttled: () => {} }, callTimeout })
  const own: Session = {
    accountId,
    callerArn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/run`,
    credentials: async () => keys,
    renew: () => {},
  }
  const sts = (credentials: Session['credentials']) =>
    stsClient({ region: homeRegion, credentials, politeness: manners, endpoint })
  return {
    ...{ own, homeRegion, readers, callTimeout: callTimeout + 1_000 },
    assume: (id, role) =>
      assumeSession({
        ...{ accountId: id, roleName: role.roleName, sessionName: 'pullpath', partition: 'aws', callTimeout },
        client: sts(own.credentials),
        connect: sts,
        now: Date.now,
      }),
    connect: (session, region, onCall) =>
      estateClients(session, region, { politeness: { ...manners, onCall }, endpoint }),
  }
}

/** What `collect` does: files of every scope, then the coverage. @returns what is not covered or not known */
export async function collectInto(path: string, run: LiveRun): Promise<readonly CoverageEntry[]> {
  await mkdir(path, { recursive: true })
  const options = { path, fresh: false, asked: JSON.stringify(run.plan), version: '0.0.0', now: run.now }
  const directory = await OutputDirectory.open(options)
  const { ledger } = await runLive(run, async () => ({
    take: (scope) => directory.take(scope),
    done: (scope) => directory.done(scope),
    before: (scope) => directory.before(scope),
  }))
  const missing = ledger.uncovered('the collection has not ended')
  await directory.writeCoverage(missing, ledger.scopes)
  const open = [...missing, ...ledger.unknown]
  await directory.finish(open.length === 0, true)
  return open
}
