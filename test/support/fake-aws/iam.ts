// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { pageFrom, Refusal } from './refusal.ts'

/** A role of the fake account. Documents are JSON text; the server encodes them as IAM does. */
export interface FakeRole {
  readonly name: string
  readonly path?: string
  readonly id: string
  readonly trust: string
  readonly inline?: readonly { readonly name: string; readonly document: string }[]
  /** ARNs of managed policies. */
  readonly attached?: readonly string[]
  readonly boundary?: string
  readonly tags?: readonly { readonly Key: string; readonly Value: string }[]
}

/** A managed policy, of the account or of AWS. */
export interface FakePolicy {
  readonly arn: string
  readonly id: string
  readonly defaultVersionId: string
  /** Version id to JSON text. */
  readonly versions: ReadonlyMap<string, string>
}

/** What IAM holds. */
export interface FakeIam {
  readonly roles: FakeRole[]
  readonly policies: FakePolicy[]
  /** Instance profiles in the words of the API. */
  readonly instanceProfiles: any[]
  /** Entries a page holds. */
  pageSize: number
}

const createDate = '2026-01-01T00:00:00Z'
const nameOf = (arn: string) => arn.split('/').at(-1)
const encoded = (document: string) => encodeURIComponent(document)

/** Answers a call of IAM. */
export function serveIam(iam: FakeIam, accountId: string, operation: string, body: any): unknown {
  const role = () => iam.roles.find((one) => one.name === body.RoleName) ?? missing()
  const policy = () => iam.policies.find((one) => one.arn === body.PolicyArn) ?? missing()
  const paged = <T>(all: readonly T[], key: string) => {
    const { page, next } = pageFrom(all, body.Marker, iam.pageSize)
    return { [key]: page, IsTruncated: next !== undefined, Marker: next }
  }
  switch (operation) {
    case 'GetRole':
      return { Role: { ...roleHead(role(), accountId), Tags: role().tags ?? [] } }
    case 'ListRolePolicies':
      return paged(
        (role().inline ?? []).map(({ name }) => name),
        'PolicyNames',
      )
    case 'GetRolePolicy': {
      const found = role().inline?.find(({ name }) => name === body.PolicyName) ?? missing()
      return { RoleName: body.RoleName, PolicyName: found.name, PolicyDocument: encoded(found.document) }
    }
    case 'ListAttachedRolePolicies':
      return paged(attachedOf(role()), 'AttachedPolicies')
    case 'GetPolicy':
      return { Policy: policyHead(policy()) }
    case 'GetPolicyVersion': {
      const document = policy().versions.get(body.VersionId) ?? missing()
      const IsDefaultVersion = policy().defaultVersionId === body.VersionId
      return { PolicyVersion: { Document: encoded(document), VersionId: body.VersionId, IsDefaultVersion } }
    }
    case 'ListEntitiesForPolicy': {
      const { arn } = policy()
      const uses = {
        PermissionsPolicy: ({ attached }: FakeRole) => attached?.includes(arn) === true,
        PermissionsBoundary: ({ boundary }: FakeRole) => boundary === arn,
      }
      const wanted = Object.entries(uses).flatMap(([use, holds]) =>
        body.PolicyUsageFilter === undefined || body.PolicyUsageFilter === use ? [holds] : [],
      )
      const roles = iam.roles.filter((one) => wanted.some((holds) => holds(one)))
      return paged(
        roles.map(({ name, id }) => ({ RoleName: name, RoleId: id })),
        'PolicyRoles',
      )
    }
    case 'ListInstanceProfiles':
      return paged(iam.instanceProfiles, 'InstanceProfiles')
    case 'GetAccountAuthorizationDetails':
      return authorizationDetails(iam, accountId, body)
    default:
      throw new Refusal('InvalidAction')
  }
}

function missing(): never {
  throw new Refusal('NoSuchEntity', 404)
}

function roleHead(role: FakeRole, accountId: string) {
  const path = role.path ?? '/'
  return {
    Path: path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: `arn:aws:iam::${accountId}:role${path}${role.name}`,
    CreateDate: createDate,
    AssumeRolePolicyDocument: encoded(role.trust),
    ...(role.boundary
      ? {
          PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.boundary },
        }
      : {}),
  }
}

function policyHead(policy: FakePolicy) {
  return {
    PolicyName: nameOf(policy.arn),
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: '/',
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: 1,
    IsAttachable: true,
    CreateDate: createDate,
    UpdateDate: createDate,
  }
}

function attachedOf(role: FakeRole) {
  return (role.attached ?? []).map((arn) => ({ PolicyName: nameOf(arn), PolicyArn: arn }))
}

function authorizationDetails(iam: FakeIam, accountId: string, body: any) {
  const wanted = Object.entries(body).flatMap(([key, value]) => (key.startsWith('Filter.') ? [value] : []))
  const roles = wanted.includes('Role') ? iam.roles : []
  const policies = wanted.includes('LocalManagedPolicy')
    ? iam.policies.filter(({ arn }) => arn.includes(`:${accountId}:`))
    : []
  const { page, next } = pageFrom<FakeRole | FakePolicy>([...roles, ...policies], body.Marker, iam.pageSize)
  return {
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: page.flatMap((one) => ('trust' in one ? [roleDetail(one, accountId)] : [])),
    Policies: page.flatMap((one) => ('versions' in one ? [policyDetail(one)] : [])),
    IsTruncated: next !== undefined,
    Marker: next,
  }
}

function roleDetail(role: FakeRole, accountId: string) {
  return {
    ...roleHead(role, accountId),
    InstanceProfileList: [],
    RolePolicyList: (role.inline ?? []).map(({ name, document }) => ({
      PolicyName: name,
      PolicyDocument: encoded(document),
    })),
    AttachedManagedPolicies: attachedOf(role),
    Tags: role.tags ?? [],
  }
}

function policyDetail(policy: FakePolicy) {
  const PolicyVersionList = [...policy.versions].map(([VersionId, document]) => ({
    VersionId,
    Document: encoded(document),
    IsDefaultVersion: VersionId === policy.defaultVersionId,
    CreateDate: createDate,
  }))
  return { ...policyHead(policy), PolicyVersionList }
}
