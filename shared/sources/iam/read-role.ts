import {
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam'
import type { JsonObject } from '../../model/json.ts'
import { ownString } from '../../model/json.ts'
import type { CoverageEntry } from '../../model/resource.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, ask, askPages, type Gap, gapsOf, needList, needText, notListed, unread } from '../reading.ts'
import { attachedPolicies, boundaryArn, inlinePolicy, type RoleHead, roleArn, roleItem } from './items.ts'
import { type PolicyMemo, readManagedPolicies } from './managed-policy.ts'
import { markerOf } from './paging.ts'
import { type IamReader, type PolicyChoice, policyType, roleNameOf, roleType } from './reader.ts'

const NONE = 'NoSuchEntityException'

/** What looking at one role gave. `policies` are the items of the managed policies it holds, its boundary included. */
export type RoleReading =
  | {
      readonly state: 'present'
      readonly item: JsonObject
      readonly policies: readonly JsonObject[]
      /** Says that other roles and policies are unknown; a listing of the same moment replaces it. */
      readonly coverage: readonly CoverageEntry[]
      readonly gaps: readonly Gap[]
    }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly gap: Gap }

/**
 * Reads one role of the reader's account with its trust policy, inline policies, attached policies and boundary.
 * `arnOrName` is what a workload names: an ARN (a role of that name with another ARN is another role: gone) or a bare name.
 * A policy that could not be read leaves a text that is no policy, and a gap.
 */
export async function readRole(
  reader: IamReader,
  arnOrName: string,
  choice: PolicyChoice & { readonly memo?: PolicyMemo } = {},
): Promise<RoleReading> {
  const asked = roleNameOf(reader, arnOrName)
  if (!asked.ok) {
    const { reason, transience } = asked
    return { state: 'unknown', gap: { resourceType: roleType, resourceArn: arnOrName, reason, transience } }
  }
  const described = await describeRole(reader, asked.name)
  if (described.state === 'absent') return { state: 'gone' }
  if (described.state === 'unknown') {
    const { reason, transience } = described
    return { state: 'unknown', gap: { resourceType: roleType, resourceArn: arnOrName, reason, transience } }
  }
  const arn = roleArn(reader, described.value)
  if (arnOrName.startsWith('arn:') && arn !== arnOrName) return { state: 'gone' }
  return withPolicies(reader, described.value, asked.name, choice)
}

function describeRole(reader: IamReader, name: string): Promise<Answer<RoleHead>> {
  return ask(
    reader,
    'iam:GetRole',
    NONE,
    (abortSignal) => reader.client.send(new GetRoleCommand({ RoleName: name }), { abortSignal }),
    ({ Role }) => {
      if (Role === undefined || Role.RoleName !== name) throw new MalformedAnswer('another role')
      // Fails here when the answer cannot become an item.
      roleItem(reader, Role, { rolePolicyList: [], attachedManagedPolicies: [] })
      return Role
    },
  )
}

async function withPolicies(
  reader: IamReader,
  role: RoleHead,
  name: string,
  choice: PolicyChoice & { readonly memo?: PolicyMemo },
): Promise<RoleReading> {
  const inline = await readInlinePolicies(reader, name)
  // Read last: a role deleted meanwhile shows here, so an inline policy that was not found is one that was removed.
  const attached = await listAttached(reader, name)
  if (inline.names.state === 'absent' || attached.state === 'absent') return { state: 'gone' }
  const arn = roleArn(reader, role)
  const held = [
    ...(attached.state === 'known' ? attached.value.flatMap((one) => ownString(one, 'policyArn') ?? []) : []),
    ...[boundaryArn(role) ?? []].flat(),
  ]
  const managed = await readManagedPolicies(reader, held, choice, choice.memo)
  const item = roleItem(reader, role, {
    rolePolicyList: inline.names.state === 'known' ? inline.policies : unread(inline.names),
    attachedManagedPolicies: attached.state === 'known' ? attached.value : unread(attached),
  })
  const failed = [inline.names, ...inline.failed, attached]
  const gaps = failed.flatMap((answer) => gapsOf(answer, roleType, arn))
  const coverage = notListed(reader, [roleType, policyType])
  return { state: 'present', item, policies: managed.items, coverage, gaps: [...gaps, ...managed.gaps] }
}

async function readInlinePolicies(reader: IamReader, RoleName: string) {
  const names = await askPages(reader, 'iam:ListRolePolicies', NONE, async (Marker, abortSignal) => {
    const output = await reader.client.send(new ListRolePoliciesCommand({ RoleName, ...marker(Marker) }), {
      abortSignal,
    })
    const entries = needList(output.PolicyNames, 'PolicyNames').map((name) => needText(name, 'policy name'))
    return { entries, nextToken: markerOf(output) }
  })
  const policies: JsonObject[] = []
  const failed: Answer<JsonObject>[] = []
  for (const PolicyName of names.state === 'known' ? names.value : []) {
    const answer = await readInlinePolicy(reader, RoleName, PolicyName)
    if (answer.state === 'known') policies.push(answer.value)
    if (answer.state === 'unknown') policies.push({ policyName: PolicyName, policyDocument: unread(answer) })
    failed.push(answer)
  }
  return { names, policies, failed }
}

function readInlinePolicy(reader: IamReader, RoleName: string, PolicyName: string): Promise<Answer<JsonObject>> {
  return ask(
    reader,
    'iam:GetRolePolicy',
    NONE,
    (abortSignal) => reader.client.send(new GetRolePolicyCommand({ RoleName, PolicyName }), { abortSignal }),
    (output) => {
      if (output.PolicyName !== PolicyName) throw new MalformedAnswer('another policy')
      return inlinePolicy(output)
    },
  )
}

function listAttached(reader: IamReader, RoleName: string): Promise<Answer<readonly JsonObject[]>> {
  return askPages(reader, 'iam:ListAttachedRolePolicies', NONE, async (Marker, abortSignal) => {
    const command = new ListAttachedRolePoliciesCommand({ RoleName, ...marker(Marker) })
    const output = await reader.client.send(command, { abortSignal })
    return { entries: attachedPolicies(output.AttachedPolicies), nextToken: markerOf(output) }
  })
}

function marker(Marker: string | undefined): { Marker?: string } {
  return Marker === undefined ? {} : { Marker }
}
