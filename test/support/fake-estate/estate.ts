// biome-ignore-all lint/suspicious/noExplicitAny: the fakes hold wire forms
import { fillEc2 } from '../../sources/ec2/account.ts'
import { revisionOf, serviceOf } from '../../sources/ecs/account.ts'
import { awsPolicy } from '../../sources/iam/account.ts'
import { emptyWorld, type FakeAws, type World } from '../fake-aws/fake-aws.ts'
import type { FakeRole } from '../fake-aws/iam.ts'
import type { FakeAccount } from './fake-estate.ts'

/** How large an estate is. */
export interface EstateShape {
  readonly accounts: number
  readonly regions: readonly string[]
  /** Clean repositories in each account and region beside the three that are always there. */
  readonly moreRepositories?: number
}

/** The role that reads in every account, and what has to be said to become it. */
export const readerRole = { roleName: 'pullpath-reader', path: '/', externalId: 'estate-7f3a' } as const
/** The estate most tests are about: three accounts, two regions. */
export const smallShape: EstateShape = { accounts: 3, regions: ['eu-central-1', 'us-east-1'] }
/** The repository everybody may pull from. */
export const publicRepository = 'team/public'
/** The repository whose policy trusts its own account alone. */
export const cleanRepository = 'team/app'
/** The repository that has no policy. */
export const plainRepository = 'team/plain'

/** The ids of an estate's accounts; the first one manages the organization. */
export function accountIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => String(111_122_223_333 + n * 111_111_111_111))
}

/** An organization whose accounts hold the same, each under its own id: what is mixed up shows. */
export function estateOf(shape: EstateShape): readonly FakeAccount[] {
  return accountIds(shape.accounts).map((accountId) => {
    const regions = shape.regions.map((region) => [region, regionOf(accountId, region, shape)] as const)
    return {
      accountId,
      status: 'ACTIVE' as const,
      role: readerRole,
      global: globalOf(accountId),
      regions: new Map(regions),
    }
  })
}

/** The ARN of a repository of the estate. */
export function repositoryArn(accountId: string, region: string, name: string): string {
  return `arn:aws:ecr:${region}:${accountId}:repository/${name}`
}

function regionOf(accountId: string, region: string, { moreRepositories = 0 }: EstateShape): World {
  const world = emptyWorld(accountId, region)
  const { state } = world
  state.repositories.set(publicRepository, policy({ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }))
  state.repositories.set(cleanRepository, ownPolicy(accountId))
  state.repositories.set(plainRepository, undefined)
  for (let n = 0; n < moreRepositories; n++) state.repositories.set(`more/r${n}`, ownPolicy(accountId))
  state.registryPolicy = policy({
    Sid: 'Replicate',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: 'ecr:ReplicateImage',
    Resource: `arn:aws:ecr:${region}:${accountId}:repository/*`,
  })
  const home = emptyWorld(homeAccount, homeRegion)
  fillEc2(home as unknown as FakeAws)
  Object.assign(state.ec2, moved(home.state.ec2, accountId, region))
  fillMachines(state, region)
  fillWorkloads(world, accountId, region)
  state.services.set('ec2:DescribeRegions', () => regionsAnswer)
  return world
}

const homeAccount = '111122223333'
const homeRegion = 'eu-central-1'
const regionsAnswer = {
  regionInfo: ['eu-central-1', 'us-east-1', 'us-west-2'].map((regionName) => ({
    regionName,
    regionEndpoint: `ec2.${regionName}.amazonaws.com`,
    optInStatus: 'opt-in-not-required',
  })),
}

/** The VPC of a region. */
function vpcOf(region: string): string {
  return region === homeRegion ? 'vpc-1' : 'vpc-2'
}

/** The same with another account and region in every text. */
function moved(value: any, accountId: string, region: string): any {
  if (typeof value === 'string') {
    return value.replaceAll(homeAccount, accountId).replaceAll(homeRegion, region).replaceAll('vpc-1', vpcOf(region))
  }
  if (Array.isArray(value)) return value.map((one) => moved(one, accountId, region))
  if (value instanceof Map) return new Map(moved([...value], accountId, region))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, moved(one, accountId, region)]))
}

/** A group of machines from a template, a private zone, and in all regions but the first endpoints nobody reaches. */
function fillMachines({ ec2, autoScaling }: World['state'], region: string): void {
  const template = { launchTemplateId: 'lt-1', launchTemplateName: 'nodes' }
  ec2.launchTemplateVersions.push({
    ...template,
    versionNumber: 1,
    defaultVersion: true,
    latest: true,
    launchTemplateData: { imageId: 'ami-1', iamInstanceProfile: { name: 'nodes' } },
  })
  autoScaling.groups.push({
    AutoScalingGroupName: 'nodes',
    AutoScalingGroupARN: `arn:aws:autoscaling:${region}:${ec2.vpcs[0].ownerId}:autoScalingGroup:1:autoScalingGroupName/nodes`,
    LaunchTemplate: { LaunchTemplateId: 'lt-1', LaunchTemplateName: 'nodes', Version: '$Latest' },
    VPCZoneIdentifier: 'subnet-1',
  })
  const closed = ec2.securityGroups.find(({ groupId }) => groupId === 'sg-endpoints')
  if (region !== homeRegion) closed.ipPermissions = []
}

