import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import { defaultSettings } from '../../../shared/model/settings.ts'
import { rule } from '../../../shared/rules/role/ecs-execution-role-can-pull.ts'
import { worldOf } from '../../pull/pull-world.ts'
import {
  allowPull,
  autoScalingGroup,
  autoScalingGroupArn,
  cacheRule,
  capacityProvider,
  customerPolicy,
  type EstatePart,
  ecsCluster,
  ecsService,
  elsewhere,
  fullAccess,
  home,
  imageUri,
  instanceProfile,
  launchTemplate,
  listedIn,
  notListed,
  organization,
  policy,
  policyArn,
  registryPolicy,
  repository,
  role,
  roleArn,
  taskDefinition,
  trustOf,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import {
  allow,
  awsPolicy,
  deny,
  leastFor,
  pullActions,
  repositoryArn,
  roleWith,
  standardPolicy,
  token,
} from './pulling.ts'

const owner = '444444444444'
const foreign = imageUri('app:1', { accountId: owner })
const foreignArn = repositoryArn('app', { accountId: owner })
const exec = roleArn('exec')
const definition = taskDefinition({ executionRole: exec })
/** The role may do what is needed for `app`, unless `more` changes the role. */
const good = (more: Parameters<typeof role>[0] = {}) => roleWith('exec', leastFor(repositoryArn()), more)
const anEstate = (...parts: readonly (EstatePart | readonly EstatePart[])[]) => [
  definition,
  repository(),
  ...parts.flat(),
]
const withStatements = (...statements: readonly JsonObject[]) => anEstate(roleWith('exec', statements))
const withTrust = (overrides: JsonObject, service = 'ecs-tasks.amazonaws.com') =>
  anEstate(good({ trust: trustOf(service, overrides) }))
const withSource = (key: string, value: string) => withTrust({ Condition: { ArnLike: { [key]: value } } })
/** A repository of another account whose policy says this; its roles and registry were listed. */
const foreignRepository = (...statements: readonly JsonObject[]) => [
  elsewhere(repository({ policy: policy(...statements) }), { accountId: owner }),
  ...listedIn({ accountId: owner, region: home.region }, 'AWS::ECR::Repository', 'AWS::ECR::RegistryPolicy'),
]
const pullsForeign = taskDefinition({ executionRole: exec, images: [foreign] })
const repositoryWith = (...statements: readonly JsonObject[]) => repository({ policy: policy(...statements) })
const boundTo = (...statements: readonly JsonObject[]) => [
  good({ boundary: policyArn('boundary') }),
  customerPolicy('boundary', policy(...statements)),
]
const full = { name: 'FullAWSAccess', content: fullAccess }
/** Home lies in the unit `ou-1` under the root. */
const inOrganization = (...policies: NonNullable<Parameters<typeof organization>[0]>['policies'] & object) =>
  organization({ ous: { 'ou-1': 'r-1' }, accounts: { [home.accountId]: 'ou-1' }, policies })
const rcp = (...statements: readonly JsonObject[]) => ({
  name: 'perimeter',
  type: 'RESOURCE_CONTROL_POLICY' as const,
  content: policy(...statements),
})
const outsiders = { Effect: 'Deny', Principal: '*', Action: 'ecr:*', Resource: '*' }

/** A service on container instances whose role is `instance`, by capacity provider, group, template and profile. */
const onInstances = (...instance: readonly EstatePart[]) => [
  repository(),
  ecsService({ capacityProviders: ['nodes'] }),
  ecsCluster({ capacityProviders: ['nodes'] }),
  capacityProvider('nodes', autoScalingGroupArn('nodes')),
  autoScalingGroup(),
  launchTemplate({ instanceProfile: 'instances' }),
  instanceProfile('instances', 'instance'),
  ...instance,
]
const forEc2 = taskDefinition({ executionRole: exec, compatibilities: ['EC2'] })
const instance = (statements: readonly JsonObject[] = leastFor(repositoryArn()), name = 'instance') =>
  roleWith(name, statements, { trust: trustOf('ec2.amazonaws.com') })

ruleCases(rule, {
  'a role with the three actions on its repository can pull': [
    anEstate(good()),
    'compliant',
    { says: `${exec} can pull every image`, shows: 'ecr:BatchGetImage' },
  ],
  'a role named without its ARN is one of the own account': [
    [taskDefinition({ executionRole: 'exec' }), repository(), good()],
    'compliant',
    'exec can pull',
  ],
  'the managed policy of ECS is enough, and the capture of its text has a date': [
    anEstate(role({ name: 'exec', attached: [standardPolicy] })),
    'compliant',
    { shows: 'as captured on 20', provenWithout: ['inventory.managedPolicy'] },
  ],
  'BatchCheckLayerAvailability is not needed for a pull': [
    withStatements(token, allow([...pullActions], repositoryArn())),
    'compliant',
  ],
  'an image of a private registry whose name no registry would take is never said to be pulled': [
    [taskDefinition({ executionRole: exec, images: [imageUri('app:1'), imageUri('App:1')] }), repository(), good()],
    'undetermined',
    'image of container c',
  ],
  'an image that cannot be read does not hide one that cannot be pulled': [
    [taskDefinition({ executionRole: exec, images: [imageUri('other:1'), imageUri('App:1')] }), repository(), good()],
    'noncompliant',
    'repository/other is not allowed',
  ],
  'a definition of nothing but images that cannot be read is not passed over': [
    [taskDefinition({ executionRole: exec, images: [imageUri('App:1')] }), repository(), good()],
    'undetermined',
    'image of container c',
  ],
  'a repository that does not exist yet is no question of permissions': [[definition, good()], 'compliant'],
  'an image that comes through a cache rule is pulled like any other': [
    [
      taskDefinition({ executionRole: exec, images: [imageUri('hub/library/nginx:1')] }),
      cacheRule('hub', 'registry-1.docker.io'),
      roleWith('exec', leastFor(repositoryArn('hub/*'))),
    ],
    'compliant',
  ],
  'no private image means that no role is needed': [
    [taskDefinition({ executionRole: exec, images: ['nginx:1', 'public.ecr.aws/nginx/nginx:1'] }), good()],
    'notApplicable',
    'private ECR registry',
  ],
  'an image with credentials of its own needs no role': [
    [
      taskDefinition({
        executionRole: exec,
        images: [
          {
            Name: 'a',
            Image: imageUri(),
            RepositoryCredentials: {
              CredentialsParameter: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:x',
            },
          },
        ],
      }),
      roleWith('exec', []),
    ],
    'notApplicable',
  ],
  'containers that are not described leave everything open': [
    [taskDefinition({ executionRole: exec, configuration: { ContainerDefinitions: null } }), good()],
    'undetermined',
    'container definitions',
  ],
  'a task definition without an execution role is judged elsewhere': [
    [taskDefinition(), repository()],
    'notApplicable',
    'There is no execution role, and it requires FARGATE.',
  ],
  'a role that does not exist cannot pull': [
    anEstate(role({ name: 'other' })),
    'noncompliant',
    { says: `The role ${exec} does not exist.`, shows: `role: ${exec} does not exist` },
  ],
  'a role in an account whose roles were not listed may exist': [
    anEstate(notListed('AWS::IAM::Role')),
    'undetermined',
    'AWS::IAM::Role could not be listed',
  ],

  'without the token nothing can be pulled': [
    withStatements(allow([...pullActions], repositoryArn())),
    'noncompliant',
    {
      says: 'ecr:GetAuthorizationToken on * is not allowed',
      provenWithout: ['inventory.repository', 'registry.policy'],
    },
  ],
  'a token on the repository never matches': [
    withStatements(allow(['ecr:GetAuthorizationToken', ...pullActions], repositoryArn())),
    'noncompliant',
    {
      says: 'ecr:GetAuthorizationToken on * is not allowed',
      provenWithout: ['inventory.repository', 'registry.policy'],
    },
  ],
  'a token granted by the repository does not count': [
    [
      definition,
      repositoryWith(allowPull({ AWS: exec }, { Action: ['ecr:GetAuthorizationToken', ...pullActions] })),
      roleWith('exec', []),
    ],
    'noncompliant',
    {
      says: 'ecr:GetAuthorizationToken on * is not allowed',
      provenWithout: ['inventory.repository', 'registry.policy'],
    },
  ],
  'without BatchGetImage no manifest comes': [
    withStatements(token, allow('ecr:GetDownloadUrlForLayer', repositoryArn())),
    'noncompliant',
    'ecr:BatchGetImage on arn:aws:ecr',
  ],
  'without GetDownloadUrlForLayer no layer comes': [
    withStatements(token, allow('ecr:BatchGetImage', repositoryArn())),
    'noncompliant',
    'ecr:GetDownloadUrlForLayer on arn:aws:ecr',
  ],
  'every referenced repository has to be allowed': [
    [
      taskDefinition({ executionRole: exec, images: [imageUri(), imageUri('sidecar:1')] }),
      repository(),
      repository({ name: 'sidecar' }),
      good(),
    ],
    'noncompliant',
    { says: 'repository/sidecar', shows: 'repository/app is allowed' },
  ],
  'several broken steps are counted': [
    withStatements(),
    'noncompliant',
    { says: '(and 2 more steps fail)', provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'a repository of another region is another repository': [
    [
      taskDefinition({ executionRole: exec, images: [imageUri('app:1', { region: 'eu-west-1' })] }),
      repository(),
      good(),
    ],
    'undetermined',
    'registry policy of account 111122223333 in eu-west-1',
  ],
  'an Allow of everything but IAM allows pulling': [
    withStatements({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
    'compliant',
  ],
  'a Deny of everything but some services denies pulling': [
    withStatements(...leastFor(repositoryArn()), { Effect: 'Deny', NotAction: ['s3:*', 'logs:*'], Resource: '*' }),
    'noncompliant',
    { says: 'denied explicitly', provenWithout: ['inventory.repository', 'registry.policy'] },
  ],

  'an explicit Deny in the repository policy wins': [
    [definition, repositoryWith({ ...allowPull('*'), Effect: 'Deny' }), good()],
    'noncompliant',
    { says: 'denied explicitly: repository policy of app', provenWithout: ['registry.policy'] },
  ],
  'a repository policy that names the role is enough in the same account': [
    [definition, repositoryWith(allowPull({ AWS: exec })), roleWith('exec', [token])],
    'compliant',
  ],
  'a repository policy that names the role does not reach past a boundary': [
    [
      definition,
      repositoryWith(allowPull({ AWS: exec })),
      roleWith('exec', [token], { boundary: policyArn('boundary') }),
      customerPolicy('boundary', policy(token)),
    ],
    'noncompliant',
    'ecr:BatchGetImage on arn:aws:ecr',
  ],
  'a repository policy that names the root of the account only delegates': [
    [definition, repositoryWith(allowPull({ AWS: 'arn:aws:iam::111122223333:root' })), roleWith('exec', [token])],
    'noncompliant',
    'ecr:BatchGetImage on arn:aws:ecr',
  ],
  'a repository policy that names a deleted role grants nothing': [
    [definition, repositoryWith(allowPull({ AWS: 'AROAEXAMPLEEXAMPLE12' })), roleWith('exec', [token])],
    'noncompliant',
    'not allowed',
  ],
  'a Deny for all but the role may still catch its sessions': [
    [definition, repositoryWith({ Effect: 'Deny', NotPrincipal: { AWS: exec }, Action: 'ecr:*' }), good()],
    'undetermined',
  ],
  'a registry policy of scope V2 may deny what looks fine elsewhere': [
    anEstate(
      good(),
      registryPolicy(policy({ ...allowPull('*', { Action: 'ecr:*', Resource: '*' }), Effect: 'Deny' }), 'V2'),
    ),
    'noncompliant',
    { says: 'denied explicitly: registry policy of account 111122223333', provenWithout: ['inventory.repository'] },
  ],
  'a repository policy nobody could read may deny': [
    [definition, repository({ policy: 'no JSON' }), good()],
    'undetermined',
    'repository policy of app',
  ],

  'another account lets the role pull when both sides allow it': [
    [pullsForeign, ...foreignRepository(allowPull({ AWS: exec })), roleWith('exec', leastFor(foreignArn))],
    'compliant',
  ],
  'another account may name the whole account of the role': [
    [pullsForeign, ...foreignRepository(allowPull({ AWS: home.accountId })), roleWith('exec', leastFor(foreignArn))],
    'compliant',
  ],
  'without the side of the owner a role cannot pull from another account': [
    [pullsForeign, ...foreignRepository(allowPull({ AWS: '555555555555' })), roleWith('exec', leastFor(foreignArn))],
    'noncompliant',
    foreignArn,
  ],
  'without its own side a role cannot pull from another account': [
    [pullsForeign, ...foreignRepository(allowPull({ AWS: exec })), roleWith('exec', [token])],
    'noncompliant',
    { says: foreignArn, provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'an owner that is not in the inventory leaves it open, with account and region': [
    [pullsForeign, roleWith('exec', leastFor(foreignArn))],
    'undetermined',
    `repository policy of app (account ${owner}, eu-central-1)`,
  ],
  'a missing own side is certain whatever the unknown owner says': [
    [pullsForeign, roleWith('exec', [token])],
    'noncompliant',
    { says: foreignArn, provenWithout: ['inventory.repository', 'registry.policy'] },
  ],

  'a boundary without ECR takes everything away': [
    anEstate(boundTo(allow('s3:*'))),
    'noncompliant',
    { says: 'permissions boundary', provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'a boundary that allows as much lets the role pull': [anEstate(boundTo(allow('ecr:*'))), 'compliant'],
  'a boundary that is not in the inventory leaves it open': [
    anEstate(good({ boundary: policyArn('boundary', '555555555555') })),
    'undetermined',
    'managed policy boundary',
  ],
  'a policy of AWS that the capture does not hold leaves it open': [
    anEstate(role({ name: 'exec', attached: [awsPolicy('NewPolicyOfTomorrow')] })),
    'undetermined',
    'AWS-managed policy NewPolicyOfTomorrow',
  ],
  'a policy of AWS that the capture does not hold cannot deny what it may grant twice over': [
    anEstate(good({ attached: [awsPolicy('NewPolicyOfTomorrow')] })),
    'undetermined',
    'AWS-managed policy NewPolicyOfTomorrow',
  ],
  'a customer policy is read from the inventory': [
    anEstate(
      role({ name: 'exec', attached: [policyArn('pull')] }),
      customerPolicy('pull', policy(...leastFor(repositoryArn()))),
    ),
    'compliant',
  ],

  'unknown service control policies are an assumption, not a silent yes': [
    anEstate(good(), notListed('AWS::Organizations::Policy')),
    'compliant',
    { assumes: 'assumes that no service control policy binding account 111122223333 denies it' },
  ],
  'unknown resource control policies are an assumption too': [
    anEstate(good(), notListed('AWS::Organizations::Policy')),
    'compliant',
    { assumes: 'assumes that no resource control policy binding account 111122223333 denies it' },
  ],
  'a service control policy of a unit that denies layers breaks the pull': [
    anEstate(
      good(),
      inOrganization(
        { ...full, targets: ['r-1', 'ou-1', home.accountId] },
        { name: 'noPresigned', content: policy(deny('ecr:GetDownloadUrlForLayer')), targets: ['ou-1'] },
      ),
    ),
    'noncompliant',
    { says: 'service control policy noPresigned', provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'a level without any Allow blocks everything': [
    anEstate(good(), inOrganization({ ...full, targets: ['r-1', home.accountId] })),
    'noncompliant',
    { says: 'service control policies of ou-1', provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'service control policies do not bind the management account': [
    anEstate(
      good(),
      organization({
        management: home.accountId,
        accounts: {},
        policies: [{ name: 'nothing', content: policy(deny('ecr:*')), targets: ['r-1'] }],
      }),
    ),
    'compliant',
  ],
  'a resource control policy that admits the own organization lets it pull': [
    anEstate(
      good(),
      inOrganization(
        { ...full, targets: ['r-1', 'ou-1', home.accountId] },
        {
          ...rcp({ ...outsiders, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } } }),
          targets: ['r-1'],
        },
      ),
    ),
    'compliant',
    { organization: { organizationAccounts: new Set([home.accountId]) } },
  ],
  'a resource control policy for another organization breaks the pull': [
    anEstate(
      good(),
      inOrganization(
        { ...full, targets: ['r-1', 'ou-1', home.accountId] },
        {
          ...rcp({ ...outsiders, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-otherother' } } }),
          targets: ['ou-1'],
        },
      ),
    ),
    'noncompliant',
    {
      says: 'resource control policy perimeter',
      organization: { organizationAccounts: new Set([home.accountId]) },
      provenWithout: ['inventory.repository', 'registry.policy'],
    },
  ],

  'a condition on the endpoint cannot be decided without the network': [
    withStatements(
      token,
      allow([...pullActions], repositoryArn(), { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
    ),
    'undetermined',
    'condition key aws:SourceVpce',
  ],
  'an endpoint on the token is contested on Fargate': [
    withStatements(
      { ...token, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } },
      allow([...pullActions], repositoryArn()),
    ),
    'undetermined',
    'condition key aws:SourceVpce',
  ],
  'a service never signs in with a second factor': [
    withStatements(
      token,
      allow([...pullActions], '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
    ),
    'noncompliant',
    'ecr:BatchGetImage',
  ],
  'a second factor that is asked for only if there is one does no harm': [
    withStatements(
      token,
      allow([...pullActions], '*', { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } } }),
    ),
    'compliant',
  ],
  'a tag of the role matches a condition on the principal': [
    anEstate(
      roleWith(
        'exec',
        [token, allow([...pullActions], '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'web' } } })],
        {
          configuration: { tags: [{ key: 'team', value: 'web' }] },
        },
      ),
    ),
    'compliant',
  ],
  'a role without the tag does not match a condition on the principal': [
    withStatements(
      token,
      allow([...pullActions], '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'web' } } }),
    ),
    'noncompliant',
    'ecr:BatchGetImage',
  ],
  'a source account is never sent by a role': [
    withStatements(
      token,
      allow([...pullActions], '*', { Condition: { StringEquals: { 'aws:SourceAccount': home.accountId } } }),
    ),
    'noncompliant',
    'ecr:BatchGetImage',
  ],

  'a role that trusts another service cannot be assumed by ECS': [
    withTrust({}, 'ec2.amazonaws.com'),
    'noncompliant',
    { says: `assuming ${exec} is not allowed`, provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'a role that trusts several services may be assumed by ECS': [
    withTrust({ Principal: { Service: ['ec2.amazonaws.com', 'ecs-tasks.amazonaws.com'] } }),
    'compliant',
  ],
  'a trust bound to the own account holds': [
    withTrust({ Condition: { StringEquals: { 'aws:SourceAccount': home.accountId } } }),
    'compliant',
  ],
  'a trust bound to another account does not hold': [
    withTrust({ Condition: { StringEquals: { 'aws:SourceAccount': '555555555555' } } }),
    'noncompliant',
    { says: `assuming ${exec}`, provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'a trust bound to ECS of the own account and region holds': [
    withSource('aws:SourceArn', 'arn:aws:ecs:eu-central-1:111122223333:*'),
    'compliant',
  ],
  'a trust bound to another region does not hold': [
    withSource('aws:SourceArn', 'arn:aws:ecs:us-east-1:111122223333:*'),
    'noncompliant',
    { says: `assuming ${exec}`, provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'a trust bound to ECS of another account does not hold': [
    withSource('aws:SourceArn', 'arn:aws:ecs:eu-central-1:555555555555:*'),
    'noncompliant',
    { says: `assuming ${exec}`, provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'what ECS sends beyond account and region is not documented': [
    withSource('aws:SourceArn', 'arn:aws:ecs:eu-central-1:111122223333:task/*'),
    'undetermined',
    'exact aws:SourceArn that ecs-tasks sends',
  ],
  'a trust that names one service by its ARN may hold': [
    withSource('aws:SourceArn', 'arn:aws:ecs:eu-central-1:111122223333:service/main/web'),
    'undetermined',
    'exact aws:SourceArn that ecs-tasks sends',
  ],
  'an external id is never sent by ECS': [
    withTrust({ Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }),
    'noncompliant',
    { says: `assuming ${exec}`, provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'a trust policy nobody could read leaves it open': [
    anEstate(good({ trust: 'no JSON' })),
    'undetermined',
    'trust policy of role exec',
  ],

  'on instances both roles can pull': [
    [forEc2, good(), ...onInstances(instance())],
    'compliant',
    'instance can pull every image',
  ],
  'on instances neither role can pull': [
    [forEc2, roleWith('exec', []), ...onInstances(instance([]))],
    'noncompliant',
    { says: 'The role instance cannot pull', provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'on instances only the execution role can pull': [
    [forEc2, good(), ...onInstances(instance([]))],
    'undetermined',
    'exec can pull and instance cannot: the execution role is used when the agent receives useExecutionRole',
  ],
  'on instances only the role of the instance can pull': [
    [forEc2, roleWith('exec', []), ...onInstances(instance())],
    'undetermined',
    'instance can pull and arn:aws:iam::111122223333:role/exec cannot',
  ],
  'on instances without an execution role the instance pulls': [
    [taskDefinition({ compatibilities: ['EC2'] }), ...onInstances(instance())],
    'compliant',
    'instance can pull every image',
  ],
  'the role of an instance trusts EC2, not ECS': [
    [taskDefinition({ compatibilities: ['EC2'] }), ...onInstances(roleWith('instance', leastFor(repositoryArn())))],
    'noncompliant',
    {
      says: 'assuming arn:aws:iam::111122223333:role/instance',
      provenWithout: ['inventory.repository', 'registry.policy'],
    },
  ],
  'one instance role of two that cannot pull breaks its tasks': [
    [
      taskDefinition({ compatibilities: ['EC2'] }),
      ...onInstances(instance()),
      ecsService({ name: 'other', cluster: 'other', capacityProviders: ['spare'] }),
      capacityProvider('spare', autoScalingGroupArn('spare')),
      autoScalingGroup({ name: 'spare', launchTemplate: 'lt-2' }),
      launchTemplate({ id: 'lt-2', name: 'spare', instanceProfile: 'spares' }),
      instanceProfile('spares', 'spare'),
      instance([], 'spare'),
    ],
    'noncompliant',
    { says: 'The role spare cannot pull', provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'a service on instances nobody described leaves it open': [
    [forEc2, good(), repository(), ecsService({ launchType: 'EC2' })],
    'undetermined',
    'container instances of cluster',
  ],
  'without a service the agent is assumed to use the execution role': [
    [forEc2, repository(), good()],
    'compliant',
    { assumes: 'assumes that the ECS agent pulls with the execution role' },
  ],
  'a service on Fargate breaks with the execution role whatever instances can do': [
    [
      taskDefinition({ executionRole: exec, compatibilities: ['EC2', 'FARGATE'] }),
      roleWith('exec', []),
      ...onInstances(instance()),
      ecsService({ name: 'serverless', launchType: 'FARGATE' }),
    ],
    'noncompliant',
    {
      says: 'The role arn:aws:iam::111122223333:role/exec cannot pull',
      provenWithout: ['inventory.repository', 'registry.policy'],
    },
  ],
  'a definition that fits Fargate and runs on instances needs both roles looked at': [
    [
      taskDefinition({ executionRole: exec, compatibilities: ['EC2', 'FARGATE'] }),
      roleWith('exec', []),
      ...onInstances(instance()),
    ],
    'undetermined',
    'which role pulls',
  ],
  'the default strategy of the cluster may be Fargate': [
    [
      taskDefinition({ executionRole: exec, compatibilities: [] }),
      repository(),
      roleWith('exec', []),
      ecsService({ capacityProviders: [] }),
      ecsCluster({ defaults: ['FARGATE_SPOT'] }),
    ],
    'noncompliant',
    {
      says: 'The role arn:aws:iam::111122223333:role/exec cannot pull',
      provenWithout: ['inventory.repository', 'registry.policy'],
    },
  ],
  'a name full of markup and control characters stays short': [
    [taskDefinition({ executionRole: `<script>\u001b[31m${'x'.repeat(5_000)}` }), repository()],
    'noncompliant',
    'x… does not exist.',
  ],
})

test.each([
  ['on Fargate', [definition, repository(), good()]],
  ['beside the role of the instances', [forEc2, good(), ...onInstances(instance())]],
  ['without an execution role', [taskDefinition({ compatibilities: ['EC2'] }), ...onInstances(instance())]],
])('nothing is assumed about the agent of ECS %s', (_, parts) => {
  const world = worldOf(parts)
  const [judged] = world.inventory.taskDefinitions
  if (judged === undefined) throw new Error('no task definition')
  const verdict = rule.evaluate(judged, { ...world, settings: defaultSettings, parameters: {} })
  expect(verdict).toMatchObject({ kind: 'compliant', assumptions: [] })
})
