import { rule } from '../../../shared/rules/vpc/vpc-ecr-endpoints-present.ts'
import {
  ecsCluster,
  ecsService,
  eksCluster,
  elsewhere,
  fargateProfile,
  home,
  imageUri,
  interfaceEndpoint,
  listedIn,
  notListed,
  privateVpc,
  route,
  routeTable,
  subnet,
  taskDefinition,
  vpc,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import {
  endpoints,
  fargateService,
  hubRoute,
  natOnlyVpc,
  natParts,
  nodes,
  noRoutes,
  pullingVpc,
  pullingVpcWithout,
  toS3,
} from './pulling-vpc.ts'

const participant = [ecsService(), taskDefinition(), subnet({ id: 'subnet-1', ownerId: home.accountId })]
const fips = '111122223333.dkr.ecr-fips.eu-central-1.amazonaws.com/app:1'
const anyWay = { settings: { network: { centralEndpoints: [], requirePrivate: false } } }
const hub = (services: readonly string[], vpcs: readonly string[] = ['*']) => ({
  settings: { network: { centralEndpoints: [{ vpcs, services, note: 'hub' }], requirePrivate: true } },
})

ruleCases(rule, {
  'endpoints for both services are a private way': [
    pullingVpc(),
    'compliant',
    { says: 'service web', provenWithout: ['network.listing'] },
  ],
  'a VPC with a node group is judged like one with a service': [
    [...privateVpc({ without: ['vpce-ecr-api'] }), ...nodes()],
    'noncompliant',
    'There is no way to api.ecr.eu-central-1.amazonaws.com (node group workers in subnet-1)',
  ],
  'without endpoint and without way out nothing is pulled': [
    pullingVpcWithout(endpoints),
    'noncompliant',
    'There is no way to api.ecr.eu-central-1.amazonaws.com and 111122223333.dkr.ecr.eu-central-1.amazonaws.com (service web in subnet-1 and subnet-2).',
  ],
  'an endpoint for one service alone is not enough': [
    pullingVpcWithout(['vpce-ecr-dkr']),
    'noncompliant',
    'dkr.ecr.eu-central-1',
  ],
  'a NAT gateway is a way but not a private one': [
    natOnlyVpc(),
    'noncompliant',
    { says: 'only the one by nat-1', provenWithout: ['network.blockPublicAccess'] },
  ],
  'a NAT gateway is enough when settings ask for any way': [
    natOnlyVpc(),
    'compliant',
    { ...anyWay, provenWithout: ['network.blockPublicAccess'] },
  ],
  'settings that ask for any way do not make up for none': [pullingVpcWithout(endpoints), 'noncompliant', anyWay],
  'an endpoint that is not in service is no way': [
    pullingVpc(interfaceEndpoint({ service: 'ecr.dkr', state: 'pendingAcceptance' })),
    'noncompliant',
    'The endpoint vpce-ecr-dkr is not in service, so no private way leads to 111122223333.dkr.ecr',
  ],
  'an endpoint without private DNS is there, and another rule speaks of its names': [
    pullingVpc(interfaceEndpoint({ service: 'ecr.dkr', privateDns: false })),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'ecr.api is not needed by Fargate up to platform version 1.3': [
    [...privateVpc({ without: ['vpce-ecr-api'] }), ...fargateService({ configuration: { PlatformVersion: '1.3.0' } })],
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'central endpoints that settings state are an assumption': [
    pullingVpcWithout(endpoints, hubRoute),
    'compliant',
    { ...hub(['ecr.api', 'ecr.dkr', 's3']), assumes: 'as the settings state' },
  ],
  'central endpoints to which no route leads are no way': [
    pullingVpcWithout(endpoints, noRoutes),
    'noncompliant',
    {
      ...hub(['ecr.api', 'ecr.dkr', 's3']),
      says: 'no central endpoint is there for api.ecr.eu-central-1.amazonaws.com',
    },
  ],
  'central endpoints of other VPCs are none of this one': [
    pullingVpcWithout(endpoints),
    'noncompliant',
    hub(['ecr.api', 'ecr.dkr'], ['vpc-2']),
  ],
  'a route to a transit gateway leaves it open': [pullingVpcWithout(endpoints, hubRoute), 'undetermined', 'tgw-1'],
  'endpoints that were not listed leave it open': [
    [...pullingVpcWithout(endpoints), notListed('AWS::EC2::VPCEndpoint')],
    'undetermined',
    'VPC endpoints of vpc-1',
  ],
  'a service whose task definition is missing may not use ECR at all': [
    [...privateVpc({ without: endpoints }), ecsService({ taskDefinition: 'gone:1' })],
    'undetermined',
    'images of web',
  ],
  'a service that uses no image of ECR does not count': [
    [...privateVpc({ without: endpoints }), ecsService(), taskDefinition({ images: ['nginx:1'] })],
    'notApplicable',
    'Nothing in it pulls images',
  ],
  'a VPC in which nothing pulls is not judged': [privateVpc(), 'notApplicable'],
  'a default VPC in which nothing pulls is not judged even while services are unknown': [
    [vpc({ isDefault: true }), notListed('AWS::ECS::Service')],
    'notApplicable',
    'default VPC',
  ],
  'a VPC without subnets is not judged': [[vpc(), notListed('AWS::ECS::Service')], 'notApplicable', 'no subnets'],
  'services that were not listed leave open whether anything pulls': [
    [...privateVpc(), ecsCluster(), notListed('AWS::ECS::Service')],
    'undetermined',
    'ECS services',
  ],
  'services that were not listed do not matter without a cluster': [
    [...privateVpc(), notListed('AWS::ECS::Service')],
    'notApplicable',
  ],
  'node groups that were not listed leave open whether anything pulls in the VPC of the cluster': [
    [
      ...privateVpc(),
      eksCluster({ configuration: { ResourcesVpcConfig: { SubnetIds: ['subnet-1'] } } }),
      notListed('AWS::EKS::Nodegroup'),
    ],
    'undetermined',
    'EKS node groups',
  ],
  'a service on instances nobody knows leaves open where it runs': [
    [...privateVpc(), ecsService({ launchType: 'EC2', subnets: [] }), taskDefinition({ compatibilities: ['EC2'] })],
    'undetermined',
    'container instances of cluster',
  ],
  'of many services on instances nobody knows the first ones are named': [
    [
      ...privateVpc(),
      taskDefinition({ compatibilities: ['EC2'] }),
      ...Array.from({ length: 13 }, (_, index) => ecsService({ name: `web-${index}`, launchType: 'EC2', subnets: [] })),
    ],
    'undetermined',
    'where 3 more workloads run',
  ],
  'a service on instances nobody knows is assumed to be elsewhere where others are judged': [
    [...pullingVpc(), ecsService({ name: 'lost', launchType: 'EC2', subnets: [] })],
    'compliant',
    { provenWithout: ['network.listing'], assumes: 'where lost runs' },
  ],
  'a service with task interfaces on instances nobody knows leaves its VPC open': [
    [...privateVpc(), ecsService({ launchType: 'EC2' }), taskDefinition({ compatibilities: ['EC2'] })],
    'undetermined',
    'where web runs',
  ],
  'EKS clusters that were not listed leave open whether anything pulls': [
    [...privateVpc(), notListed('AWS::EKS::Cluster')],
    'undetermined',
    'EKS clusters',
  ],
  'Fargate profiles that were not listed leave it open where a cluster does not say its subnets': [
    [...privateVpc(), eksCluster(), notListed('AWS::EKS::FargateProfile')],
    'undetermined',
    'EKS Fargate profiles',
  ],
  'node groups that were not listed do not matter where the cluster is in another VPC': [
    [
      ...privateVpc(),
      subnet({ id: 'subnet-8', vpc: 'vpc-8' }),
      eksCluster({ configuration: { ResourcesVpcConfig: { SubnetIds: ['subnet-8'] } } }),
      notListed('AWS::EKS::Nodegroup'),
    ],
    'notApplicable',
  ],
  'a service of another account in a shared subnet is judged with the VPC of the owner': [
    [
      ...privateVpc({ without: ['vpce-ecr-dkr'] }),
      ...participant.map((part) => elsewhere(part, { accountId: '222222222222' })),
    ],
    'noncompliant',
    'There is no way to 111122223333.dkr.ecr.eu-central-1.amazonaws.com (service web in subnet-1)',
  ],
  'an endpoint whose state was not read leaves it open': [
    pullingVpc(interfaceEndpoint({ service: 'ecr.dkr', configuration: { state: null } })),
    'undetermined',
  ],
  'a NAT gateway nobody knows may work but is no private way': [
    pullingVpcWithout(
      endpoints,
      routeTable({ id: 'rtb-1', main: true, routes: [route('0.0.0.0/0', 'nat-9')] }),
      notListed('AWS::EC2::NatGateway'),
    ),
    'noncompliant',
    'There is no private way to',
  ],
  'a NAT gateway nobody knows leaves it open when settings ask for any way': [
    pullingVpcWithout(
      endpoints,
      routeTable({ id: 'rtb-1', main: true, routes: [route('0.0.0.0/0', 'nat-9')] }),
      notListed('AWS::EC2::NatGateway'),
    ),
    'undetermined',
    { ...anyWay, says: 'nat-9' },
  ],
  'endpoints in a VPC whose DNS is off are there, and another rule speaks of names': [
    pullingVpc(vpc({ dns: { support: false } })),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'pods on Fargate are assumed to use images of ECR': [
    [...privateVpc({ without: ['vpce-ecr-api'] }), eksCluster(), fargateProfile()],
    'noncompliant',
    { assumes: 'pods of serverless use images of ECR', says: 'Fargate profile serverless in subnet-1' },
  ],
  'images of another region may come by any way': [
    [
      ...privateVpc({ with: natParts(toS3) }),
      ecsService(),
      taskDefinition({ images: [imageUri('app:1', { region: 'us-east-1' })] }),
    ],
    'compliant',
    { provenWithout: ['network.blockPublicAccess'] },
  ],
  'an image under a FIPS name has no endpoint of its own': [
    [...privateVpc({ with: natParts(toS3) }), ecsService(), taskDefinition({ images: [fips] })],
    'undetermined',
    'vpce-ecr-dkr',
  ],
  'a VPC that another account owns is judged there': [
    [
      ...[vpc({ id: 'vpc-9', ownerId: '222222222222' })],
      elsewhere(vpc({ id: 'vpc-9', ownerId: '222222222222' }), { accountId: '222222222222' }),
      ...listedIn({ ...home, accountId: '222222222222' }, 'AWS::EC2::VPC'),
    ],
    'notApplicable',
    'judged in account 222222222222',
  ],
})
