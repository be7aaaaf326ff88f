import type { JsonObject } from '../../shared/model/json.ts'
import type { ReadPermission } from '../../shared/sources/permission.ts'
import { type Probe, type ProbeOutcome, tryProbe } from '../../shared/sources/probes/probe.ts'
import { probes } from '../../shared/sources/probes/probes.ts'
import { samples } from '../../shared/sources/probes/samples.ts'
import { readerPermissions } from '../../shared/sources/reader-permissions.ts'
import { forEachConcurrently } from '../../shared/sources/reading.ts'
import { statementDocument } from '../permissions/documents.ts'
import { readerStatements } from '../permissions/statements.ts'
import { type Check, type CheckItem, worstOf } from './check.ts'
import { type Place, partitionAt, readerOf } from './place.ts'

/** Permissions tried at the same time. */
const CONCURRENCY = 12
/** Upper bound of the whole check, milliseconds: what is not tried by then is unknown. */
const PATIENCE = 60_000

/** Services that answer for the whole account: asked in one region only. */
const accountWide: ReadonlySet<string> = new Set(['iam', 'organizations', 'route53', 'sts'])

/** The actions a member and `doctor` need; `accountToo`: those that are the same in all regions as well. */
export function actionsToTry(accountToo: boolean): readonly string[] {
  const all = [...readerPermissions.member, ...readerPermissions.doctor].map(({ action }) => action)
  return [...new Set(all)].filter((action) => accountToo || !accountWide.has(action.split(':')[0] ?? '')).sort()
}

/** Tries every action, and says of each that is missing which statement would give it. */
export async function checkPermissions(place: Place, actions: readonly string[]): Promise<Check> {
  const signal = AbortSignal.timeout(PATIENCE)
  const target = {
    accountId: place.accountId,
    region: place.region,
    partition: partitionAt(place),
    clients: place.clients,
    sample: samples(readerOf(place, place.clients.ec2)),
  }
  const items: CheckItem[] = []
  await forEachConcurrently(actions, CONCURRENCY, async (action) => {
    const one = probeOf.get(action)
    const limited = AbortSignal.any([signal, AbortSignal.timeout(place.callTimeout)])
    const outcome = one === undefined ? untried : await tryProbe(one, target, limited)
    items.push(itemOf(action, outcome, place))
  })
  items.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { id: 'permissions', region: place.region, ...judged(items) }
}

const probeOf: ReadonlyMap<string, Probe> = new Map(Object.entries(probes))
const untried: ProbeOutcome = { state: 'unknown', reason: 'there is no way to try it' }

function itemOf(name: string, outcome: ProbeOutcome, place: Place): CheckItem {
  switch (outcome.state) {
    case 'present':
      return { name, status: 'ok', reason: 'permitted' }
    case 'missing':
      return { name, status: 'fail', reason: 'refused', statement: statementFor(name, place) }
    case 'unneeded':
      return { name, status: 'ok', reason: `not tried: ${outcome.reason}` }
    case 'unknown':
      return { name, status: 'unknown', reason: outcome.reason }
  }
}

/** The statement that `pullpath permissions` would print for the action alone. */
function statementFor(action: string, place: Place): JsonObject {
  const all: readonly ReadPermission[] = [...readerPermissions.member, ...readerPermissions.doctor]
  const arns = { partition: partitionAt(place), accountId: place.accountId }
  const stated = all.filter((one) => one.action === action)
  const [statement] = readerStatements(stated, arns, { roleName: '*' })
  return statement === undefined ? {} : statementDocument(statement)
}

function judged(items: readonly CheckItem[]): Omit<Check, 'id'> {
  const status = worstOf(items.map((item) => item.status))
  const missing = items.filter((item) => item.status === 'fail').length
  const open = items.filter((item) => item.status === 'unknown').length
  if (status === 'ok') return { status, reason: `all ${items.length} actions are permitted`, items }
  const parts = [
    ...(missing > 0 ? [`${missing} of ${items.length} actions are refused`] : []),
    ...(open > 0 ? [`${open} of ${items.length} could not be tried`] : []),
  ]
  const fix = 'add the statements, or attach what pullpath permissions prints'
  return { status, reason: parts.join(', '), ...(missing > 0 ? { fix } : {}), items }
}
