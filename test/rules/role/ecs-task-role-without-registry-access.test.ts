import type { JsonObject } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/role/ecs-task-role-without-registry-access.ts'
import {
  allowPull,
  customerPolicy,
  fullAccess,
  home,
  notListed,
  organization,
  policy,
  policyArn,
  repository,
  role,
  roleArn,
  taskDefinition,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { allow, awsPolicy, deny, pullActions, repositoryArn, roleWith, token, without } from './pulling.ts'

const definition = taskDefinition({ taskRole: roleArn('app') })
const withStatements = (...statements: readonly JsonObject[]) => [definition, roleWith('app', statements)]
const attached = (...names: readonly string[]) => [definition, role({ name: 'app', attached: names.map(awsPolicy) })]

ruleCases(rule, {
  'a task role for other services holds nothing': [
    withStatements(allow(['s3:GetObject', 'dynamodb:*'])),
    'compliant',
    'holds no ECR permission',
  ],
  'a task role without policies holds nothing': [[definition, role({ name: 'app' })], 'compliant'],
  'a task definition without a task role gives the application nothing': [
    [taskDefinition({ executionRole: roleArn('exec') }), role({ name: 'exec' })],
    'notApplicable',
    'no task role',
  ],
  'a task role that does not exist holds nothing': [
    [definition, role({ name: 'other' })],
    'notApplicable',
    `The task role ${roleArn('app')} does not exist.`,
  ],
  'a task role in an account whose roles were not listed may hold anything': [
    [definition, notListed('AWS::IAM::Role')],
    'undetermined',
    'AWS::IAM::Role could not be listed',
  ],
  'a task role that the definition does not state leaves it open': [
    [without(taskDefinition(), 'ContainerDefinitions'), role({ name: 'app' })],
    'undetermined',
    'the task role of',
  ],
  'pushing is the worst an application can do': [
    withStatements(token, allow('ecr:PutImage', repositoryArn())),
    'noncompliant',
    {
      says: 'ecr:PutImage on arn:aws:ecr',
      severity: 'HIGH',
      shows: 'inline policy ecr of role app, statement 2: Allows ecr:PutImage',
    },
  ],
  'deleting images is as bad as pushing': [
    withStatements(allow('ecr:BatchDeleteImage', repositoryArn())),
    'noncompliant',
    { severity: 'HIGH' },
  ],
  'changing a repository policy is as bad as pushing': [
    withStatements(allow('ecr:SetRepositoryPolicy', repositoryArn())),
    'noncompliant',
    { severity: 'HIGH' },
  ],
  'changing the registry is as bad as pushing': [
    withStatements(allow('ecr:PutReplicationConfiguration')),
    'noncompliant',
    { severity: 'HIGH', says: 'ecr:PutReplicationConfiguration' },
  ],
  'pulling is worse than reading descriptions': [
    withStatements(allow([...pullActions, 'ecr:DescribeImages'], repositoryArn())),
    'noncompliant',
    { severity: 'MEDIUM', says: 'ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on' },
  ],
  'a token alone opens every repository that names the account': [
    withStatements(token),
    'noncompliant',
    { severity: 'MEDIUM', says: 'ecr:GetAuthorizationToken on *' },
  ],
  'descriptions alone are of low severity': [
    withStatements(allow(['ecr:DescribeImages', 'ecr:DescribeRepositories'], repositoryArn())),
    'noncompliant',
    { severity: 'LOW', says: 'ecr:DescribeImages and ecr:DescribeRepositories' },
  ],
  'an administrator is an administrator of the registry too': [
    attached('AdministratorAccess'),
    'noncompliant',
    {
      severity: 'HIGH',
      says: 'AWS-managed policy AdministratorAccess',
      shows: 'as captured on 20',
      provenWithout: ['inventory.managedPolicy'],
    },
  ],
  'the policy for execution roles lets an application pull': [
    attached('service-role/AmazonECSTaskExecutionRolePolicy'),
    'noncompliant',
    { severity: 'MEDIUM', provenWithout: ['inventory.managedPolicy'] },
  ],
  'a policy of AWS that is known to hold nothing on ECR is fine': [
    attached('AmazonS3ReadOnlyAccess'),
    'compliant',
    { shows: 'it holds no statement on ECR', provenWithout: ['inventory.managedPolicy'] },
  ],
  'a policy of AWS that nobody read may hold anything': [
    attached('NewPolicyOfTomorrow'),
    'undetermined',
    'AWS-managed policy NewPolicyOfTomorrow',
  ],
  'a policy of AWS that nobody read may also deny what another grants': [
    [definition, roleWith('app', [allow('ecr:PutImage')], { attached: [awsPolicy('NewPolicyOfTomorrow')] })],
    'undetermined',
    'AWS-managed policy NewPolicyOfTomorrow',
  ],
  'what a repository grants by name is open while the registry policy is unknown': [
    [
      definition,
      role({ name: 'app' }),
      repository({ policy: policy(allowPull({ AWS: roleArn('app') })) }),
      notListed('AWS::ECR::RegistryPolicy'),
    ],
    'undetermined',
    'registry policy of account 111122223333',
  ],
  'an Allow of everything but IAM holds everything of ECR': [
    withStatements({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
    'noncompliant',
    { severity: 'HIGH' },
  ],
  'an Allow of everything but ECR holds nothing of it': [
    withStatements({ Effect: 'Allow', NotAction: ['ecr:*', 'ecr-public:*'], Resource: '*' }),
    'compliant',
  ],
  'a Deny takes away what another statement grants': [withStatements(allow('*'), deny('ecr:*')), 'compliant'],
  'a Deny on one repository leaves the others': [
    withStatements(allow('ecr:*'), deny('ecr:*', repositoryArn())),
    'noncompliant',
    { severity: 'HIGH' },
  ],
  'a boundary without ECR takes everything away': [
    [
      definition,
      roleWith('app', [allow('ecr:*')], { boundary: policyArn('boundary') }),
      customerPolicy('boundary', policy(allow('s3:*'))),
    ],
    'compliant',
  ],
  'a boundary that is not in the inventory may take everything away': [
    [definition, roleWith('app', [allow('ecr:*')], { boundary: policyArn('boundary', '555555555555') })],
    'undetermined',
    'managed policy boundary',
  ],
  'a service control policy may take everything away': [
    [
      definition,
      roleWith('app', [allow('ecr:*')]),
      ...organization({
        policies: [
          { name: 'FullAWSAccess', content: fullAccess, targets: ['r-1', home.accountId] },
          { name: 'noEcr', content: policy(deny('ecr:*')), targets: ['r-1'] },
        ],
      }),
    ],
    'compliant',
  ],
  'unknown service control policies are an assumption': [
    [definition, roleWith('app', [allow('ecr:PutImage')]), notListed('AWS::Organizations::Policy')],
    'noncompliant',
    { assumes: 'assumes that no service control policy' },
  ],
  'a condition on the request narrows but does not take away': [
    withStatements(allow('ecr:PutImage', '*', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } })),
    'noncompliant',
    { severity: 'HIGH', shows: 'under conditions on aws:SourceVpce' },
  ],
  'a condition that never holds for a task grants nothing': [
    withStatements(allow('ecr:PutImage', '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })),
    'compliant',
  ],
  'a repository policy that names the task role grants it what it says': [
    [definition, role({ name: 'app' }), repository({ policy: policy(allowPull({ AWS: roleArn('app') })) })],
    'noncompliant',
    { severity: 'MEDIUM', says: 'ecr:BatchGetImage' },
  ],
  'an inline policy nobody could read may hold anything': [
    [definition, role({ name: 'app', inline: { ecr: 'no JSON' } })],
    'undetermined',
    'inline policy ecr of role app',
  ],
  'a token on a repository grants nothing at all': [
    withStatements(allow('ecr:GetAuthorizationToken', repositoryArn())),
    'compliant',
  ],
  'what holds only through another service of AWS is held by whoever may call that one': [
    withStatements(
      allow('ecr:*', '*', {
        Condition: { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'cloudformation.amazonaws.com' } },
      }),
    ),
    'noncompliant',
    { severity: 'HIGH', shows: 'under conditions on aws:CalledVia' },
  ],
  'a call through a service of AWS is a call of the role': [
    withStatements(allow('ecr:*', '*', { Condition: { Bool: { 'aws:ViaAWSService': 'true' } } })),
    'noncompliant',
    { severity: 'HIGH', shows: 'under conditions on aws:ViaAWSService' },
  ],
  'a source identity is set by whoever takes the role again': [
    withStatements(allow('ecr:*', '*', { Condition: { StringLike: { 'aws:SourceIdentity': '*' } } })),
    'noncompliant',
    { severity: 'HIGH', shows: 'under conditions on aws:SourceIdentity' },
  ],
  'a tag that the role does not have is not held': [
    withStatements(allow('ecr:*', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } })),
    'compliant',
  ],
  'the public registry is another service': [withStatements(allow('ecr-public:*')), 'compliant'],
})
