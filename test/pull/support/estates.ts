import type { JsonObject } from '../../../shared/model/json.ts'
import {
  autoScalingGroup,
  autoScalingGroupArn,
  capacityProvider,
  type EstatePart,
  ecsCluster,
  ecsService,
  eksCluster,
  fargateProfile,
  gatewayEndpoint,
  instanceProfile,
  interfaceEndpoint,
  internetGateway,
  launchTemplate,
  natGateway,
  networkAcl,
  nodegroup,
  policy,
  privateVpc,
  repository,
  role,
  roleArn,
  route,
  routeTable,
  subnet,
  taskDefinition,
  trustOf,
} from '../../support/builders.ts'

const pullActions = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']

/** A policy that lets a role pull `app` of home, and AWS's add-ons. */
const mayPull = policy(
  { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
  { Effect: 'Allow', Action: pullActions, Resource: 'arn:aws:ecr:*:*:repository/*' },
)

const execution = role({ name: 'execution', inline: { pull: mayPull } })
const node = role({ name: 'node', trust: trustOf('ec2.amazonaws.com'), inline: { pull: mayPull } })
const pods = role({ name: 'pods', trust: trustOf('eks-fargate-pods.amazonaws.com'), inline: { pull: mayPull } })

const onFargate = [ecsService(), taskDefinition({ executionRole: roleArn('execution') }), execution, repository()]

const withTrio = ['ecs', 'ecs-agent', 'ecs-telemetry'].map((service) => interfaceEndpoint({ service }))

const onInstances = [
  ecsService({ capacityProviders: ['instances'] }),
  ecsCluster({ capacityProviders: ['instances'] }),
  taskDefinition({ compatibilities: ['EC2'] }),
  capacityProvider('instances', autoScalingGroupArn('nodes')),
  autoScalingGroup(),
  templateWithGroup(),
  instanceProfile('node', roleArn('node')),
  node,
  repository(),
]

function templateWithGroup(): EstatePart {
  const part = launchTemplate({ instanceProfile: 'node' })
  if (!('item' in part)) throw new Error('no item')
  const configuration = part.item.configuration as JsonObject
  const data = configuration.LaunchTemplateData as JsonObject
  const groups = [{ DeviceIndex: 0, Groups: ['sg-1'], AssociatePublicIpAddress: false }]
  const LaunchTemplateData = { ...data, NetworkInterfaces: groups }
  return { item: { ...part.item, configuration: { ...configuration, LaunchTemplateData } } }
}

const cluster = eksCluster({
  configuration: { ResourcesVpcConfig: { ClusterSecurityGroupId: 'sg-1', SubnetIds: ['subnet-1'] } },
})

/** The private subnets reach the internet by a NAT gateway and nothing else. */
const natVpc = privateVpc({
  without: ['vpce-ecr-api', 'vpce-ecr-dkr', 'vpce-s3', 'rtb-1'],
  with: [
    routeTable({ id: 'rtb-nat', main: true, routes: [route('0.0.0.0/0', 'nat-1')] }),
    subnet({ id: 'subnet-public', cidr: '10.0.9.0/24', zone: 'eu-central-1a' }),
    routeTable({ id: 'rtb-public', subnets: ['subnet-public'], routes: [route('0.0.0.0/0', 'igw-1')] }),
    networkAcl({ id: 'acl-1', subnets: ['subnet-1', 'subnet-2', 'subnet-public'] }),
    natGateway(),
    internetGateway(),
  ],
})

/** The subnets lead to an internet gateway. */
const publicVpc = privateVpc({
  without: ['vpce-ecr-api', 'vpce-ecr-dkr', 'vpce-s3', 'rtb-1'],
  with: [routeTable({ id: 'rtb-out', main: true, routes: [route('0.0.0.0/0', 'igw-1')] }), internetGateway()],
})

/** Only `subnet-1` has a route to S3. */
const unevenVpc = privateVpc({
  without: ['rtb-1'],
  with: [
    routeTable({ id: 'rtb-1', main: true }),
    routeTable({ id: 'rtb-s3', subnets: ['subnet-1'], routes: [route('pl-s3', 'vpce-s3')] }),
    gatewayEndpoint({ routeTables: ['rtb-s3'] }),
  ],
})

/** Estates in which every pull works, except where their comment says otherwise; roles and repository `app` included. */
export const estates: Readonly<Record<string, readonly EstatePart[]>> = {
  fargate: [...privateVpc(), ...onFargate],
  nat: [...natVpc, ...onFargate],
  public: [...publicVpc, ...onFargate.slice(1), ecsService({ configuration: networkOf('ENABLED') })],
  instances: [...privateVpc({ with: withTrio }), ...onInstances],
  natInstances: [...natVpc, ...onInstances],
  nodes: [...privateVpc(), cluster, nodegroup(), node],
  natNodes: [...natVpc, cluster, nodegroup(), node],
  pods: [
    ...privateVpc(),
    cluster,
    fargateProfile({ configuration: { Selectors: [{ Namespace: 'kube-system' }] } }),
    pods,
  ],
  /** From `subnet-2` there is no way to the layers. */
  uneven: [...unevenVpc, ...onFargate.slice(1), ecsService({ subnets: ['subnet-1', 'subnet-2'] })],
}

function networkOf(assignPublicIp: string) {
  return {
    NetworkConfiguration: {
      AwsvpcConfiguration: { Subnets: ['subnet-1'], SecurityGroups: ['sg-1'], AssignPublicIp: assignPublicIp },
    },
  }
}
