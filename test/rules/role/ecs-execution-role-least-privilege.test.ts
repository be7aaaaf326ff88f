import type { JsonObject } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/role/ecs-execution-role-least-privilege.ts'
import {
  allowPull,
  cacheRule,
  customerPolicy,
  type EstatePart,
  ecsService,
  elsewhere,
  home,
  imageUri,
  listedIn,
  managedPolicy,
  notListed,
  policy,
  policyArn,
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
  without,
} from './pulling.ts'

const exec = roleArn('exec')
const definition = taskDefinition({ executionRole: exec })
/** The role pulls for `app`; there is also a repository `other`. */
const estate = (...parts: readonly EstatePart[]) => [definition, repository(), repository({ name: 'other' }), ...parts]
const withStatements = (...statements: readonly JsonObject[]) => estate(roleWith('exec', statements))
const least = leastFor(repositoryArn())
const west = { accountId: home.accountId, region: 'eu-west-1' }
const hub = taskDefinition({ executionRole: exec, images: [imageUri('hub/nginx:1')] })
const creating = (resource: string) =>
  roleWith('exec', [
    ...leastFor(repositoryArn('hub/nginx')),
    allow(['ecr:CreateRepository', 'ecr:BatchImportUpstreamImage'], resource),
  ])

ruleCases(rule, {
  'a role that pulls the one repository of its tasks holds no more than it needs': [
    withStatements(...least),
    'compliant',
    {
      says: 'and no others',
      shows: `repositories its task definitions use: ${repositoryArn()}`,
      provenWithout: ['permissionsBoundary'],
    },
  ],
  'the check for layers on everything is no excess': [
    withStatements(...least, allow('ecr:BatchCheckLayerAvailability')),
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'the token on everything is no excess': [
    withStatements(token),
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'descriptions are no excess of this rule': [
    withStatements(...least, allow('ecr:DescribeImages')),
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'logs and secrets are no excess of this rule': [
    withStatements(...least, allow(['logs:*', 'secretsmanager:GetSecretValue'])),
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'a role that no task definition uses is not judged': [
    [roleWith('exec', [allow('ecr:*')]), repository()],
    'notApplicable',
    'No current task definition uses it',
  ],
  'a task role is not an execution role': [
    [taskDefinition({ taskRole: exec }), roleWith('exec', [allow('ecr:*')])],
    'notApplicable',
  ],
  'a role of the same name in another account is another role': [
    [
      elsewhere(taskDefinition({ executionRole: 'exec' }), { accountId: '555555555555' }),
      ...listedIn({ accountId: '555555555555', region: home.region }, 'AWS::ECS::TaskDefinition'),
      roleWith('exec', [allow('ecr:*')]),
    ],
    'notApplicable',
  ],
  'a task definition may name the role without its ARN': [
    [taskDefinition({ executionRole: 'exec' }), roleWith('exec', [allow('ecr:PutImage')])],
    'noncompliant',
    'ecr:PutImage on *',
  ],
  'a superseded revision is no user of the role': [
    [
      taskDefinition({ executionRole: exec, images: [imageUri('old:1')] }),
      taskDefinition({ executionRole: roleArn('new'), revision: 2 }),
      roleWith('exec', leastFor(repositoryArn('old'))),
      repository({ name: 'old' }),
    ],
    'notApplicable',
  ],
  'an old revision that a service still runs is a user of the role': [
    [
      taskDefinition({ executionRole: exec, images: [imageUri('old:1')] }),
      taskDefinition({ executionRole: roleArn('new'), revision: 2 }),
      ecsService({ taskDefinition: 'web:1' }),
      roleWith('exec', leastFor(repositoryArn('old'))),
      repository({ name: 'old' }),
    ],
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],

  'pushing is more than an execution role needs': [
    withStatements(...least, allow('ecr:PutImage', repositoryArn())),
    'noncompliant',
    { says: 'It may use ecr:PutImage on arn:aws:ecr', shows: 'Allows ecr:PutImage' },
  ],
  'deleting is more than an execution role needs': [
    withStatements(...least, allow('ecr:BatchDeleteImage', repositoryArn())),
    'noncompliant',
    'ecr:BatchDeleteImage',
  ],
  'changing policies is more than an execution role needs': [
    withStatements(...least, allow('ecr:SetRepositoryPolicy', repositoryArn())),
    'noncompliant',
    'ecr:SetRepositoryPolicy',
  ],
  'changing settings of the registry is more than an execution role needs': [
    withStatements(...least, allow('ecr:PutRegistryScanningConfiguration')),
    'noncompliant',
    'ecr:PutRegistryScanningConfiguration',
  ],
  'pushing under a condition on the network is still held': [
    withStatements(...least, allow('ecr:PutImage', '*', { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } })),
    'noncompliant',
    { says: 'ecr:PutImage', shows: 'under conditions on aws:SourceVpc' },
  ],
  'an administrator holds far more than it needs': [
    estate(role({ name: 'exec', attached: [awsPolicy('AdministratorAccess')] })),
    'noncompliant',
    { says: 'AWS-managed policy AdministratorAccess', provenWithout: ['inventory.managedPolicy'] },
  ],
  'pulling every repository is more than it needs': [
    withStatements(token, allow([...pullActions])),
    'noncompliant',
    { says: 'It may pull any repository of the account: ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on *' },
  ],
  'pulling every repository of the region is more than it needs': [
    withStatements(token, allow([...pullActions], 'arn:aws:ecr:eu-central-1:111122223333:repository/*')),
    'noncompliant',
    'It may pull any repository of the account',
  ],
  'the managed policy of ECS pulls every repository and is reported mildly': [
    estate(role({ name: 'exec', attached: [standardPolicy] })),
    'noncompliant',
    {
      says: 'The AWS-managed policy AmazonECSTaskExecutionRolePolicy lets it pull every repository',
      severity: 'LOW',
      shows: 'as captured on 20',
      provenWithout: ['inventory.managedPolicy'],
    },
  ],
  'the managed policy of ECS read from the account is reported as mildly': [
    estate(
      role({ name: 'exec', attached: [standardPolicy] }),
      managedPolicy(standardPolicy, policy(token, allow([...pullActions]))),
    ),
    'noncompliant',
    { severity: 'LOW', provenWithout: ['inventory.managedPolicy'] },
  ],
  'beside the managed policy of ECS another wide statement is not excused': [
    estate(roleWith('exec', [allow([...pullActions])], { attached: [standardPolicy] })),
    'noncompliant',
    { says: 'It may pull any repository of the account', provenWithout: ['inventory.managedPolicy'] },
  ],
  'a policy of a customer with the name of the one of ECS is not excused': [
    estate(
      role({ name: 'exec', attached: [policyArn('AmazonECSTaskExecutionRolePolicy')] }),
      customerPolicy('AmazonECSTaskExecutionRolePolicy', policy(token, allow([...pullActions]))),
    ),
    'noncompliant',
    'It may pull any repository of the account: ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on * (managed policy AmazonECS',
  ],
  'pulling another repository of the account is more than it needs': [
    withStatements(...leastFor(repositoryArn(), repositoryArn('other'))),
    'noncompliant',
    `Its permissions let it pull ${repositoryArn('other')}, which no task definition of it uses.`,
  ],
  'a pattern that reaches another repository is more than it needs': [
    withStatements(...leastFor(repositoryArn(), repositoryArn('o*'))),
    'noncompliant',
    `Its permissions let it pull ${repositoryArn('other')}`,
  ],
  'a pattern that reaches no other repository is fine': [
    withStatements(...leastFor(repositoryArn('ap*'))),
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'a repository that does not exist is nobody’s image': [
    withStatements(...leastFor(repositoryArn(), repositoryArn('gone'))),
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'one of the two actions on another repository pulls nothing': [
    withStatements(...least, allow('ecr:BatchGetImage', repositoryArn('other'))),
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'what a Deny takes away is not held': [
    withStatements(...leastFor(repositoryArn('*')), deny('ecr:*', repositoryArn('*'), {})),
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'a repository policy that names the role lets it pull more than it needs': [
    [
      definition,
      repository(),
      repository({ name: 'other', policy: policy(allowPull({ AWS: exec })) }),
      roleWith('exec', least),
    ],
    'noncompliant',
    `Its permissions let it pull ${repositoryArn('other')}`,
  ],
  'two task definitions together use what the role may pull': [
    [
      ...estate(roleWith('exec', leastFor(repositoryArn(), repositoryArn('other')))),
      taskDefinition({ family: 'api', executionRole: exec, images: [imageUri('other:1')] }),
    ],
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'a task definition of another region is a user of the role': [
    [
      ...estate(roleWith('exec', leastFor(repositoryArn(), repositoryArn('other')))),
      elsewhere(taskDefinition({ family: 'api', executionRole: exec, images: [imageUri('other:1')] }), west),
      ...listedIn(west, 'AWS::ECS::TaskDefinition', 'AWS::ECS::Service'),
    ],
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'a region whose task definitions were not listed may use the other repository': [
    [
      ...estate(roleWith('exec', leastFor(repositoryArn(), repositoryArn('other')))),
      ...listedIn(west, 'AWS::ECR::Repository'),
    ],
    'undetermined',
    'task definitions in eu-west-1',
  ],
  'pushing is certain whatever other regions hold': [
    [...estate(roleWith('exec', [...least, allow('ecr:PutImage')])), ...listedIn(west, 'AWS::ECR::Repository')],
    'noncompliant',
    { says: 'ecr:PutImage', provenWithout: ['trustPolicy'] },
  ],
  'pulling everything is certain whatever other regions hold': [
    [...estate(roleWith('exec', [token, allow([...pullActions])])), ...listedIn(west, 'AWS::ECR::Repository')],
    'noncompliant',
    { says: 'any repository of the account', provenWithout: ['trustPolicy'] },
  ],
  'more users could only need more than a role that holds just enough': [
    [...estate(roleWith('exec', least)), ...listedIn(west, 'AWS::ECR::Repository')],
    'compliant',
    { provenWithout: ['permissionsBoundary', 'trustPolicy'] },
  ],
  'a role nobody is seen to use may be used where task definitions were not listed': [
    [roleWith('exec', [allow('ecr:*')]), notListed('AWS::ECS::TaskDefinition')],
    'undetermined',
    'task definitions in eu-central-1: AWS::ECS::TaskDefinition could not be listed',
  ],
  'a role that ECS may not assume is used by no task anywhere': [
    [
      roleWith('exec', [allow('ecr:*')], { trust: trustOf('ec2.amazonaws.com') }),
      notListed('AWS::ECS::TaskDefinition'),
    ],
    'notApplicable',
  ],
  'a task definition that does not state its execution role may use it': [
    [
      ...estate(roleWith('exec', leastFor(repositoryArn(), repositoryArn('other')))),
      without(taskDefinition({ family: 'api' }), 'ContainerDefinitions'),
    ],
    'undetermined',
    'execution role: the execution role of',
  ],
  'containers that are not described may use the other repository': [
    [
      ...estate(roleWith('exec', leastFor(repositoryArn(), repositoryArn('other')))),
      without(taskDefinition({ family: 'api', executionRole: exec }), 'ContainerDefinitions'),
    ],
    'undetermined',
    'containers: the container definitions of',
  ],
  'where repositories were not listed the other one may exist': [
    [
      definition,
      notListed('AWS::ECR::Repository'),
      roleWith('exec', leastFor(repositoryArn(), repositoryArn('other'))),
    ],
    'undetermined',
    'repositories in eu-central-1: AWS::ECR::Repository could not be listed',
  ],
  'where repositories were not listed its own is enough': [
    [definition, notListed('AWS::ECR::Repository'), roleWith('exec', least)],
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'a boundary takes the excess away': [
    estate(
      roleWith('exec', [allow('ecr:*')], { boundary: policyArn('boundary') }),
      customerPolicy('boundary', policy(...least)),
    ),
    'compliant',
  ],
  'a boundary nobody read may take the excess away': [
    estate(
      roleWith('exec', leastFor(repositoryArn(), repositoryArn('other')), {
        boundary: policyArn('boundary', '555555555555'),
      }),
    ),
    'undetermined',
    'managed policy boundary',
  ],
  'a policy of AWS that nobody read may hold more': [
    estate(roleWith('exec', least, { attached: [awsPolicy('NewPolicyOfTomorrow')] })),
    'undetermined',
    'AWS-managed policy NewPolicyOfTomorrow',
  ],

  'importing through a cache rule is no excess': [
    [hub, cacheRule('hub', 'registry-1.docker.io'), creating(repositoryArn('hub/*'))],
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
  'creating repositories without a cache rule is an excess': [
    [hub, creating(repositoryArn('hub/*'))],
    'noncompliant',
    'ecr:CreateRepository',
  ],
  'creating repositories of any name is an excess in spite of a cache rule': [
    [hub, cacheRule('hub', 'registry-1.docker.io'), creating('*')],
    'noncompliant',
    'ecr:CreateRepository',
  ],
  'a cache rule under which no image lies excuses nothing': [
    [hub, cacheRule('quay', 'quay.io'), creating(repositoryArn('quay/*'))],
    'noncompliant',
    'ecr:CreateRepository',
  ],
  'a cache rule for every prefix excuses every name': [
    [hub, cacheRule('ROOT', 'registry-1.docker.io'), creating(repositoryArn('hub/*'))],
    'compliant',
    { provenWithout: ['permissionsBoundary'] },
  ],
})
