import { partitionOf } from '../../shared/model/arn.ts'
import { InputError } from '../../shared/model/errors.ts'
import { connections, estateClients } from '../../shared/runtime/estate-clients.ts'
import { ownCredentials, profileInUse } from '../../shared/runtime/own-credentials.ts'
import { stsClient } from '../../shared/runtime/sts-client.ts'
import { readGlobal } from '../../shared/sources/estate/read-global.ts'
import { readRegion } from '../../shared/sources/estate/read-region.ts'
import { readOrganization } from '../../shared/sources/organizations/read-organization.ts'
import { politeness } from '../../shared/sources/polite/process-politeness.ts'
import { listRegions } from '../../shared/sources/regions/list-regions.ts'
import { assumeSession } from '../../shared/sources/sts/assume-session.ts'
import { openSession } from '../../shared/sources/sts/open-session.ts'
import type { Session } from '../../shared/sources/sts/session.ts'
import { readThroughAggregator } from './aggregator.ts'
import type { CollectDependencies, Entry } from './collect-estate.ts'
import type { CollectPlan, OrganizationScope } from './collect-plan.ts'

/** Name of the sessions in the logs of the accounts that are read. */
const sessionName = 'pullpath'

/** Whose credentials to start from and where. */
export interface LiveOptions {
  readonly profile?: string
  /** Region of the environment or the profile. */
  readonly configuredRegion: string | undefined
  readonly plan: CollectPlan
  /** Takes the place of AWS. */
  readonly endpoint?: string
  readonly signal?: AbortSignal
}

/** What reading live needs of AWS. */
export type LiveEstate = Pick<
  CollectDependencies,
  'own' | 'homeRegion' | 'connect' | 'assume' | 'readers' | 'callTimeout'
>

/**
 * Opens the caller's own session and says how to go on from there.
 * @throws InputError with what to do about credentials that are missing, expired or refused
 */
export async function openEstate(options: LiveOptions): Promise<LiveEstate> {
  const { signal, endpoint } = options
  const manners = politeness(signal === undefined ? {} : { signal })
  const at = endpoint === undefined ? {} : { endpoint }
  const sts = (region: string, credentials: Session['credentials']) =>
    stsClient({ region, credentials, politeness: manners, ...at })
  const { own, homeRegion } = await openOwn(options, sts)
  const limits = { callTimeout: manners.callTimeout, now: Date.now, ...(signal === undefined ? {} : { signal }) }
  const assume = (accountId: string, role: OrganizationScope): Promise<Entry> =>
    assumeSession({
      ...limits,
      ...{ accountId, roleName: role.roleName, sessionName },
      client: sts(homeRegion, own.credentials),
      connect: (credentials) => sts(homeRegion, credentials),
      partition: own.callerArn.split(':')[1] ?? 'aws',
      ...(role.externalId === undefined ? {} : { externalId: role.externalId }),
    })
  const shared = { ...at, connections: connections() }
  return {
    ...{ own, homeRegion, assume, readers },
    callTimeout: manners.callTimeout + 5_000,
    connect: (session, region, onCall) =>
      estateClients(session, region, { politeness: { ...manners, onCall }, ...shared }),
  }
}

const readers: CollectDependencies['readers'] = {
  readRegion,
  readGlobal,
  readOrganization: (reader) => readOrganization({ ...reader, client: reader.clients.organizations }),
  listRegions: (reader) => listRegions({ ...reader, client: reader.clients.ec2 }),
  readAggregator: readThroughAggregator,
}

/** A region that is not enabled refuses everybody: then the partition's first region tells whether the credentials are good. */
async function openOwn(
  options: LiveOptions,
  sts: (region: string, credentials: Session['credentials']) => ReturnType<typeof stsClient>,
): Promise<{ own: Session; homeRegion: string }> {
  const profile = profileInUse(options.profile)
  const make = ownCredentials(options.profile)
  const rest = {
    now: Date.now,
    callTimeout: 30_000,
    ...(profile === undefined ? {} : { profile }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }
  const reasons: string[] = []
  for (const region of homeRegions(options)) {
    const outcome = await openSession(sts(region, make), make, rest)
    if (outcome.state === 'open') return { own: outcome.session, homeRegion: region }
    reasons.push(outcome.reason)
  }
  if (options.signal?.aborted) throw options.signal.reason
  throw new InputError(reasons[0] ?? 'no credentials')
}

const firstRegions = new Map([
  ['aws', 'us-east-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])

function homeRegions({ configuredRegion, plan }: LiveOptions): readonly string[] {
  const named = plan.regions.kind === 'named' ? plan.regions.names[0] : undefined
  const preferred = configuredRegion ?? named ?? 'us-east-1'
  const first = firstRegions.get(partitionOf(preferred))
  return [...new Set([preferred, ...(first === undefined ? [] : [first])])]
}
