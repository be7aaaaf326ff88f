import type { IAMClient } from '@aws-sdk/client-iam'
import type { ChangedResource } from '../../events/audit-request.ts'
import { globalRegion } from '../../inventory/recordable-types.ts'
import { organizationViews, roleViews } from '../../inventory/view-groups.ts'
import { parseArn, partitionOf } from '../../model/arn.ts'
import { InputError } from '../../model/errors.ts'
import { type JsonObject, own, ownObject, ownString } from '../../model/json.ts'
import type { ResourceRef } from '../../model/resource.ts'
import { listRoles } from '../../sources/iam/list-roles.ts'
import type { PolicyMemo } from '../../sources/iam/managed-policy.ts'
import { listPolicyHolders } from '../../sources/iam/policy-holders.ts'
import { readRole } from '../../sources/iam/read-role.ts'
import { type IamReader, policyType, roleNameOf, roleType } from '../../sources/iam/reader.ts'
import type { Gap, Reading } from '../../sources/reading.ts'
import type { Focus, LiveReader, LiveResource, LiveSource } from '../live-source.ts'
import { partly } from './partly.ts'

/** Where workloads name the roles they use. */
const roleProperties = ['TaskRoleArn', 'ExecutionRoleArn', 'PodExecutionRoleArn', 'NodeRole'] as const

/** Functions carry no capture of the policies that AWS wrote: those that roles hold are read. */
const awsManaged = 'remember'

/** Roles of the account, its managed policies and those of AWS that roles hold. */
export function iamSource(client: Pick<IAMClient, 'send'>): LiveSource {
  const at = (reader: LiveReader) => ({ ...reader, client })
  return {
    types: [roleType, policyType],
    // Guardrails bind roles.
    views: [roleViews, organizationViews],
    list: (reader, types) => (types.length === 0 ? nothing() : listAll(at(reader))),
    around: (reader, types, focus) => (types.length === 0 ? nothing() : readNamed(at(reader), focus)),
    rolesWith: (reader, policyArn) => listPolicyHolders(at(reader), policyArn),
    judged: new Map([[roleType, { refOf: roleRef, lookAt: (reader, ref) => lookAtRole(at(reader), ref) }]]),
  }
}

function nothing(): Promise<Reading> {
  return Promise.resolve({ items: [], coverage: [], gaps: [] })
}

function listAll(reader: LiveReader & IamReader): Promise<Reading> {
  const who = reader.ownRole === undefined ? 'root' : `role/${reader.ownRole}`
  return listRoles(reader, {
    awsManaged,
    callerArn: `arn:${partitionOf(reader.region)}:iam::${reader.accountId}:${who}`,
  })
}

/** The role's ARN is in the event, or its name is; without either nobody can look at it, because IAM finds no role by its id. */
function roleRef(reader: LiveReader, { type, id, arn, name }: ChangedResource): ResourceRef {
  const { accountId, region } = reader
  const stated = arn !== undefined && parseArn(arn)?.service === 'iam' ? arn : undefined
  if (stated !== undefined && parseArn(stated)?.accountId !== accountId) {
    throw new InputError('configurationItem.ARN: expected a role of the account of this function')
  }
  if (stated === undefined && name === undefined) {
    throw new InputError('configurationItem.resourceName: expected the name of the role')
  }
  const found = stated ?? `arn:${partitionOf(region)}:iam::${accountId}:role/${name}`
  return { type, id, arn: found, accountId, region: globalRegion }
}

async function lookAtRole(reader: LiveReader & IamReader, ref: ResourceRef): Promise<LiveResource> {
  const asked = roleNameOf(reader, ref.arn)
  const reading = await readRole(reader, asked.ok ? asked.name : ref.arn, { awsManaged })
  if (reading.state === 'gone') return isIdKnown(ref) ? lookForId(reader, ref) : reading
  if (reading.state === 'unknown') return { state: 'unknown', gaps: [reading.gap] }
  const { item, policies, gaps } = reading
  if (isIdKnown(ref) && ownString(item, 'resourceId') !== ref.id) return lookForId(reader, ref)
  return { state: 'present', item, alongside: policies, gaps }
}

/** Who knows a role by its name only has its ARN in the place of the id. */
function isIdKnown({ id, arn }: ResourceRef): boolean {
  return id !== arn
}

/** No role of that name has the id of the event: only a complete listing says that no other role has it. */
async function lookForId(reader: LiveReader & IamReader, ref: ResourceRef): Promise<LiveResource> {
  const { items, coverage, gaps } = await listAll(reader)
  const roles = items.filter((item) => ownString(item, 'resourceType') === roleType)
  const item = roles.find((one) => ownString(one, 'resourceId') === ref.id)
  if (item !== undefined) {
    return { state: 'present', item, alongside: items.filter((one) => !roles.includes(one)), gaps }
  }
  if (coverage.some((row) => row.status === 'unknown')) return { state: 'unknown', gaps }
  return { state: roles.some((one) => ownString(one, 'arn') === ref.arn) ? 'replaced' : 'gone' }
}

/** Reads the roles that the judged resource names, with their policies. A judged role was read with its own. */
function readNamed(reader: IamReader, { item }: Focus): Promise<Reading> {
  return readRoles(reader, ownString(item, 'resourceType') === roleType ? [] : rolesNamedIn(item))
}

/** Reads roles by name or ARN with their policies; all others are not listed. */
export async function readRoles(reader: IamReader, names: readonly string[]): Promise<Reading> {
  const memo: PolicyMemo = new Map()
  const items = new Map<string, JsonObject>()
  const gaps: Gap[] = []
  let gone = 0
  let answered = true
  for (const name of names) {
    const reading = await readRole(reader, name, { awsManaged, memo })
    if (reading.state === 'gone') gone += 1
    if (reading.state === 'unknown') {
      answered = false
      gaps.push(reading.gap)
    }
    if (reading.state !== 'present') continue
    for (const one of [reading.item, ...reading.policies]) items.set(ownString(one, 'arn') ?? '', one)
    gaps.push(...reading.gaps)
  }
  const coverage = [partly(reader, roleType, { answered, gone }), partly(reader, policyType, { answered, gone: 0 })]
  return { items: [...items.values()], coverage, gaps }
}

/** Untrusted text: what names no role of ours is read as unknown. */
function rolesNamedIn(item: JsonObject): readonly string[] {
  const text = own(item, 'configuration')
  const configuration = typeof text === 'string' ? undefined : ownObject(item, 'configuration')
  if (configuration === undefined) return []
  return [...new Set(roleProperties.flatMap((name) => ownString(configuration, name) ?? []))]
}
