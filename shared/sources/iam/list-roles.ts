import {
  GetAccountAuthorizationDetailsCommand,
  type ManagedPolicyDetail,
  type PolicyDetail,
  type RoleDetail,
} from '@aws-sdk/client-iam'
import { parseArn } from '../../model/arn.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { errorName, MalformedAnswer, type ReadFailure } from '../failure.ts'
import type { Page } from '../list-pages.ts'
import {
  askPages,
  covered,
  failureOf,
  type Gap,
  needList,
  needText,
  type Reading,
  unlisted,
  unread,
} from '../reading.ts'
import { attachedPolicies, boundaryArn, inlinePolicy, policyItem, roleArn, roleItem } from './items.ts'
import { readManagedPolicies } from './managed-policy.ts'
import { markerOf } from './paging.ts'
import { type IamReader, isAwsManaged, type PolicyChoice, policyType, readsAwsManaged, roleType } from './reader.ts'

const ACTION = 'iam:GetAccountAuthorizationDetails'

/** A role or policy of the listing: its items, what could not be read of it, and the AWS-managed policies it holds. */
interface Entry {
  readonly arn: string
  readonly item: JsonObject
  readonly gaps: readonly Gap[]
  readonly awsManaged: readonly string[]
}

/** How to list roles. */
export interface RoleListing extends PolicyChoice {
  /**
   * Who we are, as STS says it: an assumed-role ARN, or another caller's. The role behind it must be in the listing, or
   * the listing counts as unread; callers that are no role of the account give no such proof.
   */
  readonly callerArn: string
}

/**
 * Reads all roles and customer-managed policies of the account, default versions only. A page that fails, a listing
 * without the role we run under and a caller of another account leave both types unknown.
 */
export async function listRoles(reader: IamReader, listing: RoleListing): Promise<Reading> {
  const types = [roleType, policyType]
  const caller = parseArn(listing.callerArn)
  if (caller?.accountId !== reader.accountId) {
    return unlisted(reader, types, {
      reason: `${ACTION} would not speak of account ${reader.accountId}`,
      transience: 'lasting',
    })
  }
  const answer = await askPages(reader, ACTION, undefined, (Marker, signal) => readPage(reader, Marker, signal))
  if (answer.state !== 'known') return unlisted(reader, types, failureOf(answer))
  const entries = [...new Map(answer.value.map((entry) => [entry.arn, entry])).values()]
  if (!holdsCanary(entries, caller.resource)) return unlisted(reader, types, incomplete)
  const arns = entries.flatMap((entry) => entry.awsManaged)
  const aws = await readManagedPolicies(reader, readsAwsManaged(listing) ? arns : [], listing)
  return {
    items: [...entries.map((entry) => entry.item), ...aws.items],
    coverage: types.map((type) => covered(reader, type)),
    gaps: [...entries.flatMap((entry) => entry.gaps), ...aws.gaps],
  }
}

const incomplete: ReadFailure = {
  reason: `${ACTION} left out the role it was called with: the listing is not complete`,
  transience: 'passing',
}

/** `assumed-role/NAME/SESSION` or `role/PATH/NAME`; names are unique in an account. An empty listing proves nothing. */
function holdsCanary(entries: readonly Entry[], resource: string): boolean {
  const [kind, ...rest] = resource.split('/')
  const name = kind === 'assumed-role' ? rest[0] : kind === 'role' ? rest.at(-1) : undefined
  const roles = entries.filter((entry) => parseArn(entry.arn)?.resource.startsWith('role/'))
  return name === undefined ? roles.length > 0 : roles.some((entry) => entry.arn.split('/').at(-1) === name)
}

async function readPage(reader: IamReader, Marker: string | undefined, abortSignal: AbortSignal): Promise<Page<Entry>> {
  const command = new GetAccountAuthorizationDetailsCommand({
    Filter: ['Role', 'LocalManagedPolicy'],
    MaxItems: 500,
    ...(Marker === undefined ? {} : { Marker }),
  })
  const output = await reader.client.send(command, { abortSignal })
  const nextToken = markerOf(output)
  // A page of roles has no policies and the other way round; which list is there is up to the service.
  const roles = needList(output.RoleDetailList ?? [], 'RoleDetailList').map((role) => roleEntry(reader, role))
  const policies = needList(output.Policies ?? [], 'Policies').map((policy) => policyEntry(reader, policy))
  return { entries: [...roles, ...policies], nextToken }
}

function roleEntry(reader: IamReader, role: RoleDetail): Entry {
  const arn = roleArn(reader, role)
  const inline = listed('RolePolicyList', () => inlineList(role.RolePolicyList))
  const attached = listed('AttachedManagedPolicies', () => attachedPolicies(role.AttachedManagedPolicies))
  const item = roleItem(reader, role, { rolePolicyList: inline.value, attachedManagedPolicies: attached.value })
  const held = [...(role.AttachedManagedPolicies ?? []).map((one) => one.PolicyArn ?? ''), boundaryArn(role) ?? '']
  const gaps = [inline, attached].flatMap(({ failure }) =>
    failure ? [{ resourceType: roleType, resourceArn: arn, ...failure }] : [],
  )
  return { arn, item, gaps, awsManaged: held.filter(isAwsManaged) }
}

/** A list that is not there is not an empty one: the role then has a gap. */
function listed(what: string, read: () => JsonValue): { readonly value: JsonValue; readonly failure?: ReadFailure } {
  try {
    return { value: read() }
  } catch (error) {
    const failure = { reason: `${ACTION} gave no ${what} (${errorName(error)})`, transience: 'passing' as const }
    return { value: unread(failure), failure }
  }
}

function inlineList(policies: readonly PolicyDetail[] | undefined): readonly JsonObject[] {
  return needList(policies, 'RolePolicyList').map(inlinePolicy)
}

function policyEntry(reader: IamReader, policy: ManagedPolicyDetail): Entry {
  const version = needList(policy.PolicyVersionList, 'PolicyVersionList').find(
    (one) => one.VersionId !== undefined && one.VersionId === policy.DefaultVersionId,
  )
  if (version === undefined) throw new MalformedAnswer('policy without its default version')
  const item = policyItem(reader, policy, needText(version.Document, 'Document'))
  return { arn: needText(policy.Arn, 'Arn'), item, gaps: [], awsManaged: [] }
}
