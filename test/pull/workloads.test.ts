import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../shared/model/json.ts'
import { imageWorkloads, subnetsOf, type Workload, workloadsInVpc } from '../../shared/pull/workloads.ts'
import {
  autoScalingGroup,
  autoScalingGroupArn,
  capacityProvider,
  type EstatePart,
  ecsCluster,
  ecsService,
  eksCluster,
  elsewhere,
  fargateProfile,
  home,
  imageUri,
  instanceProfile,
  inventoryOf,
  launchTemplate,
  nodegroup,
  privateVpc,
  role,
  roleArn,
  subnet,
  taskDefinition,
} from '../support/builders.ts'

function workloadsOf(...parts: readonly EstatePart[]): readonly Workload[] {
  return imageWorkloads(inventoryOf([...privateVpc(), ...parts]))
}

function only(...parts: readonly EstatePart[]): Workload {
  const workloads = workloadsOf(...parts)
  expect(workloads).toHaveLength(1)
  return workloads[0]!
}

/** The same item with these supplementary properties. */
function supplemented(part: EstatePart, supplementaryConfiguration: JsonObject): EstatePart {
  return 'item' in part ? { item: { ...part.item, supplementaryConfiguration } } : part
}

/** A launch template whose data hold these properties too. */
function templateWith(data: JsonObject): EstatePart {
  const part = launchTemplate({ instanceProfile: 'nodes' })
  if (!('item' in part)) throw new Error('no item')
  const configuration = part.item.configuration as JsonObject
  const LaunchTemplateData = { ...(configuration.LaunchTemplateData as JsonObject), ...data }
  return { item: { ...part.item, configuration: { ...configuration, LaunchTemplateData } } }
}

const hosts = ({ needs }: Workload): readonly string[] => needs.map(({ host }) => host)
const usualHosts = [
  'api.ecr.eu-central-1.amazonaws.com',
  '111122223333.dkr.ecr.eu-central-1.amazonaws.com',
  'prod-eu-central-1-starport-layer-bucket.s3.eu-central-1.amazonaws.com',
]

