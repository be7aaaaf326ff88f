import { rule } from '../../../shared/rules/vpc/vpc-ecr-endpoints-private-dns.ts'
import { dhcpOptions, hostedZone, interfaceEndpoint, notListed, privateVpc, vpc } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { endpoints, fargateService, natParts, pullingVpc, pullingVpcWithout, toS3 } from './pulling-vpc.ts'

const withoutDns = interfaceEndpoint({ service: 'ecr.dkr', privateDns: false })

ruleCases(rule, {
  'private DNS on both endpoints and in the VPC resolves the names': [
    pullingVpc(),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'private DNS that is off leaves the endpoint unused': [
    pullingVpc(withoutDns),
    'noncompliant',
    '111122223333.dkr.ecr.eu-central-1.amazonaws.com does not resolve to the endpoint vpce-ecr-dkr',
  ],
  'private DNS that is off is milder where pulls work through NAT': [
    pullingVpc(withoutDns, ...natParts(toS3)),
    'noncompliant',
    { provenWithout: ['network.blockPublicAccess'], severity: 'MEDIUM', says: 'vpce-ecr-dkr' },
  ],
  'DNS host names that are off in the VPC switch private DNS off': [
    pullingVpc(vpc({ dns: { hostnames: false } })),
    'noncompliant',
    { says: 'vpce-ecr-api', provenWithout: ['network.listing'] },
  ],
  'DNS support that is off in the VPC switches private DNS off': [
    pullingVpc(vpc({ dns: { support: false } })),
    'noncompliant',
    { provenWithout: ['network.listing'] },
  ],
  'the prefix of the service name, which differs by partition, does not hide an endpoint': [
    pullingVpc(
      vpc({ dns: { support: false } }),
      interfaceEndpoint({
        service: 'ecr.dkr',
        configuration: { serviceName: 'cn.com.amazonaws.eu-central-1.ecr.dkr' },
      }),
    ),
    'noncompliant',
    { provenWithout: ['network.listing'], says: 'vpce-ecr-dkr' },
  ],
  'DNS attributes that nobody read are assumed to be on': [
    pullingVpc(vpc({ dns: 'notRead' })),
    'compliant',
    { provenWithout: ['network.listing'], assumes: 'vpc-1' },
  ],
  'a hosted zone replaces private DNS': [
    pullingVpc(
      withoutDns,
      hostedZone({
        name: 'dkr.ecr.eu-central-1.amazonaws.com',
        records: [
          ['dkr.ecr.eu-central-1.amazonaws.com', 'alias', 'vpce-ecr-dkr-0.dkr.ecr.eu-central-1.vpce.amazonaws.com'],
          ['*.dkr.ecr.eu-central-1.amazonaws.com', 'alias', 'vpce-ecr-dkr-0.dkr.ecr.eu-central-1.vpce.amazonaws.com'],
        ],
      }),
    ),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'hosted zones that were not listed may replace private DNS': [
    [...pullingVpc(withoutDns), notListed('AWS::Route53::HostedZone')],
    'undetermined',
  ],
  'DNS servers of the customer leave it open': [
    pullingVpc(dhcpOptions({ servers: ['10.0.0.10'] })),
    'undetermined',
    'DNS',
  ],
  'a second endpoint with private DNS is enough': [
    pullingVpc(withoutDns, interfaceEndpoint({ service: 'ecr.dkr', id: 'vpce-second' })),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'an endpoint that is not in service has no names to resolve': [
    [
      ...privateVpc({ with: [interfaceEndpoint({ service: 'ecr.dkr', state: 'failed' })], without: ['vpce-ecr-api'] }),
      ...fargateService(),
    ],
    'notApplicable',
  ],
  'without endpoints there is nothing to resolve to': [pullingVpcWithout(endpoints), 'notApplicable', 'no interface'],
  'a VPC in which nothing pulls has no names to resolve': [privateVpc(), 'notApplicable'],
})
