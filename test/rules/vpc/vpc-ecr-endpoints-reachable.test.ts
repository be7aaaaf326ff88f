import { rule } from '../../../shared/rules/vpc/vpc-ecr-endpoints-reachable.ts'
import {
  aclEntry,
  dhcpOptions,
  https,
  interfaceEndpoint,
  launchTemplate,
  networkAcl,
  nodegroup,
  notListed,
  permission,
  privateVpc,
  securityGroup,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import {
  endpoints,
  fargateService,
  natOnlyVpc,
  natParts,
  nodes,
  pullingVpc,
  pullingVpcWithout,
  toS3,
} from './pulling-vpc.ts'

const closed = securityGroup({ id: 'sg-endpoints' })

ruleCases(rule, {
  'port 443 open from the VPC lets pulls through': [pullingVpc(), 'compliant'],
  'port 443 open from the group of the workload lets pulls through': [
    pullingVpc(securityGroup({ id: 'sg-endpoints', ingress: [https('sg-1')] })),
    'compliant',
  ],
  'a group that lets nothing in drops pulls': [pullingVpc(closed), 'noncompliant', { says: 'sg-endpoints' }],
  'nodes rest on the version of their launch template that the inventory holds': [
    [
      ...privateVpc(),
      ...nodes(),
      nodegroup({ configuration: { LaunchTemplate: { Id: 'lt-1', Version: '1' } } }),
      launchTemplate({
        configuration: {
          DefaultVersionNumber: '1',
          LatestVersionNumber: '3',
          LaunchTemplateData: { SecurityGroupIds: ['sg-1'] },
        },
      }),
    ],
    'compliant',
    { assumes: 'the inventory holds version 1 of launch template nodes' },
  ],
  'a closed endpoint breaks pulls although NAT is there': [
    pullingVpc(closed, ...natParts(toS3)),
    'noncompliant',
    {
      says: 'which blocks the way to api.ecr.eu-central-1.amazonaws.com and 111122223333.dkr.ecr',
    },
  ],
  'another port does not help': [
    pullingVpc(securityGroup({ id: 'sg-endpoints', ingress: [permission('tcp', [80, 80], '10.0.0.0/16')] })),
    'noncompliant',
  ],
  'a group open to one subnet drops the other': [
    pullingVpc(securityGroup({ id: 'sg-endpoints', ingress: [https('10.0.1.0/24')] })),
    'noncompliant',
    { says: 'service web in subnet-2' },
  ],
  'an endpoint without groups of its own has the default group': [
    pullingVpc(interfaceEndpoint({ service: 'ecr.dkr', groups: ['sg-default'] })),
    'noncompliant',
    { says: 'sg-default' },
  ],
  'a workload whose group lets nothing out does not get there': [
    pullingVpc(securityGroup({ id: 'sg-1', egress: [] })),
    'noncompliant',
    { says: 'sg-1' },
  ],
  'a node group is judged like a service': [
    [...privateVpc({ with: [closed] }), ...nodes()],
    'noncompliant',
    { says: 'node group workers in subnet-1' },
  ],
  'a network ACL that denies port 443 between subnets drops pulls': [
    [
      ...privateVpc({
        with: [
          interfaceEndpoint({ service: 'ecr.api', subnets: ['subnet-2'] }),
          interfaceEndpoint({ service: 'ecr.dkr', subnets: ['subnet-2'] }),
          networkAcl({ id: 'acl-1', subnets: ['subnet-1'] }),
          networkAcl({
            id: 'acl-2',
            subnets: ['subnet-2'],
            entries: [aclEntry({ egress: true }), aclEntry({ egress: false, ports: [22, 22] })],
          }),
        ],
      }),
      ...fargateService({ subnets: ['subnet-1'] }),
    ],
    'noncompliant',
    { says: 'acl-2' },
  ],
  'a network ACL does not matter within one subnet': [
    [
      ...privateVpc({
        with: [
          interfaceEndpoint({ service: 'ecr.api', subnets: ['subnet-1'] }),
          interfaceEndpoint({ service: 'ecr.dkr', subnets: ['subnet-1'] }),
          networkAcl({ id: 'acl-1', subnets: ['subnet-1'], entries: [] }),
        ],
      }),
      ...fargateService({ subnets: ['subnet-1'] }),
    ],
    'compliant',
  ],
  'groups that are not in the inventory leave it open': [
    [...pullingVpcWithout(['sg-endpoints']), notListed('AWS::EC2::SecurityGroup')],
    'undetermined',
    'sg-endpoints',
  ],
  'an endpoint without private DNS is not on the way': [
    pullingVpc(
      closed,
      interfaceEndpoint({ service: 'ecr.api', privateDns: false }),
      interfaceEndpoint({ service: 'ecr.dkr', privateDns: false }),
    ),
    'notApplicable',
    'No name of ECR leads to an endpoint',
  ],
  'a closed endpoint does not matter where DNS servers of the customer may name others': [
    pullingVpc(closed, dhcpOptions({ servers: ['10.0.0.10'] })),
    'undetermined',
    'DNS',
  ],
  'without endpoints there is nothing to get through to': [pullingVpcWithout(endpoints), 'notApplicable'],
  'pulls through NAT meet no endpoint': [natOnlyVpc(), 'notApplicable'],
  'a VPC in which nothing pulls has nothing to get through': [privateVpc(), 'notApplicable'],
})
