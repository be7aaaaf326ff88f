import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import {
  CreateRepositoryCommand,
  ECRClient,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr'
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import { CreateClusterCommand as CreateEksClusterCommand, CreateNodegroupCommand, EKSClient } from '@aws-sdk/client-eks'
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'

/** How much the account holds. */
export interface AccountSize {
  readonly repositories: number
  readonly roles: number
  readonly vpcs: number
  readonly clusters: number
  readonly services: number
  readonly taskDefinitions: number
}

const accountId = '123456789012'

/** Fills an empty account of a moto server; every tenth repository is open to everyone, every fifth has no policy. */
export async function seed(endpoint: string, region: string, size: AccountSize): Promise<void> {
  const shared = { endpoint, region, credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } }
  const ecr = new ECRClient(shared)
  await times(size.repositories, (n) => repository(ecr, n))
  const iam = new IAMClient(shared)
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'pull', PolicyDocument: document('Allow', pullActions, '*') }),
  )
  await times(size.roles, (n) => role(iam, n, Policy?.Arn ?? ''))
  const networks = await times(size.vpcs, (n) => network(new EC2Client(shared), region, n))
  await workloads(new ECSClient(shared), size, networks)
  await nodes(new EKSClient(shared), networks[0] as Network)
}

const pullActions = ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']

function document(Effect: string, Action: readonly string[], Resource?: string, Principal?: unknown): string {
  const statement = { Effect, Action, ...(Resource ? { Resource } : {}), ...(Principal ? { Principal } : {}) }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}

async function repository(client: ECRClient, n: number): Promise<void> {
  const repositoryName = `team-${n % 7}/app-${n}`
  await client.send(
    new CreateRepositoryCommand({ repositoryName, imageTagMutability: n % 2 === 0 ? 'IMMUTABLE' : 'MUTABLE' }),
  )
  const Principal = n % 10 === 0 ? '*' : { AWS: `arn:aws:iam::${accountId}:root` }
  const policyText = document('Allow', pullActions.slice(1), undefined, Principal)
  if (n % 5 !== 1) await client.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }))
  const lifecyclePolicyText = JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 5 },
        action: { type: 'expire' },
      },
    ],
  })
  if (n % 3 === 0) await client.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }))
}

async function role(client: IAMClient, n: number, PolicyArn: string): Promise<void> {
  const RoleName = `task-${n}`
  const AssumeRolePolicyDocument = document('Allow', ['sts:AssumeRole'], undefined, {
    Service: 'ecs-tasks.amazonaws.com',
  })
  await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  for (const PolicyName of ['logs', 'secrets']) {
    const PolicyDocument = document('Allow', [`${PolicyName}:Get*`], '*')
    await client.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }))
  }
  await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
}

interface Network {
  readonly subnets: readonly string[]
  readonly group: string
}

async function network(client: EC2Client, region: string, n: number): Promise<Network> {
  const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: `10.${n}.0.0/16` }))
  const VpcId = Vpc?.VpcId
  const subnets = await times(3, async (zone) => {
    const AvailabilityZone = `${region}${'abc'[zone]}`
    const CidrBlock = `10.${n}.${zone}.0/24`
    const { Subnet } = await client.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }))
    return Subnet?.SubnetId ?? ''
  })
  const named = { VpcId, GroupName: `tasks-${n}`, Description: 'tasks' }
  const { GroupId = '' } = await client.send(new CreateSecurityGroupCommand(named))
  for (const service of ['ecr.api', 'ecr.dkr']) {
    const ServiceName = `com.amazonaws.${region}.${service}`
    const endpoint = {
      VpcId,
      ServiceName,
      SubnetIds: [...subnets],
      SecurityGroupIds: [GroupId],
      PrivateDnsEnabled: true,
    }
    await client.send(new CreateVpcEndpointCommand({ ...endpoint, VpcEndpointType: 'Interface' }))
  }
  return { subnets, group: GroupId }
}

async function workloads(client: ECSClient, size: AccountSize, networks: readonly Network[]): Promise<void> {
  await times(size.clusters, (n) => client.send(new CreateClusterCommand({ clusterName: `cluster-${n}` })))
  await times(size.taskDefinitions, (n) =>
    client.send(
      new RegisterTaskDefinitionCommand({
        family: `app-${n}`,
        executionRoleArn: `arn:aws:iam::${accountId}:role/task-${n}`,
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [
          { name: 'app', image: `${accountId}.dkr.ecr.us-east-1.amazonaws.com/team-${n % 7}/app-${n}:1`, memory: 512 },
        ],
      }),
    ),
  )
  await times(size.services, (n) => {
    const { subnets, group } = networks[n % networks.length] as Network
    return client.send(
      new CreateServiceCommand({
        cluster: `cluster-${n % size.clusters}`,
        serviceName: `app-${n}`,
        taskDefinition: `app-${n}`,
        desiredCount: 1,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: [...subnets], securityGroups: [group] } },
      }),
    )
  })
}

async function nodes(client: EKSClient, { subnets }: Network): Promise<void> {
  const roleArn = `arn:aws:iam::${accountId}:role/task-0`
  const resourcesVpcConfig = { subnetIds: [...subnets] }
  await client.send(new CreateEksClusterCommand({ name: 'prod', roleArn, resourcesVpcConfig }))
  await times(3, (n) =>
    client.send(
      new CreateNodegroupCommand({
        ...{ clusterName: 'prod', nodegroupName: `pool-${n}`, nodeRole: roleArn },
        subnets: [...subnets],
      }),
    ),
  )
}

async function times<T>(count: number, make: (n: number) => Promise<T>): Promise<readonly T[]> {
  const made: T[] = []
  for (let n = 0; n < count; n++) made.push(await make(n))
  return made
}
