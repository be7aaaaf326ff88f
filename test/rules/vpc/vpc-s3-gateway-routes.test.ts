import { rule } from '../../../shared/rules/vpc/vpc-s3-gateway-routes.ts'
import {
  dhcpOptions,
  gatewayEndpoint,
  https,
  interfaceEndpoint,
  notListed,
  privateVpc,
  route,
  routeTable,
  securityGroup,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { fargateService, natOnlyVpc, natParts, nodes, pullingVpc, pullingVpcWithout, toS3 } from './pulling-vpc.ts'

const bucket = 'prod-eu-central-1-starport-layer-bucket.s3.eu-central-1.amazonaws.com'

ruleCases(rule, {
  'the gateway route in the main route table serves subnets without one of their own': [pullingVpc(), 'compliant'],
  'a route table of its own without the gateway route leaves a subnet without layers': [
    pullingVpc(routeTable({ id: 'rtb-2', subnets: ['subnet-2'] })),
    'noncompliant',
    '(service web in subnet-2)',
  ],
  'the gateway route in the table of another subnet does not help': [
    pullingVpc(
      routeTable({ id: 'rtb-1', main: true }),
      routeTable({ id: 'rtb-2', subnets: ['subnet-2'], routes: [toS3] }),
      gatewayEndpoint({ routeTables: ['rtb-2'] }),
    ),
    'noncompliant',
    '(service web in subnet-1)',
  ],
  'without a gateway endpoint there are no layers': [
    pullingVpcWithout(['vpce-s3'], routeTable({ id: 'rtb-1', main: true })),
    'noncompliant',
    bucket,
  ],
  'a NAT gateway is a way to the layers': [natOnlyVpc(), 'compliant', { provenWithout: ['network.blockPublicAccess'] }],
  'a node group needs the layers like a service': [
    [...privateVpc({ with: [routeTable({ id: 'rtb-1', main: true })], without: ['vpce-s3'] }), ...nodes()],
    'noncompliant',
    'node group workers in subnet-1',
  ],
  'a group that lets nothing out to S3 leaves a workload without layers': [
    pullingVpc(securityGroup({ id: 'sg-1', egress: [https('10.0.0.0/16')] })),
    'noncompliant',
    'sg-1',
  ],
  'a group that lets out to the prefix list of S3 is enough': [
    pullingVpc(securityGroup({ id: 'sg-1', egress: [https('10.0.0.0/16', 'pl-s3')] })),
    'compliant',
  ],
  'a closed group is not helped by NAT, because the gateway route takes S3 away': [
    pullingVpc(securityGroup({ id: 'sg-1', egress: [https('10.0.0.0/16')] }), ...natParts(toS3)),
    'noncompliant',
  ],
  'an interface endpoint without private DNS does not help': [
    pullingVpcWithout(
      ['vpce-s3'],
      routeTable({ id: 'rtb-1', main: true }),
      interfaceEndpoint({ service: 's3', id: 'vpce-s3-interface', privateDns: false }),
    ),
    'noncompliant',
  ],
  'an interface endpoint with full private DNS is documented as unsupported and stays open': [
    pullingVpcWithout(
      ['vpce-s3'],
      routeTable({ id: 'rtb-1', main: true }),
      interfaceEndpoint({
        service: 's3',
        id: 'vpce-s3-interface',
        configuration: { dnsOptions: { privateDnsOnlyForInboundResolverEndpoint: false } },
      }),
    ),
    'undetermined',
  ],
  'route tables that were not listed leave it open': [
    [...pullingVpcWithout(['rtb-1']), notListed('AWS::EC2::RouteTable')],
    'undetermined',
    'route table',
  ],
  'a route to a transit gateway leaves it open': [
    pullingVpcWithout(['vpce-s3'], routeTable({ id: 'rtb-1', main: true, routes: [route('0.0.0.0/0', 'tgw-1')] })),
    'undetermined',
    'tgw-1',
  ],
  'Fargate up to platform version 1.3 needs layers all the same': [
    [
      ...privateVpc({ with: [routeTable({ id: 'rtb-1', main: true })], without: ['vpce-s3'] }),
      ...fargateService({ configuration: { PlatformVersion: '1.3.0' } }),
    ],
    'noncompliant',
    bucket,
  ],
  'DNS servers of the customer may not answer for S3 beside a gateway route': [
    pullingVpc(dhcpOptions({ servers: ['10.0.0.10'] })),
    'undetermined',
  ],
  'DNS servers of the customer leave it open where only NAT leads to the layers': [
    [...natOnlyVpc(dhcpOptions({ servers: ['10.0.0.10'] }))],
    'undetermined',
    'DNS',
  ],
  'a VPC in which nothing pulls needs no layers': [privateVpc(), 'notApplicable'],
})