function fillWorkloads({ state }: World, accountId: string, region: string): void {
  const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`
  const web = revisionOf('web', 1, { executionRoleArn: role('exec'), taskRoleArn: role('task') })
  const clusterArn = `arn:aws:ecs:${homeRegion}:${homeAccount}:cluster/prod`
  const awsvpcConfiguration = { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' }
  state.ecs.clusters.push(moved({ clusterArn, clusterName: 'prod', capacityProviders: ['FARGATE'] }, accountId, region))
  state.ecs.services.push(moved(serviceOf('web', { networkConfiguration: { awsvpcConfiguration } }), accountId, region))
  state.ecs.taskDefinitions.push(moved(web, accountId, region))
  state.ecs.capacityProviders.push(
    moved(
      { capacityProviderArn: `arn:aws:ecs:${homeRegion}:${homeAccount}:capacity-provider/FARGATE`, name: 'FARGATE' },
      accountId,
      region,
    ),
  )
  const eks = `arn:aws:eks:${region}:${accountId}`
  state.eks.clusters.push({
    name: 'prod',
    arn: `${eks}:cluster/prod`,
    roleArn: role('cluster'),
    identity: { oidc: { issuer: `https://oidc.eks.${region}.amazonaws.com/id/ABC` } },
    resourcesVpcConfig: { clusterSecurityGroupId: 'sg-1' },
  })
  state.eks.nodegroups.push({
    clusterName: 'prod',
    nodegroupName: 'blue',
    nodegroupArn: `${eks}:nodegroup/prod/blue/1`,
    nodeRole: role('node'),
    subnets: ['subnet-1'],
    amiType: 'AL2023_x86_64_STANDARD',
    capacityType: 'ON_DEMAND',
  })
  state.eks.fargateProfiles.push({
    clusterName: 'prod',
    fargateProfileName: 'default',
    fargateProfileArn: `${eks}:fargateprofile/prod/default/2`,
    podExecutionRoleArn: role('pods'),
    subnets: ['subnet-2'],
    selectors: [{ namespace: 'default' }],
  })
}

function globalOf(accountId: string): World {
  const world = emptyWorld(accountId, 'us-east-1')
  const pull = policy({
    Effect: 'Allow',
    Action: ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    Resource: '*',
  })
  const everything = policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*' })
  world.state.iam.roles.push(
    roleFor('exec', 'ecs-tasks.amazonaws.com', everything),
    // May not pull: the images of its nodes cannot start.
    roleFor('node', 'ec2.amazonaws.com', policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })),
    roleFor('task', 'ecs-tasks.amazonaws.com', policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })),
    roleFor('pods', 'eks-fargate-pods.amazonaws.com', pull, [awsPolicy]),
    roleFor('cluster', 'eks.amazonaws.com', pull),
    { name: readerRole.roleName, id: 'AROAREADER', trust: trust('config.amazonaws.com') },
  )
  const { iam, route53 } = world.state
  iam.policies.push(
    { arn: `arn:aws:iam::${accountId}:policy/pull`, id: 'ANPAPULL', defaultVersionId: 'v1', versions: only(pull) },
    { arn: awsPolicy, id: 'ANPAAWS', defaultVersionId: 'v1', versions: only(pull) },
  )
  const profile = { InstanceProfileName: 'nodes', InstanceProfileId: 'AIPANODES', Path: '/' }
  const [node] = iam.roles.filter(({ name }) => name === 'node')
  iam.instanceProfiles.push({
    ...profile,
    Arn: `arn:aws:iam::${accountId}:instance-profile/nodes`,
    CreateDate: '2026-01-01T00:00:00Z',
    Roles: [{ RoleName: node?.name, RoleId: node?.id, Path: '/', Arn: `arn:aws:iam::${accountId}:role/node` }],
  })
  route53.zones.push({
    id: `Z${accountId}`,
    name: 'internal.example.',
    owner: { OwningAccount: accountId },
    vpcIds: ['vpc-1'],
    records: [
      {
        Name: 'db.internal.example.',
        Type: 'A',
        TTL: 60,
        ResourceRecords: { ResourceRecord: [{ Value: '10.0.0.9' }] },
      },
    ],
  })
  return world
}

function roleFor(name: string, service: string, document: string, attached: readonly string[] = []): FakeRole {
  const inline = [{ name: 'inline', document }]
  return { name, id: `AROA${name.toUpperCase()}`, trust: trust(service), inline, attached }
}

function only(document: string): ReadonlyMap<string, string> {
  return new Map([['v1', document]])
}

function trust(service: string): string {
  return policy({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' })
}

function ownPolicy(accountId: string): string {
  return policy({
    Sid: 'Own',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
  })
}

/** A policy of one statement as text. */
export function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}
