import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { EC2Client } from '@aws-sdk/client-ec2'
import { Route53Client } from '@aws-sdk/client-route-53'
import { vpcSight } from '../../../shared/live/sources/vpc.ts'
import { vpcRules } from '../../../shared/rules/vpc-rules.ts'
import { fillEc2, wireGroup, wireSubnet, wireVpc } from '../../sources/ec2/account.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { account, changeOf, definitionArn, pullPolicy, role, sweepOf, taskDefinition } from './role-scenario.ts'
import { invoke } from './scenario.ts'

const region = 'eu-central-1'
const clusterArn = `arn:aws:ecs:${region}:${account}:cluster/main`

/** An account with the private VPC `vpc-1` and a service on Fargate in it. */
export async function startPullingAccount(): Promise<FakeAws> {
  const fake = await startFakeAws()
  fillEc2(fake)
  const { ecs, iam, repositories } = fake.state
  repositories.set('app', undefined)
  iam.roles.push(role('auditor', undefined), role('puller', pullPolicy('app')))
  ecs.clusters.push({ clusterArn, clusterName: 'main' })
  ecs.services.push(service('web', ['subnet-1', 'subnet-2']))
  ecs.taskDefinitions.push(taskDefinition('web:1', { networkMode: 'awsvpc' }))
  return fake
}

/** A service on Fargate in these subnets. */
export function service(serviceName: string, subnets: readonly string[]): Record<string, unknown> {
  const awsvpcConfiguration = { subnets, securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' }
  return {
    serviceName,
    serviceArn: `arn:aws:ecs:${region}:${account}:service/main/${serviceName}`,
    clusterArn,
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    taskDefinition: definitionArn('web:1'),
    networkConfiguration: { awsvpcConfiguration },
  }
}

/** A second VPC with a service and without endpoints or any way out. */
export function addIsolatedVpc({ state: { ec2, ecs } }: FakeAws): void {
  ec2.vpcs.push(wireVpc('vpc-2'))
  ec2.vpcAttributes.set('vpc-2', { enableDnsSupport: true, enableDnsHostnames: true })
  ec2.subnets.push(wireSubnet('subnet-21', { vpcId: 'vpc-2' }))
  const local = { destinationCidrBlock: '10.0.0.0/16', gatewayId: 'local', state: 'active' }
  const [acl] = ec2.networkAcls
  ec2.routeTables.push({
    ...{ routeTableId: 'rtb-2', vpcId: 'vpc-2', ownerId: account, routeSet: [local] },
    associationSet: [{ routeTableId: 'rtb-2', main: true, associationState: { state: 'associated' } }],
  })
  ec2.networkAcls.push({
    ...{ ...acl, networkAclId: 'acl-2', vpcId: 'vpc-2' },
    associationSet: [{ networkAclId: 'acl-2', subnetId: 'subnet-21' }],
  })
  ec2.securityGroups.push(wireGroup('sg-21', { vpcId: 'vpc-2', groupName: 'default' }))
  ecs.services.push(service('other', ['subnet-21']))
}

/** A service on container instances in `subnet-1`, whose role comes from a launch template. */
export function addServiceOnInstances({ state }: FakeAws): void {
  const autoScalingGroupArn = `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:0000:autoScalingGroupName/nodes`
  const capacityProviderArn = `arn:aws:ecs:${region}:${account}:capacity-provider/nodes`
  const LaunchTemplate = { LaunchTemplateId: 'lt-1', LaunchTemplateName: 'nodes', Version: '$Latest' }
  const CreateDate = '2026-01-01T00:00:00Z'
  const profileArn = `arn:aws:iam::${account}:instance-profile/nodes`
  state.ecs.capacityProviders.push({
    ...{ name: 'nodes', capacityProviderArn, status: 'ACTIVE' },
    autoScalingGroupProvider: { autoScalingGroupArn },
  })
  state.autoScaling.groups.push({
    ...{ AutoScalingGroupName: 'nodes', AutoScalingGroupARN: autoScalingGroupArn, LaunchTemplate },
    VPCZoneIdentifier: 'subnet-1',
  })
  state.ec2.launchTemplateVersions.push({
    ...{ launchTemplateId: 'lt-1', launchTemplateName: 'nodes', versionNumber: 1, defaultVersion: true, latest: true },
    launchTemplateData: { iamInstanceProfile: { arn: profileArn }, securityGroupIdSet: ['sg-1'] },
  })
  state.iam.roles.push(role('instances', pullPolicy('app'), { service: 'ec2.amazonaws.com' }))
  state.iam.instanceProfiles.push({
    ...{ Path: '/', InstanceProfileName: 'nodes', InstanceProfileId: 'AIPANODES', Arn: profileArn, CreateDate },
    Roles: [
      { Path: '/', RoleName: 'instances', RoleId: 'AROAX', Arn: `arn:aws:iam::${account}:role/instances`, CreateDate },
    ],
  })
  const { launchType: _, platformVersion: __, networkConfiguration: ___, ...rest } = service('batch', [])
  const capacityProviderStrategy = [{ capacityProvider: 'nodes', weight: 1, base: 0 }]
  state.ecs.services.push({ ...rest, capacityProviderStrategy })
}

type Item = Record<string, unknown>

/** An item of AWS Config about a resource of EC2; as the golden event it was captured at 2026-03-01T11:00Z unless told. */
export const networkItem = (resourceType: string, resourceId: string, more: Item = {}): Item => ({
  ...{ resourceType, resourceId, resourceName: null, ARN: null },
  ...{ configurationItemCaptureTime: '2026-03-01T11:00:00.000Z', relationships: [], ...more },
})
export const groupItem = (id: string, more: Item = {}): Item => networkItem('AWS::EC2::SecurityGroup', id, more)

/** The change event of a Config rule of its own for each rule. */
export const changeIn = (ruleId: string, item: Item): Item =>
  changeOf(ruleId, item, { configRuleArn: `arn:aws:config:${region}:${account}:config-rule/config-rule-${ruleId}` })
export const sweepOfVpcs = (ruleId: string): Item => sweepOf(ruleId)

/** What the function sees of networks and workloads. */
export function sightOf(fake: FakeAws): ReturnType<typeof vpcSight> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const shared = { region, credentials, maxAttempts: 1, endpoint: fake.endpoint }
  return vpcSight({
    ...clientsAt(fake.endpoint, region),
    autoScaling: new AutoScalingClient(shared),
    ec2: new EC2Client(shared),
    route53: new Route53Client(shared),
  })
}

/** One warm function: what it remembers lives from call to call. Without a time it is 2026-03-01T12:00Z. */
export function warmAuditor(fake: FakeAws): (event: unknown, now?: string) => Promise<void> {
  const sight = sightOf(fake)
  return (event, now) =>
    invoke(fake, event, {
      rules: vpcRules,
      sources: [sight.source],
      vpcs: sight.vpcs,
      ...(now === undefined ? {} : { now }),
    })
}

/** How often an operation was called. */
export const timesCalled = (fake: FakeAws, operation: string): number =>
  fake.calls.filter((one) => one.operation === operation).length
