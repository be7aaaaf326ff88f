import type { AttachedPermissionsBoundary, AttachedPolicy, InstanceProfile, Policy, Tag } from '@aws-sdk/client-iam'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import { needList, needText, present, rawItem } from '../reading.ts'
import { type IamReader, isAwsManaged, isOwn, policyType, roleType } from './reader.ts'

/** What both ways of reading a role say about it. */
export interface RoleHead {
  readonly Path?: string | undefined
  readonly RoleName?: string | undefined
  readonly RoleId?: string | undefined
  readonly Arn?: string | undefined
  readonly CreateDate?: Date | undefined
  readonly AssumeRolePolicyDocument?: string | undefined
  readonly PermissionsBoundary?: AttachedPermissionsBoundary | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly InstanceProfileList?: readonly InstanceProfile[] | undefined
}

/** A role's policies, each list in Config's form or, when it could not be read, a text that is no list. */
export interface RolePolicies {
  readonly rolePolicyList: JsonValue
  readonly attachedManagedPolicies: JsonValue
}

/** The ARN of a role the answer is about. @throws MalformedAnswer when it is not a role of the reader's account */
export function roleArn(reader: IamReader, role: RoleHead | undefined): string {
  const arn = needText(role?.Arn, 'Arn')
  if (!isOwn(reader, arn, 'role')) throw new MalformedAnswer('a role of another account')
  if (arn.split('/').at(-1) !== needText(role?.RoleName, 'RoleName'))
    throw new MalformedAnswer('a role of another name')
  return arn
}

/** A role as AWS Config records it. Policy documents stay as IAM encodes them. @throws MalformedAnswer */
export function roleItem(reader: IamReader, role: RoleHead, policies: RolePolicies): JsonObject {
  const arn = roleArn(reader, role)
  const name = needText(role.RoleName, 'RoleName')
  const id = needText(role.RoleId, 'RoleId')
  const tags = (role.Tags ?? []).map((tag) => [needText(tag.Key, 'tag key'), tag.Value ?? ''] as const)
  const configuration = present({
    path: needText(role.Path, 'Path'),
    roleName: name,
    roleId: id,
    arn,
    createDate: role.CreateDate?.toISOString(),
    assumeRolePolicyDocument: needText(role.AssumeRolePolicyDocument, 'AssumeRolePolicyDocument'),
    instanceProfileList: role.InstanceProfileList && profilesOf(role.InstanceProfileList),
    ...policies,
    permissionsBoundary: boundaryOf(role),
    tags: tags.map(([key, value]) => ({ key, value })),
  })
  return { ...rawItem(reader, roleType, { id, arn, name }, configuration), tags: Object.fromEntries(tags) }
}

/** ARN of the boundary; undefined when the role has none. @throws MalformedAnswer when it has one without an ARN */
export function boundaryArn(role: RoleHead): string | undefined {
  const boundary = role.PermissionsBoundary
  return boundary === undefined ? undefined : needText(boundary.PermissionsBoundaryArn, 'PermissionsBoundaryArn')
}

function boundaryOf(role: RoleHead): JsonObject | null {
  const arn = boundaryArn(role)
  if (arn === undefined) return null
  return {
    permissionsBoundaryArn: arn,
    permissionsBoundaryType: role.PermissionsBoundary?.PermissionsBoundaryType ?? '',
  }
}

function profilesOf(profiles: readonly InstanceProfile[]): readonly JsonObject[] {
  return profiles.map((profile) => ({
    instanceProfileName: needText(profile.InstanceProfileName, 'InstanceProfileName'),
    arn: needText(profile.Arn, 'instance profile Arn'),
  }))
}

/** Attached policies in Config's form. @throws MalformedAnswer for an entry without name or ARN */
export function attachedPolicies(attached: readonly AttachedPolicy[] | undefined): readonly JsonObject[] {
  return needList(attached, 'attached policies').map((one) => ({
    policyName: needText(one.PolicyName, 'PolicyName'),
    policyArn: needText(one.PolicyArn, 'PolicyArn'),
  }))
}

/** An inline policy in Config's form. @throws MalformedAnswer */
export function inlinePolicy(policy: {
  readonly PolicyName?: string | undefined
  readonly PolicyDocument?: string | undefined
}): JsonObject {
  return {
    policyName: needText(policy.PolicyName, 'PolicyName'),
    policyDocument: needText(policy.PolicyDocument, 'PolicyDocument'),
  }
}

/** A managed policy with the text of its default version, as AWS Config records it. @throws MalformedAnswer */
export function policyItem(reader: IamReader, policy: Policy, document: string): JsonObject {
  const arn = needText(policy.Arn, 'Arn')
  if (!isAwsManaged(arn) && !isOwn(reader, arn, 'policy')) throw new MalformedAnswer('a policy of another account')
  // The ARN identifies a policy; id and name only help people find it.
  const id = policy.PolicyId ?? arn
  const name = policy.PolicyName ?? arn.split('/').at(-1) ?? arn
  const versionId = needText(policy.DefaultVersionId, 'DefaultVersionId')
  const configuration = present({
    policyName: name,
    policyId: id,
    arn,
    path: policy.Path,
    defaultVersionId: versionId,
    attachmentCount: policy.AttachmentCount,
    isAttachable: policy.IsAttachable,
    policyVersionList: [{ versionId, isDefaultVersion: true, document }],
  })
  return rawItem(reader, policyType, { id, arn, name }, configuration)
}
