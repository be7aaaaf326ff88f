import { rule } from '../../../shared/rules/role/ecs-execution-role-present.ts'
import {
  autoScalingGroupArn,
  capacityProvider,
  ecsCluster,
  ecsService,
  elsewhere,
  imageUri,
  notListed,
  roleArn,
  taskDefinition,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const exec = roleArn('exec')
const anywhere = (more: Parameters<typeof taskDefinition>[0] = {}) => taskDefinition({ compatibilities: [], ...more })

ruleCases(rule, {
  'a Fargate task definition with an execution role is fine': [
    taskDefinition({ executionRole: exec }),
    'compliant',
    { says: `${exec} is the execution role.`, shows: 'images: arn:aws:ecr:eu-central-1:111122223333:repository/app' },
  ],
  'a Fargate task definition without an execution role cannot pull': [
    taskDefinition(),
    'noncompliant',
    { says: 'There is no execution role although it requires FARGATE.', shows: 'compute: it requires FARGATE' },
  ],
  'an empty execution role is none at all': [
    taskDefinition({ executionRole: '' }),
    'noncompliant',
    'it requires FARGATE',
  ],
  'one private image among public ones is enough to need a role': [
    taskDefinition({ images: ['nginx:1', imageUri('app:1')] }),
    'noncompliant',
    'There is no execution role',
  ],
  'public images need no execution role': [
    taskDefinition({ images: ['nginx:1', 'public.ecr.aws/nginx/nginx:1', 'ghcr.io/a/b@sha256:0'] }),
    'notApplicable',
    'No container names an image that a private ECR registry can hold.',
  ],
  'a host that only looks like ECR needs no execution role': [
    taskDefinition({ images: ['111122223333.dkr.ecr.eu-central-1.amazonaws.com.evil.example/app:1'] }),
    'notApplicable',
  ],
  'an image with credentials of its own needs no execution role': [
    taskDefinition({
      images: [
        { Name: 'a', Image: imageUri(), RepositoryCredentials: { CredentialsParameter: 'arn:aws:secretsmanager:x' } },
      ],
    }),
    'notApplicable',
  ],
  'containers that are not described leave it open': [
    taskDefinition({ executionRole: exec, configuration: { ContainerDefinitions: null } }),
    'undetermined',
    'container definitions',
  ],
  'tasks of ECS Anywhere pull with the execution role': [
    taskDefinition({ compatibilities: ['EXTERNAL'] }),
    'noncompliant',
    'it requires EXTERNAL',
  ],
  'tasks on Managed Instances pull with the execution role': [
    taskDefinition({ compatibilities: ['EC2', 'MANAGED_INSTANCES'] }),
    'noncompliant',
    'it requires MANAGED_INSTANCES',
  ],
  'on EC2 the instance role pulls, and none is needed': [
    taskDefinition({ compatibilities: ['EC2'] }),
    'notApplicable',
    'On EC2 the instance role pulls',
  ],
  'a definition that requires nothing and that no service uses may run on EC2': [anywhere(), 'notApplicable', 'On EC2'],
  'a service that starts it on Fargate needs an execution role': [
    [anywhere(), ecsService({ launchType: 'FARGATE' })],
    'noncompliant',
    'service web runs it on FARGATE',
  ],
  'a service that starts it on EC2 needs none': [
    [anywhere(), ecsService({ launchType: 'EC2' })],
    'notApplicable',
    'On EC2',
  ],
  'a service with spot capacity of Fargate needs an execution role': [
    [anywhere(), ecsService({ capacityProviders: ['FARGATE_SPOT'] })],
    'noncompliant',
    'service web runs it on FARGATE_SPOT',
  ],
  'a service whose capacity is an Auto Scaling group needs none': [
    [anywhere(), ecsService({ capacityProviders: ['nodes'] }), capacityProvider('nodes', autoScalingGroupArn('nodes'))],
    'notApplicable',
    'On EC2',
  ],
  'a service on a capacity provider nobody described may be on Managed Instances': [
    [anywhere(), ecsService({ capacityProviders: ['nodes'] })],
    'undetermined',
    'where service web runs its tasks',
  ],
  'a service without launch type follows the default strategy of its cluster': [
    [anywhere(), ecsService({ capacityProviders: [] }), ecsCluster({ defaults: ['FARGATE'] })],
    'noncompliant',
    'the default capacity provider of its cluster',
  ],
  'a service without launch type in a cluster without strategy runs on EC2': [
    [anywhere(), ecsService({ capacityProviders: [] }), ecsCluster()],
    'notApplicable',
    'On EC2',
  ],
  'a service without launch type in a cluster nobody described may run on Fargate': [
    [anywhere(), ecsService({ capacityProviders: [] })],
    'undetermined',
    'where service web runs its tasks',
  ],
  'one service of two on Fargate is enough to need a role': [
    [anywhere(), ecsService({ launchType: 'EC2' }), ecsService({ name: 'api', launchType: 'FARGATE' })],
    'noncompliant',
    'service api runs it on FARGATE',
  ],
  'a service of another region runs another task definition': [
    [anywhere(), elsewhere(ecsService({ launchType: 'FARGATE' }), { region: 'eu-west-1' })],
    'notApplicable',
  ],
  'a service of another revision says nothing about this one': [
    [anywhere({ revision: 2 }), ecsService({ taskDefinition: 'web:1', launchType: 'FARGATE' })],
    'notApplicable',
  ],
  'a service that names the family alone runs the newest revision': [
    [anywhere({ revision: 2 }), ecsService({ taskDefinition: 'web', launchType: 'FARGATE' })],
    'noncompliant',
    'service web runs it on FARGATE',
  ],
  'services that were not listed may run it on Fargate': [
    [anywhere(), notListed('AWS::ECS::Service')],
    'undetermined',
    'AWS::ECS::Service could not be listed',
  ],
  'a definition for EC2 alone runs on no other service': [
    [taskDefinition({ compatibilities: ['EC2'] }), notListed('AWS::ECS::Service')],
    'notApplicable',
  ],
  'markup in the name of a service is quoted at limited length': [
    [anywhere(), ecsService({ name: `<b>\u001b[2J${'y'.repeat(3_000)}`, launchType: 'FARGATE' })],
    'noncompliant',
    'y….',
  ],
})
