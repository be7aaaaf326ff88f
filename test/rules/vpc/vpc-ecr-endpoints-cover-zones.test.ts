import { rule } from '../../../shared/rules/vpc/vpc-ecr-endpoints-cover-zones.ts'
import { interfaceEndpoint, notListed, privateVpc, subnet } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { endpoints, fargateService, natOnlyVpc, nodes, pullingVpc, pullingVpcWithout } from './pulling-vpc.ts'

const api = (...subnets: readonly string[]) => interfaceEndpoint({ service: 'ecr.api', subnets })
const dkr = (...subnets: readonly string[]) => interfaceEndpoint({ service: 'ecr.dkr', subnets })

ruleCases(rule, {
  'endpoints in the zones of all workload subnets cover them': [
    pullingVpc(),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'an endpoint in one zone only works and is warned about': [
    pullingVpc(dkr('subnet-1')),
    'noncompliant',
    {
      says: 'has no interface in eu-central-1b, only in eu-central-1a; pulls work across zones (service web in subnet-2)',
      provenWithout: ['network.listing'],
    },
  ],
  'each service is looked at by itself': [
    pullingVpc(api('subnet-2')),
    'noncompliant',
    { says: 'vpce-ecr-api', provenWithout: ['network.listing'] },
  ],
  'only zones with workloads matter': [
    [...privateVpc({ with: [api('subnet-1'), dkr('subnet-1')] }), ...fargateService({ subnets: ['subnet-1'] })],
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'zones of node groups matter like those of services': [
    [...privateVpc({ with: [api('subnet-2'), dkr('subnet-2')] }), ...nodes()],
    'noncompliant',
    { says: 'node group workers in subnet-1', provenWithout: ['network.listing'] },
  ],
  'another subnet of the same zone covers it': [
    pullingVpc(
      subnet({ id: 'subnet-3', cidr: '10.0.3.0/24', zone: 'eu-central-1b' }),
      api('subnet-1', 'subnet-3'),
      dkr('subnet-1', 'subnet-3'),
    ),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'an endpoint in a subnet nobody knows leaves it open': [
    pullingVpc(dkr('subnet-1', 'subnet-9')),
    'undetermined',
    'availability zone of subnet-9',
  ],
  'an endpoint in a subnet nobody knows still covers the zones of the others': [
    [...privateVpc({ with: [dkr('subnet-1', 'subnet-9')] }), ...fargateService({ subnets: ['subnet-1'] })],
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'an endpoint whose subnets were not read leaves it open': [
    pullingVpc(interfaceEndpoint({ service: 'ecr.dkr', configuration: { subnetIds: null } })),
    'undetermined',
    'subnets',
  ],
  'a workload in a subnet without a zone leaves it open': [
    pullingVpc(subnet({ id: 'subnet-2', cidr: '10.0.2.0/24', zone: '' })),
    'undetermined',
    'availability zone of subnet-2',
  ],
  'endpoints that were not listed leave it open which zones are covered': [
    [...pullingVpcWithout(endpoints), notListed('AWS::EC2::VPCEndpoint')],
    'undetermined',
    'VPC endpoints of vpc-1',
  ],
  'without endpoints no zone can be covered': [pullingVpcWithout(endpoints), 'notApplicable'],
  'pulls through NAT have no endpoint to cover zones': [natOnlyVpc(), 'notApplicable'],
  'a VPC in which nothing pulls has no zones to cover': [privateVpc(), 'notApplicable'],
})
