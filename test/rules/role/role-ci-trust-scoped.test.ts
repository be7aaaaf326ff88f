import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/role/role-ci-trust-scoped.ts'
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

const github = 'token.actions.githubusercontent.com'
const providerOf = (name: string) => `arn:aws:iam::111122223333:oidc-provider/${name}`
const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`
const app = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'
const main = 'repo:example/shop:ref:refs/heads/main'
const allow = (Action: JsonValue, Resource: JsonValue, more: JsonObject = {}): JsonObject => ({
  ...{ Effect: 'Allow', Action, Resource },
  ...more,
})
/** As the documentation of ECR lets a pipeline push to one repository. */
const push = policy(
  allow('ecr:GetAuthorizationToken', '*'),
  allow(['ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'], app),
)

const trusting = (name: string, Condition: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Principal: { Federated: providerOf(name) },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition,
})
/** A role that pushes and that workflows of GitHub with such subjects assume. */
const subject = (operator: string, value: JsonValue, more: JsonObject = {}) =>
  pushing(trusting(github, { [operator]: { [`${github}:sub`]: value }, ...audience, ...more }))
const audience = { StringEquals: { [`${github}:aud`]: 'sts.amazonaws.com' } }
const pushing = (...statements: readonly JsonObject[]) => role({ trust: policy(...statements), inline: { push } })
const exactly = policy(
  trusting(github, { StringEquals: { [`${github}:sub`]: main, [`${github}:aud`]: 'sts.amazonaws.com' } }),
)
const anyBranch = policy(trusting(github, { StringLike: { [`${github}:sub`]: 'repo:example/shop:*' }, ...audience }))
const other = (name: string, value: string, audienceOf = 'aws.workload.identity') =>
  pushing(trusting(name, { StringLike: { [`${name}:sub`]: value }, StringEquals: { [`${name}:aud`]: audienceOf } }))
/** The permissions do not matter where every subject is spelt out. */
const whateverItMay = { provenWithout: ['attachedPolicies', 'inlinePolicies', 'permissionsBoundary'] }

ruleCases(rule, {
  'the main branch by name is as it should be': [
    role({ trust: exactly, inline: { push } }),
    'compliant',
    { shows: `subjects ${main}`, ...whateverItMay },
  ],
  'a pattern operator with an exact subject is exact': [subject('StringLike', main), 'compliant', whateverItMay],
  'an environment by name is exact': [
    subject('StringLike', ['repo:example/shop:environment:prod', main]),
    'compliant',
    whateverItMay,
  ],
  'a star under StringEquals is a letter no repository has': [
    pushing(
      trusting(github, {
        StringEquals: { [`${github}:sub`]: 'repo:example/*', [`${github}:aud`]: 'sts.amazonaws.com' },
      }),
    ),
    'compliant',
    whateverItMay,
  ],
  'every repository of an organization is a wildcard': [
    subject('StringLike', 'repo:example/*'),
    'noncompliant',
    {
      says: `It may push images and trusts repo:example/* of ${providerOf(github)}`,
      shows: 'inline policy push of role app, statement 2: Allows ecr:PutImage',
      severity: 'HIGH',
    },
  ],
  'the main branch of every repository is a wildcard over repositories': [
    subject('StringLike', 'repo:example/*:ref:refs/heads/main'),
    'noncompliant',
    { severity: 'HIGH' },
  ],
  'every workflow of one repository is graded lower': [
    subject('StringLike', 'repo:example/shop:*'),
    'noncompliant',
    { says: 'repo:example/shop:*', severity: 'MEDIUM' },
  ],
  'every branch of one repository is graded lower': [
    subject('StringLike', 'repo:example/shop:ref:refs/heads/*'),
    'noncompliant',
    { severity: 'MEDIUM' },
  ],
  'one wide pattern among narrow ones decides the severity': [
    subject('StringLike', ['repo:example/shop:*', 'repo:example/*', main]),
    'noncompliant',
    { says: 'repo:example/shop:* of', severity: 'HIGH' },
  ],
  'a trust without a subject lets in all of GitHub': [
    pushing(trusting(github, audience)),
    'noncompliant',
    { says: `any subject of ${providerOf(github)}`, severity: 'HIGH' },
  ],
  'a star alone lets in all of GitHub': [
    subject('StringLike', '*'),
    'noncompliant',
    { says: 'any subject', severity: 'HIGH' },
  ],
  'a wildcard under ForAllValues is a wildcard': [
    subject('ForAllValues:StringLike', 'repo:example/*'),
    'noncompliant',
    { says: 'repo:example/*', severity: 'HIGH' },
  ],
  'a condition that excludes one repository admits all others': [
    subject('StringNotLike', 'repo:example/shop:*'),
    'noncompliant',
    { says: 'any subject', severity: 'HIGH' },
  ],
  'a pinned reusable workflow is shown and does not excuse the wildcard': [
    subject('StringLike', 'repo:example/*', {
      'ForAnyValue:StringEquals': {
        [`${github}:job_workflow_ref`]: 'example/ci/.github/workflows/publish.yml@refs/heads/main',
      },
    }),
    'noncompliant',
    { shows: 'job_workflow_ref ForAnyValue:StringEquals', severity: 'HIGH' },
  ],
  'a Deny of all but one branch binds a wide pattern': [
    pushing(trusting(github, { StringLike: { [`${github}:sub`]: 'repo:example/*' }, ...audience }), {
      ...{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity' },
      Condition: { StringNotEquals: { [`${github}:sub`]: main } },
    }),
    'compliant',
    whateverItMay,
  ],
  'a Deny of one branch leaves the others': [
    pushing(trusting(github, { StringLike: { [`${github}:sub`]: 'repo:example/*' }, ...audience }), {
      ...{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity' },
      Condition: { StringEquals: { [`${github}:sub`]: main } },
    }),
    'noncompliant',
    { severity: 'HIGH' },
  ],
  'every branch of one project of GitLab is graded lower': [
    other('gitlab.com', 'project_path:example/shop:ref_type:branch:ref:*', 'https://gitlab.com'),
    'noncompliant',
    { severity: 'MEDIUM' },
  ],
  'every project of a GitLab group is a wildcard': [
    other('gitlab.example.com', 'project_path:example/*:ref_type:branch:ref:main', 'https://gitlab.example.com'),
    'noncompliant',
    { severity: 'HIGH' },
  ],
  'every phase of one workspace of HCP Terraform is graded lower': [
    other('app.terraform.io', 'organization:example:project:shop:workspace:prod:run_phase:*'),
    'noncompliant',
    { severity: 'MEDIUM' },
  ],
  'every workspace of HCP Terraform is a wildcard': [
    other('app.terraform.io', 'organization:example:project:*:workspace:*:run_phase:apply'),
    'noncompliant',
    { severity: 'HIGH' },
  ],
  'every build of one pipeline of Buildkite is graded lower': [
    other('agent.buildkite.com', 'organization:example:pipeline:shop:*', 'sts.amazonaws.com'),
    'noncompliant',
    { severity: 'MEDIUM' },
  ],
  'every pipeline of Buildkite is a wildcard': [
    other('agent.buildkite.com', 'organization:example:pipeline:*', 'sts.amazonaws.com'),
    'noncompliant',
    { severity: 'HIGH' },
  ],
  'users of a Cognito pool who may push are any subject': [
    role({
      inline: { push },
      trust: policy({
        ...trusting(github, {
          StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-central-1:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9' },
          'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
        }),
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
      }),
    }),
    'noncompliant',
    { says: 'any subject of cognito-identity.amazonaws.com', severity: 'HIGH' },
  ],
  'a trust of whoever has a token is any subject of any provider': [
    role({
      inline: { push },
      trust: policy({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity' }),
    }),
    'noncompliant',
    { says: 'any subject of any provider', severity: 'HIGH' },
  ],
  'an allowed pattern excuses the same pattern': [
    subject('StringLike', 'repo:example/shop:*'),
    'compliant',
    { parameters: { allowedSubjects: ['repo:example/shop:*'] }, ...whateverItMay },
  ],
  'an allowed pattern excuses narrower patterns': [
    subject('StringLike', ['repo:example/shop:ref:*', 'repo:example/lib-a:*']),
    'compliant',
    { parameters: { allowedSubjects: 'repo:example/shop:*, repo:example/lib-?:*' }, ...whateverItMay },
  ],
  'an allowed pattern does not excuse a wider one': [
    subject('StringLike', ['repo:example/shop:*', 'repo:example/*']),
    'noncompliant',
    { says: 'trusts repo:example/* of', severity: 'HIGH', parameters: { allowedSubjects: ['repo:example/shop:*'] } },
  ],
  'a question mark in an allowed pattern does not stand for a star': [
    subject('StringLike', 'repo:example/lib*:ref:refs/heads/main'),
    'noncompliant',
    { severity: 'HIGH', parameters: { allowedSubjects: ['repo:example/lib?:ref:refs/heads/main'] } },
  ],
  'an allowed pattern does not excuse a missing subject': [
    pushing(trusting(github, audience)),
    'noncompliant',
    { severity: 'HIGH', parameters: { allowedSubjects: ['repo:*'] } },
  ],
  'whoever allows everything gets no finding': [
    pushing(trusting(github, audience)),
    'compliant',
    { parameters: { allowedSubjects: '*' }, ...whateverItMay },
  ],
  'a role that pulls only is not judged': [
    role({
      trust: anyBranch,
      inline: { pull: policy(allow(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], app)) },
    }),
    'notApplicable',
    'cannot push',
  ],
  'layers without images are not a push': [
    role({ trust: anyBranch, inline: { layers: policy(allow(['ecr:*Layer*', 'ecr:BatchDeleteImage'], app)) } }),
    'notApplicable',
    'cannot push',
  ],
  'the power user of the registry pushes': [
    role({ trust: anyBranch, attached: [managed('AmazonEC2ContainerRegistryPowerUser')] }),
    'noncompliant',
    {
      shows: 'AmazonEC2ContainerRegistryPowerUser: version v3 as captured on',
      severity: 'MEDIUM',
      provenWithout: ['inventory.managedPolicy'],
    },
  ],
  'the policy AdministratorAccess pushes': [
    role({ trust: anyBranch, attached: [managed('AdministratorAccess')] }),
    'noncompliant',
    { shows: 'AdministratorAccess', provenWithout: ['inventory.managedPolicy'] },
  ],
  'a policy of the customer may hold the push': [
    [role({ trust: anyBranch, attached: [policyArn('push')] }), customerPolicy('push', push)],
    'noncompliant',
    { shows: 'managed policy push, statement 2' },
  ],
  'a policy of AWS that nobody has read may hold the push': [
    role({ trust: anyBranch, attached: [managed('BrandNewPolicy')] }),
    'undetermined',
    'BrandNewPolicy',
  ],
  'a policy that nobody has read is no matter when the subject is exact': [
    role({ trust: exactly, attached: [managed('BrandNewPolicy')] }),
    'compliant',
    { provenWithout: ['attachedPolicies', 'inlinePolicies', 'inventory.managedPolicy', 'permissionsBoundary'] },
  ],
  'a repository policy that names the role lets it push': [
    [
      role({ trust: anyBranch }),
      repository({ policy: policy(allowPull({ AWS: roleArn('app') }, { Action: 'ecr:PutImage' })) }),
    ],
    'noncompliant',
    { shows: 'repository policy of app', severity: 'MEDIUM' },
  ],
  'a push into another account rests on the consent of its owner': [
    role({
      trust: anyBranch,
      inline: { push: policy(allow('ecr:PutImage', 'arn:aws:ecr:eu-central-1:222222222222:repository/app')) },
    }),
    'noncompliant',
    { assumes: 'assumes that the owner of arn:aws:ecr:eu-central-1:222222222222:repository/app lets the role push' },
  ],
  'a push under a condition of the request is a push': [
    role({
      trust: anyBranch,
      inline: { push: policy(allow('ecr:*', '*', { Condition: { Null: { 'aws:SourceVpce': 'false' } } })) },
    }),
    'noncompliant',
    { shows: 'under conditions on aws:SourceVpce' },
  ],
  'a Deny of pushes ends the matter': [
    role({
      trust: anyBranch,
      inline: { push: policy(allow('ecr:*', '*'), { Effect: 'Deny', Action: 'ecr:Put*', Resource: '*' }) },
    }),
    'notApplicable',
  ],
  'a boundary without pushes ends the matter': [
    [
      role({ trust: anyBranch, inline: { push }, boundary: policyArn('edge') }),
      customerPolicy('edge', policy(allow('ecr:*Get*', '*'))),
    ],
    'notApplicable',
  ],
  'a boundary that is not in the inventory leaves the push open': [
    [role({ trust: anyBranch, inline: { push }, boundary: policyArn('edge') }), notListed('AWS::IAM::Policy')],
    'undetermined',
    'policy/edge',
  ],
  'a guardrail without pushes ends the matter': [
    [
      role({ trust: anyBranch, inline: { push } }),
      ...organization({
        policies: [
          {
            name: 'frozen',
            content: policy(allow('*', '*'), { Effect: 'Deny', Action: 'ecr:PutImage', Resource: '*' }),
            targets: ['r-1', '111122223333'],
          },
        ],
      }),
    ],
    'notApplicable',
  ],
  'guardrails that could not be listed are an assumption': [
    [role({ trust: anyBranch, inline: { push } }), notListed('AWS::Organizations::Policy')],
    'noncompliant',
    { assumes: 'assumes that no service control policy', severity: 'MEDIUM' },
  ],
  'a cluster of EKS is judged by another rule': [
    pushing(trusting('oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF', {})),
    'notApplicable',
    'no external identity provider',
  ],
  'a role that a service assumes is not judged': [
    role({ trust: trustOf('codebuild.amazonaws.com'), inline: { push } }),
    'notApplicable',
    'no external identity provider',
  ],
  'an operator nobody knows leaves the subject open': [
    subject('StringAlmost', main),
    'undetermined',
    'condition operator StringAlmost',
  ],
  'a trust policy that is no policy is named': [
    role({ trust: 'nonsense', inline: { push } }),
    'undetermined',
    'trust policy',
  ],
})
