import type { JsonObject } from '../../model/json.ts'
import type { ReadFailure } from '../failure.ts'
import {
  covered,
  failureOf,
  forEachConcurrently,
  type Gap,
  joinReadings,
  present,
  type Reading,
  rawItem,
} from '../reading.ts'
import { accountsUnder, type Member, type Unit, unitsUnder } from './members.ts'
import { accountType, CONCURRENCY, explained, type OrganizationReader, unitType } from './reader.ts'

/** AWS allows five levels of units below the root; more than this is no organization. */
const MAX_LEVELS = 20

/** What the walk has met so far. */
interface Walked {
  readonly units: Map<string, Unit & { readonly parentId: string }>
  /** More than one parent when the account was moved during the walk. */
  readonly members: Map<string, Member & { readonly parentIds: Set<string> }>
  readonly unitFailures: ReadFailure[]
  readonly memberFailures: ReadFailure[]
}

/**
 * Units and accounts of the organization, each with its parent, from the root down. A parent whose units could not be
 * listed leaves both listings unknown: there may be accounts below.
 */
export async function walkTree(reader: OrganizationReader, rootId: string): Promise<Reading> {
  const walked: Walked = { units: new Map(), members: new Map(), unitFailures: [], memberFailures: [] }
  let level: readonly string[] = [rootId]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_LEVELS) {
      const reason = `the organizational units are nested more than ${MAX_LEVELS} deep`
      walked.unitFailures.push({ reason, transience: 'lasting' })
      break
    }
    const before = walked.units.size
    await forEachConcurrently(level, CONCURRENCY, (parentId) => visit(reader, walked, parentId))
    level = [...walked.units.keys()].slice(before)
  }
  return joinReadings([unitReading(reader, walked), accountReading(reader, walked)])
}

async function visit(reader: OrganizationReader, walked: Walked, parentId: string): Promise<void> {
  const units = await unitsUnder(reader, parentId)
  if (units.state !== 'known') walked.unitFailures.push(explained(reader, failureOf(units)))
  for (const unit of units.state === 'known' ? units.value : []) {
    const there = walked.units.get(unit.id)
    if (there === undefined) walked.units.set(unit.id, { ...unit, parentId })
    else if (there.parentId !== parentId) walked.unitFailures.push(twice(unit.id))
  }
  const members = await accountsUnder(reader, parentId)
  if (members.state !== 'known') walked.memberFailures.push(explained(reader, failureOf(members)))
  for (const member of members.state === 'known' ? members.value : []) {
    const there = walked.members.get(member.id)
    if (there === undefined) walked.members.set(member.id, { ...member, parentIds: new Set([parentId]) })
    else there.parentIds.add(parentId)
  }
}

function twice(id: string): ReadFailure {
  return { reason: `${id} was listed under two parents`, transience: 'passing' }
}

function unitReading(reader: OrganizationReader, { units, unitFailures }: Walked): Reading {
  const items = sorted(units).map(({ id, arn, name, parentId }) =>
    rawItem(reader, unitType, { id, arn, name }, { Id: id, Name: name, Arn: arn, ParentId: parentId }),
  )
  return readingOf(reader, unitType, items, unitFailures, [])
}

function accountReading(reader: OrganizationReader, walked: Walked): Reading {
  const members = sorted(walked.members)
  const failures = [...walked.memberFailures, ...walked.unitFailures]
  const expected = [...new Set([reader.accountId, reader.readBy])].filter((id) => !walked.members.has(id))
  if (failures.length === 0 && expected.length > 0) {
    const reason = `the listing of accounts lacks account ${expected.join(' and ')}, which is in the organization`
    failures.push({ reason, transience: 'passing' })
  }
  const gaps = members
    .filter(({ parentIds }) => parentIds.size > 1)
    .map(({ id, arn }) => ({ resourceType: accountType, resourceArn: arn, ...twice(id) }))
  return readingOf(
    reader,
    accountType,
    members.map((member) => accountItem(reader, member)),
    failures,
    gaps,
  )
}

/** The e-mail address stays where it is. */
function accountItem(reader: OrganizationReader, member: Member & { readonly parentIds: ReadonlySet<string> }) {
  const { id, arn, name, status, joinedAt, parentIds } = member
  const configuration = present({
    AccountId: id,
    AccountName: name,
    Arn: arn,
    Status: status,
    JoinedTimestamp: joinedAt,
    ParentIds: parentIds.size === 1 ? [...parentIds] : undefined,
  })
  return rawItem(reader, accountType, name === undefined ? { id, arn } : { id, arn, name }, configuration)
}

function readingOf(
  reader: OrganizationReader,
  type: string,
  items: readonly JsonObject[],
  failures: readonly ReadFailure[],
  gaps: readonly Gap[],
): Reading {
  return {
    items,
    coverage: [covered(reader, type, failures[0])],
    gaps: [...failures.map((failure) => ({ resourceType: type, ...failure })), ...gaps],
  }
}

function sorted<T extends { readonly id: string }>(found: ReadonlyMap<string, T>): readonly T[] {
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}