describe('a service on Fargate', () => {
  const definition = taskDefinition({ executionRole: roleArn('execution') })

  test('pulls through the interface of the task, with its groups and without a public address', () => {
    const workload = only(ecsService({ subnets: ['subnet-1', 'subnet-2'] }), definition)
    expect(workload).toMatchObject({
      type: 'AWS::ECS::Service',
      name: 'web',
      compute: 'fargateTask',
      scope: home,
      vpcId: 'vpc-1',
      unplaced: undefined,
      pullers: { state: 'known', value: [{ roleName: roleArn('execution'), puller: 'fargateTask' }] },
    })
    expect(subnetsOf(workload)).toEqual(['subnet-1', 'subnet-2'])
    expect(workload.interfaces[0]).toEqual({
      scope: home,
      subnetId: 'subnet-1',
      securityGroupIds: ['sg-1'],
      hasPublicIp: false,
      operatingSystem: 'linux',
      usesIpv6: false,
    })
    expect(hosts(workload)).toEqual(usualHosts)
  })

  test('has a public address when it is assigned one', () => {
    const network = { Subnets: ['subnet-1'], SecurityGroups: ['sg-1'], AssignPublicIp: 'ENABLED' }
    const service = ecsService({ configuration: { NetworkConfiguration: { AwsvpcConfiguration: network } } })
    expect(only(service, definition).interfaces[0]?.hasPublicIp).toBe(true)
  })

  test('without groups has the default group of the VPC', () => {
    const network = { Subnets: ['subnet-1'], AssignPublicIp: 'DISABLED' }
    const service = ecsService({ configuration: { NetworkConfiguration: { AwsvpcConfiguration: network } } })
    expect(only(service, definition).interfaces[0]?.securityGroupIds).toEqual(['sg-default'])
  })

  test.each([
    ['1.3.0', usualHosts.slice(1)],
    ['1.4.0', usualHosts],
    ['LATEST', usualHosts],
    ['1.0.0', usualHosts.slice(1)],
  ])('of platform version %s needs these hosts', (platformVersion, expected) => {
    const service = ecsService({ configuration: { PlatformVersion: platformVersion } })
    expect(hosts(only(service, definition))).toEqual(expected)
  })

  test('on Windows needs the token host in platform version 1.0.0 too, and answers on other ports', () => {
    const windows = taskDefinition({
      configuration: { RuntimePlatform: { OperatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
    })
    const workload = only(ecsService({ configuration: { PlatformVersion: '1.0.0' } }), windows)
    expect(hosts(workload)).toEqual(usualHosts)
    expect(workload.interfaces[0]?.operatingSystem).toBe('windows')
  })

  test('needs the hosts of every region and registry its images are in', () => {
    const images = [
      imageUri(),
      imageUri('tool:1', { accountId: '222222222222' }),
      imageUri('far:1', { region: 'us-east-1' }),
    ]
    expect(hosts(only(ecsService(), taskDefinition({ images })))).toEqual([
      'api.ecr.eu-central-1.amazonaws.com',
      '111122223333.dkr.ecr.eu-central-1.amazonaws.com',
      '222222222222.dkr.ecr.eu-central-1.amazonaws.com',
      'prod-eu-central-1-starport-layer-bucket.s3.eu-central-1.amazonaws.com',
      'api.ecr.us-east-1.amazonaws.com',
      '111122223333.dkr.ecr.us-east-1.amazonaws.com',
      'prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com',
    ])
  })

  test('whose images are all from Docker Hub needs no host of ECR', () => {
    expect(hosts(only(ecsService(), taskDefinition({ images: ['nginx:1'] })))).toEqual([])
  })

  test('whose task definition is missing may need the hosts of its region, and says that the images are unknown', () => {
    const workload = only(ecsService({ taskDefinition: 'gone:7' }))
    expect(hosts(workload)).toEqual(usualHosts)
    expect(workload.images).toMatchObject({ state: 'unknown', reason: expect.stringContaining('service web') })
    expect(workload.pullers.state).toBe('unknown')
  })

  test('that names no revision runs the newest active one', () => {
    const newest = taskDefinition({ revision: 2, executionRole: 'newest' })
    const retired = taskDefinition({ revision: 3, executionRole: 'retired', status: 'INACTIVE' })
    expect(only(ecsService({ taskDefinition: 'web' }), definition, newest, retired).pullers).toMatchObject({
      value: [{ roleName: 'newest' }],
    })
  })

  test('in subnets that are not in the inventory has no VPC, and says so', () => {
    const workload = only(ecsService({ subnets: ['subnet-9'] }), definition)
    expect(workload.vpcId).toBeUndefined()
    expect(workload.unplaced).toContain('subnet-9')
  })

  test('in a shared subnet lies in the VPC of the owner', () => {
    const participant = { accountId: '222222222222', region: home.region }
    const service = elsewhere(ecsService({ subnets: ['subnet-1'] }), participant)
    const seen = elsewhere(subnet({ id: 'subnet-1', ownerId: home.accountId }), participant)
    expect(only(service, seen)).toMatchObject({ vpcId: 'vpc-1', scope: participant })
  })
})

describe('a service on instances', () => {
  const chain = [
    ecsService({ capacityProviders: ['nodes'], subnets: ['subnet-1'] }),
    taskDefinition({ compatibilities: ['EC2'], executionRole: roleArn('execution') }),
    capacityProvider('nodes', autoScalingGroupArn('nodes')),
    autoScalingGroup({ subnets: ['subnet-2'] }),
    instanceProfile('nodes', 'instance'),
    role({ name: 'instance' }),
  ]

  test('pulls through the primary interface of the instance: subnets of the group, groups of the launch template', () => {
    const workload = only(...chain, templateWith({ SecurityGroupIds: ['sg-nodes'] }))
    expect(workload.compute).toBe('containerInstance')
    expect(workload.interfaces).toEqual([
      {
        scope: home,
        subnetId: 'subnet-2',
        securityGroupIds: ['sg-nodes'],
        hasPublicIp: false,
        operatingSystem: 'linux',
        usesIpv6: true,
      },
    ])
    expect(workload.pullers).toMatchObject({
      value: [
        { roleName: 'instance', puller: 'ecsInstance' },
        { roleName: roleArn('execution'), puller: 'ecsInstanceExecutionRole' },
      ],
    })
  })

  test('takes groups and public address from the network interface with index 0', () => {
    const NetworkInterfaces = [
      { DeviceIndex: 1, Groups: ['sg-second'] },
      { DeviceIndex: 0, Groups: ['sg-first'], AssociatePublicIpAddress: true },
    ]
    expect(only(...chain, templateWith({ NetworkInterfaces })).interfaces[0]).toMatchObject({
      securityGroupIds: ['sg-first'],
      hasPublicIp: true,
    })
  })

  test('has the default group when the template names none, and the subnet decides on the address', () => {
    const open = subnet({ id: 'subnet-2', mapPublicIp: true })
    const estate = privateVpc({ with: [open, ...chain, templateWith({})] })
    expect(imageWorkloads(inventoryOf(estate))[0]?.interfaces[0]).toMatchObject({
      securityGroupIds: ['sg-default'],
      hasPublicIp: true,
    })
  })

  test('has unknown groups when the launch template is missing or attaches an interface made before', () => {
    expect(only(...chain).interfaces[0]).toMatchObject({ securityGroupIds: undefined, hasPublicIp: undefined })
    const attached = templateWith({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: 'eni-1' }] })
    expect(only(...chain, attached).interfaces[0]?.securityGroupIds).toBeUndefined()
  })

  test('of launch type EC2 runs on the capacity providers of its cluster', () => {
    const service = ecsService({ launchType: 'EC2' })
    const cluster = ecsCluster({ capacityProviders: ['FARGATE', 'nodes'] })
    expect(subnetsOf(only(service, cluster, ...chain.slice(1), templateWith({})))).toEqual(['subnet-2'])
  })

  test('whose instances are not in the inventory lies in the VPC of its task interfaces', () => {
    const workload = only(ecsService({ launchType: 'EC2', subnets: ['subnet-1'] }), chain[1]!)
    expect(workload).toMatchObject({ vpcId: 'vpc-1', interfaces: [] })
    expect(workload.unplaced).toContain('container instances of cluster')
  })

  test('and on Fargate gives a workload for each', () => {
    const service = ecsService({ capacityProviders: ['FARGATE', 'FARGATE_SPOT', 'nodes'] })
    const workloads = workloadsOf(service, ...chain.slice(1), templateWith({}))
    expect(workloads.map(({ compute }) => compute)).toEqual(['fargateTask', 'containerInstance'])
  })

  test('runs on no capacity provider of weight 0 beside one with a weight', () => {
    const strategy = ['FARGATE', 'nodes'].map((CapacityProvider, Weight) => ({ CapacityProvider, Weight }))
    const service = ecsService({ capacityProviders: [], configuration: { CapacityProviderStrategy: strategy } })
    expect(only(service, ...chain.slice(1), templateWith({})).compute).toBe('containerInstance')
  })

  test('without a strategy follows the default strategy of its cluster', () => {
    const service = ecsService({ capacityProviders: [] })
    const cluster = ecsCluster({ defaults: ['FARGATE'], capacityProviders: ['FARGATE', 'nodes'] })
    expect(only(service, cluster, ...chain.slice(1)).compute).toBe('fargateTask')
  })

  test.each([
    ['launchTemplate', {}],
    ['launchConfigurationName', { launchTemplate: null, launchConfigurationName: 'old' }],
  ])('of a group whose %s is not there has unknown groups', (_name, configuration) => {
    const group = autoScalingGroup({ subnets: ['subnet-2'], configuration })
    const parts = chain.map((part, index) => (index === 3 ? group : part))
    expect(only(...parts).interfaces).toMatchObject([
      { subnetId: 'subnet-2', securityGroupIds: undefined, hasPublicIp: undefined },
    ])
  })

  test('of a launch type whose instances nobody lists says so', () => {
    const workload = only(ecsService({ launchType: 'MANAGED_INSTANCES' }), chain[1]!)
    expect(workload).toMatchObject({
      compute: 'containerInstance',
      vpcId: 'vpc-1',
      interfaces: [],
      unplaced: 'the instances of launch type MANAGED_INSTANCES are not in the inventory',
      pullers: { state: 'unknown', reason: 'the role of the instances is not in the inventory' },
    })
  })

  test('of launch type EC2 does not follow a strategy', () => {
    const service = ecsService({ launchType: 'EC2' })
    const cluster = ecsCluster({ defaults: ['FARGATE'], capacityProviders: ['nodes'] })
    expect(only(service, cluster, ...chain.slice(1), templateWith({})).compute).toBe('containerInstance')
  })

  test.each([
    [undefined, 'the Auto Scaling group of capacity provider nodes are not in the inventory'],
    [
      { Name: 'nodes', ManagedInstancesProvider: {} },
      'the instances of capacity provider nodes are not in the inventory',
    ],
  ])('on a capacity provider without a known group (%j) says so', (configuration, unplaced) => {
    const provider = capacityProvider('nodes', '')
    if (!('item' in provider)) throw new Error('no item')
    const parts = configuration === undefined ? [] : [{ item: { ...provider.item, configuration } }]
    expect(only(chain[0]!, chain[1]!, ...parts)).toMatchObject({ unplaced, interfaces: [] })
  })

  test('without a cluster that is stated says so', () => {
    const service = ecsService({ launchType: 'EC2', subnets: [], configuration: { Cluster: null } })
    expect(only(service, chain[1]!)).toMatchObject({
      vpcId: undefined,
      unplaced: 'the container instances of cluster (not stated) are not in the inventory',
    })
  })

  test('lies in the VPC of the first subnet of its tasks that is known', () => {
    const service = ecsService({ launchType: 'EC2', subnets: ['subnet-lost', 'subnet-1'] })
    expect(only(service, chain[1]!).vpcId).toBe('vpc-1')
  })

  test('whose group is not there says so, and nobody knows who pulls', () => {
    const parts = chain.filter((_, index) => index !== 3)
    expect(only(...parts)).toMatchObject({
      vpcId: 'vpc-1',
      interfaces: [],
      unplaced: `Auto Scaling group ${autoScalingGroupArn('nodes')} is not in the inventory`,
      pullers: { state: 'unknown', reason: 'the role of the instances is not in the inventory' },
    })
  })

  test('pulls with the role of the instances alone where it has no execution role', () => {
    const plain = taskDefinition({ compatibilities: ['EC2'] })
    const parts = chain.map((part, index) => (index === 1 ? plain : part))
    expect(only(...parts, templateWith({})).pullers).toMatchObject({
      state: 'known',
      value: [{ roleName: 'instance', puller: 'ecsInstance' }],
    })
  })

  test('leaves open who pulls where the role of the instances or its task definition is not known', () => {
    expect(only(...chain.filter((_, index) => index !== 4), templateWith({})).pullers).toMatchObject({
      state: 'unknown',
      reason: 'instance profile nodes is not in the inventory',
    })
    expect(only(...chain.filter((_, index) => index !== 1), templateWith({})).pullers).toMatchObject({
      state: 'unknown',
      reason: 'the task definition of service web is not in the inventory',
    })
  })

  test('on Windows answers on the ports of Windows', () => {
    const windows = taskDefinition({
      compatibilities: ['EC2'],
      configuration: { RuntimePlatform: { OperatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
    })
    const parts = chain.map((part, index) => (index === 1 ? windows : part))
    expect(only(...parts, templateWith({})).interfaces[0]?.operatingSystem).toBe('windows')
  })

  test('outside AWS is left out', () => {
    expect(workloadsOf(ecsService({ launchType: 'EXTERNAL' }))).toEqual([])
  })
})

describe('a node group', () => {
  const cluster = supplemented(eksCluster(), { clusterSecurityGroupId: 'sg-cluster' })

  test('has the group of the cluster, and pulls the add-ons from the registry of AWS', () => {
    const workload = only(nodegroup({ subnets: ['subnet-1', 'subnet-2'] }), cluster)
    expect(workload).toMatchObject({
      type: 'AWS::EKS::Nodegroup',
      compute: 'node',
      vpcId: 'vpc-1',
      pullers: { value: [{ roleName: roleArn('node'), puller: 'eksNode' }] },
      images: { state: 'unknown' },
    })
    expect(workload.interfaces.map(({ securityGroupIds }) => securityGroupIds)).toEqual([
      ['sg-cluster'],
      ['sg-cluster'],
    ])
    expect(hosts(workload)[1]).toBe('602401143452.dkr.ecr.eu-central-1.amazonaws.com')
  })

  test('has the groups that the source resolved', () => {
    const nodes = supplemented(nodegroup(), { securityGroupIds: ['sg-a', 'sg-b'] })
    expect(only(nodes, cluster).interfaces[0]?.securityGroupIds).toEqual(['sg-a', 'sg-b'])
  })

  test('has the groups of its launch template, or unknown ones when that is missing', () => {
    const nodes = nodegroup({ configuration: { LaunchTemplate: { Id: 'lt-1', Version: '1' } } })
    expect(only(nodes, cluster).interfaces[0]?.securityGroupIds).toBeUndefined()
    const named = templateWith({ SecurityGroupIds: ['sg-own'] })
    expect(only(nodes, cluster, named).interfaces[0]?.securityGroupIds).toEqual(['sg-own'])
    expect(only(nodes, cluster, templateWith({})).interfaces[0]?.securityGroupIds).toEqual(['sg-cluster'])
  })

  test('has unknown groups when the source did not say the group of the cluster', () => {
    expect(only(nodegroup(), eksCluster()).interfaces[0]?.securityGroupIds).toBeUndefined()
  })

  test('of Windows uses the ephemeral ports of Windows', () => {
    const windows = nodegroup({ configuration: { AmiType: 'WINDOWS_CORE_2022_x86_64' } })
    expect(only(windows, cluster).interfaces[0]?.operatingSystem).toBe('windows')
    const linux = nodegroup({ configuration: { AmiType: 'AL2023_x86_64_STANDARD' } })
    expect(only(linux, cluster).interfaces[0]?.operatingSystem).toBe('linux')
  })

  test('has a public address where its subnet gives one', () => {
    const open = subnet({ id: 'subnet-1', mapPublicIp: true })
    const estate = privateVpc({ with: [open, nodegroup(), cluster] })
    expect(imageWorkloads(inventoryOf(estate))[0]?.interfaces[0]?.hasPublicIp).toBe(true)
  })
})

test('a Fargate profile has the group of the cluster and never a public address', () => {
  const cluster = supplemented(eksCluster(), { clusterSecurityGroupId: 'sg-cluster' })
  const open = subnet({ id: 'subnet-1', mapPublicIp: true })
  const [workload] = imageWorkloads(inventoryOf(privateVpc({ with: [open, fargateProfile(), cluster] })))
  expect(workload).toMatchObject({
    type: 'AWS::EKS::FargateProfile',
    compute: 'fargatePod',
    pullers: { value: [{ roleName: roleArn('pods'), puller: 'eksFargatePod' }] },
    interfaces: [{ subnetId: 'subnet-1', securityGroupIds: ['sg-cluster'], hasPublicIp: false, usesIpv6: false }],
  })
})

describe('the workloads of a VPC', () => {
  const definition = taskDefinition({ executionRole: roleArn('execution') })

  test('are those that lie there, and those of no known VPC are apart', () => {
    const lost = ecsService({ name: 'lost', subnets: ['subnet-lost'] })
    const inventory = inventoryOf([...privateVpc(), ecsService(), ecsService({ name: 'api' }), lost, definition])
    const names = (vpcId: string | undefined) => workloadsInVpc(inventory, vpcId).map(({ name }) => name)
    expect(names('vpc-1')).toEqual(['api', 'web'])
    expect(names(undefined)).toEqual(['lost'])
    expect(names('vpc-2')).toEqual([])
  })

  test('are none that use no image of ECR', () => {
    const inventory = inventoryOf([...privateVpc(), ecsService(), taskDefinition({ images: ['nginx'] })])
    expect(workloadsInVpc(inventory, 'vpc-1')).toEqual([])
    expect(imageWorkloads(inventory)).toHaveLength(1)
  })
})

describe('a service on Fargate of which something is not stated', () => {
  const definition = taskDefinition({ executionRole: roleArn('execution') })

  test('has an unknown public address', () => {
    const network = { Subnets: ['subnet-1'], SecurityGroups: ['sg-1'] }
    const service = ecsService({ configuration: { NetworkConfiguration: { AwsvpcConfiguration: network } } })
    expect(only(service, definition).interfaces[0]?.hasPublicIp).toBeUndefined()
  })

  test('has no interface without subnets, and says so', () => {
    expect(only(ecsService({ subnets: [] }), definition)).toMatchObject({
      vpcId: undefined,
      interfaces: [],
      unplaced: 'its subnets are not in the inventory',
    })
  })

  test('lies in the VPC of its first known subnet', () => {
    const workload = only(ecsService({ subnets: ['subnet-lost', 'subnet-1'] }), definition)
    expect(workload).toMatchObject({ vpcId: 'vpc-1', unplaced: undefined })
    expect(subnetsOf(workload)).toEqual(['subnet-lost', 'subnet-1'])
  })

  test('may need every host where its containers cannot be read', () => {
    const unread = taskDefinition({ configuration: { ContainerDefinitions: 5 } })
    const workload = only(ecsService(), unread)
    expect(hosts(workload)).toEqual(usualHosts)
    expect(workload.images.state).toBe('unknown')
  })

  test('may need every host where it names no task definition', () => {
    const workload = only(ecsService({ configuration: { TaskDefinition: null } }), definition)
    expect(workload.images).toMatchObject({
      state: 'unknown',
      reason: 'the task definition of service web is not in the inventory',
    })
    expect(hosts(workload)).toEqual(usualHosts)
  })

  test('needs the host as its image names it, in a form of its own or not', () => {
    const fips = '111122223333.dkr.ecr-fips.us-east-1.amazonaws.com'
    const images = taskDefinition({ images: [`${fips}/app:1`] })
    expect(hosts(only(ecsService(), images))[1]).toBe(fips)
  })
})

test('workloads are found once per inventory', () => {
  const inventory = inventoryOf([...privateVpc(), ecsService(), taskDefinition()])
  expect(imageWorkloads(inventory)).toBe(imageWorkloads(inventory))
})
