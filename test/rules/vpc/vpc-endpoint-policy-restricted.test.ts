import { rule } from '../../../shared/rules/vpc/vpc-endpoint-policy-restricted.ts'
import { home, interfaceEndpoint, notListed, privateVpc } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import {
  allow,
  endpoints,
  endpointWith,
  gatewayWith,
  layers,
  layersBehindNat,
  natOnlyVpc,
  noRoutes,
  pullingVpc,
  pullingVpcWithout,
} from './pulling-vpc.ts'

const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetAuthorizationToken']
const restricted = [
  endpointWith('ecr.api', allow('*', pull)),
  endpointWith('ecr.dkr', allow('*', pull)),
  gatewayWith(allow('*', 's3:GetObject', layers)),
]
const without = (part: number) => restricted.filter((_, index) => index !== part)
const organization = (id: string) => ({ Condition: { StringEquals: { 'aws:PrincipalOrgID': id } } })

ruleCases(rule, {
  'policies that allow pulls and nothing else are restricted': [
    pullingVpc(...restricted),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'the default policy allows everything': [
    pullingVpc(),
    'noncompliant',
    { says: 'The policy of the endpoint vpce-ecr-api lets anyone write anywhere', provenWithout: ['network.listing'] },
  ],
  'an endpoint without a policy allows everything': [
    pullingVpc(...without(1), endpointWith('ecr.dkr')),
    'noncompliant',
    { says: 'The endpoint vpce-ecr-dkr has no policy, which allows everything', provenWithout: ['network.listing'] },
  ],
  'full access to S3 is full access although the layer bucket needs everyone': [
    pullingVpc(...without(2), gatewayWith(allow('*', 's3:*'))),
    'noncompliant',
    { says: 'vpce-s3', provenWithout: ['network.listing'] },
  ],
  'full access to S3 is told of a gateway endpoint behind a NAT gateway, too': [
    pullingVpc(...without(2), ...layersBehindNat(allow('*', 's3:*'))),
    'noncompliant',
    { says: 'vpce-s3', provenWithout: ['network.listing'] },
  ],
  'the layer bucket for everyone is not full access': [
    pullingVpc(...without(2), gatewayWith(allow('*', 's3:GetObject', layers), allow({ AWS: home.accountId }, 's3:*'))),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'a policy for the own organization is restricted': [
    pullingVpc(
      ...without(1),
      endpointWith(
        'ecr.dkr',
        allow('*', '*', '*', { Condition: { StringEquals: { 'aws:PrincipalAccount': home.accountId } } }),
      ),
    ),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'a Deny for everyone outside restricts an open Allow': [
    pullingVpc(
      ...without(1),
      endpointWith('ecr.dkr', allow('*', '*'), {
        ...allow('*', '*'),
        Effect: 'Deny',
        Condition: { StringNotEquals: { 'aws:PrincipalAccount': home.accountId } },
      }),
    ),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'a condition on the endpoint itself does not restrict': [
    pullingVpc(
      ...without(0),
      endpointWith('ecr.api', allow('*', '*', '*', { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } })),
    ),
    'noncompliant',
    { says: 'vpce-ecr-api', provenWithout: ['network.listing'] },
  ],
  'a condition nobody can decide leaves it open': [
    pullingVpc(
      ...without(0),
      endpointWith('ecr.api', allow('*', '*', '*', { Condition: { StringEquals: { 'aws:UserAgent': 'x' } } })),
    ),
    'undetermined',
    'aws:UserAgent',
  ],
  'a condition on an organization shuts strangers out': [
    pullingVpc(...without(0), endpointWith('ecr.api', allow('*', '*', '*', organization('o-exampleorg1')))),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'a policy that cannot be read leaves it open': [
    pullingVpc(...without(0), interfaceEndpoint({ service: 'ecr.api', policy: '{' })),
    'undetermined',
    'vpce-ecr-api',
  ],
  'endpoints that were not listed may have any policy': [
    [...pullingVpcWithout(endpoints, noRoutes), notListed('AWS::EC2::VPCEndpoint')],
    'undetermined',
  ],
  'without endpoints there is nothing to restrict': [pullingVpcWithout(endpoints, noRoutes), 'notApplicable'],
  'pulls through NAT meet no endpoint to restrict': [natOnlyVpc(), 'notApplicable'],
  'a VPC in which nothing pulls is left alone': [privateVpc(), 'notApplicable'],
})
