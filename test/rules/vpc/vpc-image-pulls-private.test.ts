import { rule } from '../../../shared/rules/vpc/vpc-image-pulls-private.ts'
import {
  dhcpOptions,
  ecsService,
  imageUri,
  interfaceEndpoint,
  internetGateway,
  notListed,
  privateVpc,
  role,
  roleArn,
  route,
  routeTable,
  securityGroup,
  taskDefinition,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import {
  endpoints,
  fargateService,
  hubRoute,
  layersBehindNat,
  natOnlyVpc,
  natParts,
  pullingVpc,
  pullingVpcWithout,
  toS3,
} from './pulling-vpc.ts'

const publicService = ecsService({
  configuration: {
    NetworkConfiguration: {
      AwsvpcConfiguration: { Subnets: ['subnet-1'], SecurityGroups: ['sg-1'], AssignPublicIp: 'ENABLED' },
    },
  },
})
const toInternet = routeTable({ id: 'rtb-1', main: true, routes: [route('0.0.0.0/0', 'igw-1')] })
const settings = {
  network: { centralEndpoints: [{ vpcs: ['*'], services: ['ecr.api', 'ecr.dkr', 's3'] }], requirePrivate: true },
}

ruleCases(rule, {
  'pulls through endpoints are private': [pullingVpc(), 'compliant'],
  'pulls through endpoints are private although a NAT gateway is there': [pullingVpc(...natParts(toS3)), 'compliant'],
  'pulls through a NAT gateway leave the network': [
    natOnlyVpc(),
    'noncompliant',
    {
      says: 'Requests leave over the internet by nat-1 to api.ecr.eu-central-1.amazonaws.com, 111122223333.dkr.ecr.eu-central-1.amazonaws.com and prod-eu-central-1-starport-layer-bucket.s3.eu-central-1.amazonaws.com (service web in subnet-1 and subnet-2).',
      provenWithout: ['network.blockPublicAccess'],
    },
  ],
  'layers through a NAT gateway leave the network although ECR is private': [
    pullingVpcWithout(['vpce-s3'], ...natParts()),
    'noncompliant',
    { says: 'prod-eu-central-1-starport-layer-bucket', provenWithout: ['network.blockPublicAccess'] },
  ],
  'layers that a NAT gateway sends into a gateway endpoint stay private': [
    pullingVpc(...layersBehindNat()),
    'compliant',
  ],
  'ECR itself leaves by the NAT gateway although layers do not': [
    pullingVpcWithout(['vpce-ecr-api', 'vpce-ecr-dkr'], ...layersBehindNat()),
    'noncompliant',
    {
      says: 'Requests leave over the internet by nat-1 to api.ecr.eu-central-1.amazonaws.com and 111122223333.dkr.ecr.eu-central-1.amazonaws.com (service web in subnet-1 and subnet-2).',
      provenWithout: ['network.blockPublicAccess'],
    },
  ],
  'an endpoint without private DNS leaves pulls to NAT': [
    pullingVpc(interfaceEndpoint({ service: 'ecr.dkr', privateDns: false }), ...natParts(toS3)),
    'noncompliant',
    {
      says: 'over the internet by nat-1 to 111122223333.dkr.ecr.eu-central-1.amazonaws.com (service',
      provenWithout: ['network.blockPublicAccess'],
    },
  ],
  'pulls of a task with a public address through the internet gateway leave the network': [
    [
      ...privateVpc({ with: [toInternet, internetGateway()], without: endpoints }),
      publicService,
      taskDefinition({ executionRole: roleArn('execution') }),
    ],
    'noncompliant',
    { says: 'igw-1', provenWithout: ['network.blockPublicAccess'] },
  ],
  'pulls that do not work are left to other rules': [
    pullingVpcWithout(endpoints, routeTable({ id: 'rtb-1', main: true })),
    'notApplicable',
    'No pull',
  ],
  'pulls blocked at an endpoint do not leave through NAT': [
    pullingVpc(securityGroup({ id: 'sg-endpoints' }), ...natParts(toS3)),
    'compliant',
  ],
  'central endpoints that settings state are private': [
    pullingVpcWithout(endpoints, hubRoute),
    'compliant',
    { settings, assumes: 'as the settings state' },
  ],
  'images of another region are left out': [
    [
      ...privateVpc({ with: natParts(), without: endpoints }),
      ecsService(),
      taskDefinition({ executionRole: roleArn('execution'), images: [imageUri('app:1', { region: 'us-east-1' })] }),
      role({ name: 'execution' }),
    ],
    'notApplicable',
  ],
  'a way through a transit gateway may be private': [pullingVpcWithout(endpoints, hubRoute), 'undetermined', 'tgw-1'],
  'a hosted zone nobody listed may lead to a central endpoint behind a transit gateway': [
    [
      ...privateVpc({ with: natParts(route('10.0.0.0/8', 'tgw-1')), without: endpoints }),
      ...fargateService(),
      notListed('AWS::Route53::HostedZone'),
    ],
    'undetermined',
    'A hosted zone may send',
  ],
  'DNS servers of the customer leave it open where there is a way out': [
    pullingVpc(dhcpOptions({ servers: ['10.0.0.10'] }), ...natParts(toS3)),
    'undetermined',
    'DNS',
  ],
  'DNS servers of the customer leave open whether pulls work where there is no way out': [
    pullingVpc(dhcpOptions({ servers: ['10.0.0.10'] })),
    'undetermined',
  ],
  'a service whose images are not known may not use ECR': [
    [...privateVpc({ with: natParts(), without: endpoints }), ecsService({ taskDefinition: 'gone:1' })],
    'undetermined',
    'images of web',
  ],
  'the old platform of Fargate is judged by what it needs': [
    [
      ...privateVpc({ with: natParts(toS3), without: ['vpce-ecr-api'] }),
      ...fargateService({ configuration: { PlatformVersion: '1.3.0' } }),
    ],
    'compliant',
  ],
  'a VPC in which nothing pulls has nothing private to ask for': [privateVpc(), 'notApplicable'],
})
