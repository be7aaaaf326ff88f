import type { Puller } from './types.ts'

/** Whether requests of a puller carry a key. `present`: it does, and its value is known where the inventory shows it. */
export type PullKeyState = 'present' | 'absent' | 'unknown'

/** What is known of one condition key, or of a family of keys (`…*`), in the requests of each puller. */
export interface PullKey {
  /** As AWS spells it. */
  readonly key: string
  readonly state: Readonly<Record<Puller, PullKeyState>>
  /** Where GetAuthorizationToken differs from the other requests; `unknown` then holds whatever the network. */
  readonly tokenState?: Readonly<Partial<Record<Puller, PullKeyState>>>
  /** Where requests of somebody else who holds the credentials may differ: they need not be calls to ECR of the puller's kind. */
  readonly holderState?: 'unknown'
  /** Actions (lower case) whose requests may carry the key whatever `state` says; no puller needs them. */
  readonly unknownOn?: readonly string[]
  /** One sentence without a full stop. */
  readonly why: string
}

function everyPuller(state: PullKeyState): Readonly<Record<Puller, PullKeyState>> {
  return {
    fargateTask: state,
    ecsInstance: state,
    ecsInstanceExecutionRole: state,
    eksNode: state,
    eksFargatePod: state,
  }
}

/** Keys that credentials of an instance profile carry, and no others. */
const instanceProfileOnly = { ...everyPuller('absent'), ecsInstance: 'unknown', eksNode: 'unknown' } as const

function rows(state: PullKeyState, why: string, ...keys: readonly string[]): readonly PullKey[] {
  return keys.map((key) => ({ key, state: everyPuller(state), why }))
}

/** Rows of keys that whoever calls with the credentials decides. */
function asHolderLikes(keys: readonly PullKey[]): readonly PullKey[] {
  return keys.map((row) => ({ ...row, holderState: 'unknown' }))
}

const taggingActions = ['ecr:createrepository', 'ecr:tagresource', 'ecr:untagresource']
const resourceTags = 'a request for one repository carries its tags; GetAuthorizationToken names no repository'
const fargateToken =
  'the network decides, except for GetAuthorizationToken on Fargate: AWS says the key cannot be applied to it, not what it holds'

/**
 * The condition keys of the requests of a pull, and why. It speaks of ECR actions only; keys it does not name are
 * unknown.
 */
export const pullContextTable: readonly PullKey[] = [
  ...rows('present', 'the ARN of the role with its path, not that of its session', 'aws:PrincipalArn'),
  ...rows('present', 'the account of the role', 'aws:PrincipalAccount'),
  ...rows('present', 'credentials of a role are those of an assumed role', 'aws:PrincipalType'),
  ...rows(
    'present',
    'there when the account of the role is in an organization',
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
  ),
  ...rows('present', 'the tags of the role; none of the pullers sets session tags', 'aws:PrincipalTag/*'),
  ...rows('unknown', 'role id and session name; the puller chooses the name', 'aws:userid'),
  ...rows('absent', 'users have it, roles have not', 'aws:username'),
  ...rows('unknown', 'when the credentials were issued', 'aws:TokenIssueTime'),
  ...rows(
    'absent',
    'nobody signs in when a service takes a role',
    'aws:MultiFactorAuthPresent',
    'aws:MultiFactorAuthAge',
  ),
  ...rows('absent', 'the role is taken by a service of AWS, not through an identity provider', 'aws:FederatedProvider'),
  ...asHolderLikes(rows('absent', 'no puller sets a source identity', 'aws:SourceIdentity')),
  ...rows('absent', 'only sessions of AssumeRoot have it', 'aws:AssumedRoot'),
  ...rows('absent', 'only functions of Lambda have it', 'lambda:SourceFunctionArn'),
  ...['aws:Ec2InstanceSourceVpc', 'aws:Ec2InstanceSourcePrivateIPv4', 'ec2:SourceInstanceArn', 'ec2:RoleDelivery'].map(
    (key) => ({
      key,
      state: instanceProfileOnly,
      why: 'credentials of an instance profile carry it, those of execution roles do not; its value is the instance’s',
    }),
  ),
  ...rows('absent', 'only requests that AWS services make with their own identity have it', 'aws:SourceArn'),
  ...rows(
    'absent',
    'as aws:SourceArn',
    'aws:SourceAccount',
    'aws:SourceOrgID',
    'aws:SourceOrgPaths',
    'aws:SourceOwner',
  ),
  ...rows('absent', 'the caller is a role', 'aws:PrincipalServiceName', 'aws:PrincipalServiceNamesList'),
  ...rows('present', 'false: the caller is a role', 'aws:PrincipalIsAWSService'),
  ...asHolderLikes([
    ...rows('present', 'false: the puller calls directly', 'aws:ViaAWSService'),
    ...rows('absent', 'the puller calls directly', 'aws:CalledVia', 'aws:CalledViaFirst', 'aws:CalledViaLast'),
    ...rows(
      'absent',
      'managed MCP servers add it to what passes through them',
      'aws:ViaAWSMCPService',
      'aws:CalledViaAWSMCP',
    ),
  ]),
  ...rows('present', 'true: ECR answers over TLS only', 'aws:SecureTransport'),
  ...rows('present', 'the region of the registry host', 'aws:RequestedRegion'),
  ...rows('present', 'the time of the decision', 'aws:CurrentTime', 'aws:EpochTime'),
  ...rows('unknown', 'the client chooses it', 'aws:UserAgent'),
  ...asHolderLikes(rows('absent', 'no client of a registry sends one', 'aws:Referer')),
  ...rows('unknown', 'the network decides: absent through an endpoint', 'aws:SourceIp'),
  ...['aws:SourceVpc', 'aws:SourceVpce'].map((key) => ({
    key,
    state: everyPuller('unknown'),
    tokenState: { fargateTask: 'unknown' as const },
    why: fargateToken,
  })),
  ...rows('unknown', 'the network decides: there through an endpoint only', 'aws:VpcSourceIp', 'aws:SourceVpcArn'),
  ...rows('unknown', 'as aws:VpcSourceIp', 'aws:VpceAccount', 'aws:VpceOrgID', 'aws:VpceOrgPaths'),
  ...rows('present', 'the account of the repository; without one, the caller’s own registry', 'aws:ResourceAccount'),
  ...rows('present', 'there when that account is in an organization', 'aws:ResourceOrgID', 'aws:ResourceOrgPaths'),
  ...['aws:ResourceTag/*', 'ecr:ResourceTag/*'].map((key) => ({
    key,
    state: everyPuller('present'),
    tokenState: everyPuller('absent'),
    unknownOn: ['ecr:createrepository'],
    why: resourceTags,
  })),
  ...rows('absent', 'no request of a pull sets tags', 'aws:RequestTag/*', 'aws:TagKeys').map((row) => ({
    ...row,
    unknownOn: taggingActions,
  })),
  ...rows('absent', 'keys of requests to other services', 's3:*', 'ecs:*', 'eks:*', 'sts:*'),
]
