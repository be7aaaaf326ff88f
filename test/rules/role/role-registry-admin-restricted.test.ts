import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/role/role-registry-admin-restricted.ts'
import {
  allowPull,
  customerPolicy,
  notListed,
  organization,
  policy,
  policyArn,
  repository,
  role,
  roleArn,
  trustOf,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const repositories = 'arn:aws:ecr:eu-central-1:111122223333:repository/*'
const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`
const allow = (Action: JsonValue, Resource: JsonValue = '*', more: JsonObject = {}): JsonObject => ({
  ...{ Effect: 'Allow', Action, Resource },
  ...more,
})
const deny = (Action: JsonValue, more: JsonObject = {}): JsonObject => ({
  ...{ Effect: 'Deny', Action, Resource: '*' },
  ...more,
})
const roleWith = (...statements: readonly JsonObject[]) => role({ inline: { work: policy(...statements) } })
const administrator = allow(['ecr:SetRepositoryPolicy', 'ecr:DeleteRepository'], repositories)
const declared = (...registryAdministrators: readonly string[]) => ({ settings: { registryAdministrators } })
/** A boundary only takes away. */
const withAnyBoundary = { provenWithout: ['permissionsBoundary'] }
/** Policies of AWS are known from the capture when the inventory lacks them. */
const fromCapture = { provenWithout: ['inventory.managedPolicy'] }
const guarded = (...statements: readonly JsonObject[]) =>
  organization({ policies: [{ name: 'guard', content: policy(...statements), targets: ['r-1', '111122223333'] }] })

ruleCases(rule, {
  'a role that pulls administers nothing': [
    roleWith(allow(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], repositories)),
    'compliant',
    { says: 'neither change policies nor delete repositories', ...withAnyBoundary },
  ],
  'a role that pushes and deletes images administers nothing': [
    roleWith(allow(['ecr:PutImage', 'ecr:BatchDeleteImage', 'ecr:PutLifecyclePolicy'], repositories)),
    'compliant',
    withAnyBoundary,
  ],
  'a role without policies administers nothing': [role(), 'compliant', withAnyBoundary],
  'changing repository policies is for declared administrators': [
    roleWith(allow('ecr:SetRepositoryPolicy', repositories)),
    'noncompliant',
    {
      says: `ecr:SetRepositoryPolicy on ${repositories} (inline policy work of role app)`,
      shows: 'statement 1: Allows ecr:SetRepositoryPolicy',
    },
  ],
  'removing repository policies is for declared administrators': [
    roleWith(allow('ecr:DeleteRepositoryPolicy', repositories)),
    'noncompliant',
    'ecr:DeleteRepositoryPolicy',
  ],
  'deleting repositories is for declared administrators': [
    roleWith(allow('ecr:DeleteRepository', `${repositories.slice(0, -1)}app`)),
    'noncompliant',
    'ecr:DeleteRepository',
  ],
  'changing the registry policy is for declared administrators': [
    roleWith(allow('ecr:PutRegistryPolicy')),
    'noncompliant',
    'ecr:PutRegistryPolicy on *',
  ],
  'removing the registry policy is for declared administrators': [
    roleWith(allow('ecr:DeleteRegistryPolicy')),
    'noncompliant',
    'ecr:DeleteRegistryPolicy',
  ],
  'changing the registry policy on a repository is no permission': [
    roleWith(allow('ecr:PutRegistryPolicy', `${repositories.slice(0, -1)}app`)),
    'compliant',
    withAnyBoundary,
  ],
  'every action of ECR includes administration': [roleWith(allow('ecr:*', repositories)), 'noncompliant'],
  'a Deny that leaves pulls only makes every action harmless': [
    roleWith(allow('ecr:*', repositories), {
      ...{ Effect: 'Deny', Resource: '*' },
      NotAction: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    }),
    'compliant',
    withAnyBoundary,
  ],
  'a Deny of some of the actions leaves the others': [
    roleWith(allow('ecr:*', repositories), deny(['ecr:*RepositoryPolicy', 'ecr:*RegistryPolicy'])),
    'noncompliant',
    'ecr:DeleteRepository on',
  ],
  'a Deny on one repository leaves the others': [
    roleWith(administrator, deny('ecr:*', { Resource: `${repositories.slice(0, -1)}app` })),
    'noncompliant',
  ],
  'all actions but those of IAM include administration': [
    roleWith({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
    'noncompliant',
  ],
  'the policy AdministratorAccess includes administration': [
    role({ attached: [managed('AdministratorAccess')] }),
    'noncompliant',
    { says: 'AWS-managed policy AdministratorAccess', shows: 'as captured on', ...fromCapture },
  ],
  'the policy PowerUserAccess includes administration': [
    role({ attached: [managed('PowerUserAccess')] }),
    'noncompliant',
    { says: 'AWS-managed policy PowerUserAccess', ...fromCapture },
  ],
  'the power user of the registry pushes and administers nothing': [
    role({ attached: [managed('AmazonEC2ContainerRegistryPowerUser')] }),
    'compliant',
    { provenWithout: ['inventory.managedPolicy', 'permissionsBoundary'] },
  ],
  'an administrator declared by ARN may administer': [
    roleWith(administrator),
    'compliant',
    { says: 'declared administrator', ...declared(roleArn('app')) },
  ],
  'the administrators of single sign-on may be declared by a pattern': [
    role({
      name: 'AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6071',
      path: '/aws-reserved/sso.amazonaws.com/eu-central-1/',
      attached: [managed('AdministratorAccess')],
    }),
    'compliant',
    declared('arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_AdministratorAccess_*'),
  ],
  'a role of single sign-on that nobody declared is judged like any other': [
    role({
      name: 'AWSReservedSSO_PowerUserAccess_0a1b2c3d4e5f6071',
      path: '/aws-reserved/sso.amazonaws.com/eu-central-1/',
      attached: [managed('PowerUserAccess')],
    }),
    'noncompliant',
    {
      ...declared('arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_AdministratorAccess_*'),
      ...fromCapture,
    },
  ],
  'a declared administrator needs no readable policies': [
    role({ attached: [managed('BrandNewPolicy')] }),
    'compliant',
    declared('arn:aws:iam::111122223333:role/*'),
  ],
  'a pattern means the whole ARN': [roleWith(administrator), 'noncompliant', declared('app', 'role/app', '*:role/ap')],
  'a pattern of another account means no role of this one': [
    roleWith(administrator),
    'noncompliant',
    declared('arn:aws:iam::999999999999:role/*'),
  ],
  'a role that is linked to a service is not judged': [
    role({
      name: 'AWSServiceRoleForECRTemplate',
      path: '/aws-service-role/ecr.amazonaws.com/',
      trust: trustOf('ecr.amazonaws.com'),
      inline: { all: policy(allow('*')) },
    }),
    'notApplicable',
    'service-linked',
  ],
  'a permission under a condition of the request is held': [
    roleWith(allow('ecr:*', '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })),
    'noncompliant',
    { shows: 'under conditions on aws:MultiFactorAuthPresent' },
  ],
  'a permission under a condition that never holds is none': [
    roleWith(allow('ecr:*', '*', { Condition: { StringEquals: { 'aws:PrincipalAccount': '999999999999' } } })),
    'compliant',
    withAnyBoundary,
  ],
  'a permission that has run out is none': [
    roleWith(allow('ecr:*', '*', { Condition: { DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } } })),
    'compliant',
    withAnyBoundary,
  ],
  'an operator nobody knows leaves the permission open': [
    roleWith(allow('ecr:*', '*', { Condition: { StringAlmost: { 'aws:PrincipalArn': '*' } } })),
    'undetermined',
    'StringAlmost',
  ],
  'a boundary without administration takes it away': [
    [
      role({ attached: [managed('AdministratorAccess')], boundary: policyArn('edge') }),
      customerPolicy('edge', policy({ Effect: 'Allow', NotAction: ['ecr:*'], Resource: '*' })),
    ],
    'compliant',
  ],
  'a boundary with administration leaves it': [
    [
      role({ attached: [managed('AdministratorAccess')], boundary: policyArn('edge') }),
      customerPolicy('edge', policy(allow('ecr:*'))),
    ],
    'noncompliant',
  ],
  'a boundary that is not in the inventory leaves the answer open': [
    [role({ attached: [managed('AdministratorAccess')], boundary: policyArn('edge') }), notListed('AWS::IAM::Policy')],
    'undetermined',
    'policy/edge',
  ],
  'a guardrail that denies administration takes it away': [
    [roleWith(allow('*')), ...guarded(allow('*'), deny(['ecr:*Policy', 'ecr:DeleteRepository']))],
    'compliant',
    withAnyBoundary,
  ],
  'a guardrail that spares the role leaves it': [
    [
      roleWith(allow('*')),
      ...guarded(
        allow('*'),
        deny('ecr:*', { Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ap*' } } }),
      ),
    ],
    'noncompliant',
  ],
  'a guardrail that spares other roles takes it away': [
    [
      roleWith(allow('*')),
      ...guarded(
        allow('*'),
        deny('ecr:*', { Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/admin' } } }),
      ),
    ],
    'compliant',
    withAnyBoundary,
  ],
  'guardrails that could not be listed are an assumption': [
    [roleWith(administrator), notListed('AWS::Organizations::Policy')],
    'noncompliant',
    { assumes: 'assumes that no service control policy' },
  ],
  'a policy of AWS that nobody has read may hold administration': [
    role({ attached: [managed('BrandNewPolicy')] }),
    'undetermined',
    'BrandNewPolicy',
  ],
  'a policy that nobody has read may deny what another one allows': [
    role({ inline: { work: policy(administrator) }, attached: [managed('BrandNewPolicy')] }),
    'undetermined',
    'BrandNewPolicy',
  ],
  'a policy of the customer may hold administration': [
    [role({ attached: [policyArn('owners')] }), customerPolicy('owners', policy(administrator))],
    'noncompliant',
    'managed policy owners',
  ],
  'a repository policy that names the role makes it an administrator': [
    [role(), repository({ policy: policy(allowPull({ AWS: roleArn('app') }, { Action: 'ecr:SetRepositoryPolicy' })) })],
    'noncompliant',
    { says: 'repository policy of app' },
  ],
  'a registry policy nobody has read may deny what a repository policy gives': [
    [
      role(),
      repository({ policy: policy(allowPull({ AWS: roleArn('app') }, { Action: 'ecr:SetRepositoryPolicy' })) }),
      notListed('AWS::ECR::RegistryPolicy'),
    ],
    'undetermined',
    'registry policy of account 111122223333 in eu-central-1',
  ],
  'what a repository policy gives to the whole account is a finding on the repository': [
    [
      role(),
      repository({
        policy: policy(allowPull({ AWS: 'arn:aws:iam::111122223333:root' }, { Action: 'ecr:SetRepositoryPolicy' })),
      }),
    ],
    'compliant',
    withAnyBoundary,
  ],
  'what its own policies say of another account is for that account to grant': [
    roleWith(allow(['ecr:SetRepositoryPolicy'], 'arn:aws:ecr:eu-central-1:222222222222:repository/*')),
    'compliant',
    withAnyBoundary,
  ],
})
