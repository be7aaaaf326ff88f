import {
  GetAccountAuthorizationDetailsCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListInstanceProfilesCommand,
} from '@aws-sdk/client-iam'
import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListPoliciesCommand,
  ListRootsCommand,
  ListTargetsForPolicyCommand,
} from '@aws-sdk/client-organizations'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { type Probe, type ProbeCall, probe, probeName } from './probe.ts'

const noEntity = 'NoSuchEntity'
// The client of IAM names the error after its class in some versions.
const noEntityException = 'NoSuchEntityException'

/** The account's own policies and those of AWS: a permission on the former alone would leave most roles unread. */
const policyArns = ({ accountId, partition }: ProbeCall) => [
  `arn:${partition}:iam::${accountId}:policy/${probeName}`,
  `arn:${partition}:iam::aws:policy/${probeName}`,
]

const onEachPolicy = (send: (call: ProbeCall, arn: string) => Promise<unknown>): Probe =>
  probe(async (call) => {
    for (const arn of policyArns(call)) await unlessMissing(send(call, arn))
  })

/** A policy that does not exist is as good as an answer, and the next one is still to be asked about. */
async function unlessMissing(sent: Promise<unknown>): Promise<void> {
  try {
    await sent
  } catch (error) {
    if (!(error instanceof Error) || (error.name !== noEntity && error.name !== noEntityException)) throw error
  }
}

/** IAM. */
export const iamProbes = {
  'iam:GetAccountAuthorizationDetails': probe(({ clients, options }) =>
    clients.iam.send(
      new GetAccountAuthorizationDetailsCommand({ Filter: ['LocalManagedPolicy'], MaxItems: 1 }),
      options,
    ),
  ),
  'iam:GetPolicy': onEachPolicy(({ clients, options }, PolicyArn) =>
    clients.iam.send(new GetPolicyCommand({ PolicyArn }), options),
  ),
  'iam:GetPolicyVersion': onEachPolicy(({ clients, options }, PolicyArn) =>
    clients.iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }), options),
  ),
  'iam:ListInstanceProfiles': probe(({ clients, options }) =>
    clients.iam.send(new ListInstanceProfilesCommand({ MaxItems: 1 }), options),
  ),
} as const

/** STS. */
export const stsProbes = {
  'sts:GetCallerIdentity': probe(({ clients, options }) => clients.sts.send(new GetCallerIdentityCommand(), options)),
  // Trust and permission are refused with the same error, and a role that trusts the caller would be taken on.
  'sts:AssumeRole': { untried: 'cannot be told without taking on the role' },
} as const

const noParent = 'ParentNotFoundException'
const noPolicy = 'PolicyNotFoundException'
const parent = { ParentId: 'r-0000' }
const policy = { PolicyId: 'p-00000000' }

/** Organizations. Everybody but the management account and delegated administrators is refused. */
export const organizationProbes = {
  'organizations:DescribeOrganization': probe(({ clients, options }) =>
    clients.organizations.send(new DescribeOrganizationCommand(), options),
  ),
  'organizations:ListRoots': probe(({ clients, options }) =>
    clients.organizations.send(new ListRootsCommand({ MaxResults: 1 }), options),
  ),
  'organizations:ListOrganizationalUnitsForParent': probe(
    ({ clients, options }) => clients.organizations.send(new ListOrganizationalUnitsForParentCommand(parent), options),
    noParent,
  ),
  'organizations:ListAccountsForParent': probe(
    ({ clients, options }) => clients.organizations.send(new ListAccountsForParentCommand(parent), options),
    noParent,
  ),
  'organizations:ListPolicies': probe(({ clients, options }) =>
    clients.organizations.send(new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY', MaxResults: 1 }), options),
  ),
  'organizations:DescribePolicy': probe(
    ({ clients, options }) => clients.organizations.send(new DescribePolicyCommand(policy), options),
    noPolicy,
  ),
  'organizations:ListTargetsForPolicy': probe(
    ({ clients, options }) => clients.organizations.send(new ListTargetsForPolicyCommand(policy), options),
    noPolicy,
  ),
} as const
