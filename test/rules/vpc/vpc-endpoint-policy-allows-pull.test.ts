import { rule } from '../../../shared/rules/vpc/vpc-endpoint-policy-allows-pull.ts'
import {
  dhcpOptions,
  type EstatePart,
  home,
  interfaceEndpoint,
  natGateway,
  notListed,
  privateVpc,
  roleArn,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import {
  allow,
  endpoints,
  endpointWith,
  gatewayWith,
  hubRoute,
  layers,
  layersBehindNat,
  natOnlyVpc,
  nodes,
  pullingVpc,
  pullingVpcWithout,
} from './pulling-vpc.ts'

const execution = { AWS: roleArn('execution') }
const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
const token = allow(execution, 'ecr:GetAuthorizationToken')
const own = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } } }
const ownAccount = allow('*', '*', '*', { Condition: { StringEquals: { 'aws:ResourceAccount': home.accountId } } })
const noPolicies = [endpointWith('ecr.api'), endpointWith('ecr.dkr'), gatewayWith()]

const isNat = (part: EstatePart) => 'item' in part && part.item.resourceId === 'nat-1'

ruleCases(rule, {
  'default policies let every pull through': [
    pullingVpc(),
    'compliant',
    { provenWithout: ['inventory.role', 'network.listing'] },
  ],
  'endpoints without a policy let every pull through': [
    pullingVpc(...noPolicies),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'the least a pull needs is enough': [
    pullingVpc(
      endpointWith('ecr.api', token),
      endpointWith('ecr.dkr', allow(execution, pull, `arn:aws:ecr:${home.region}:${home.accountId}:repository/app`)),
      gatewayWith(allow('*', 's3:GetObject', layers)),
    ),
    'compliant',
    { provenWithout: ['inventory.role', 'network.listing'] },
  ],
  'a token that is allowed on a repository only is not allowed': [
    pullingVpc(
      endpointWith('ecr.api', allow('*', 'ecr:*', `arn:aws:ecr:${home.region}:${home.accountId}:repository/*`)),
    ),
    'noncompliant',
    { says: 'The policy of vpce-ecr-api does not let role', provenWithout: ['inventory.role'] },
  ],
  'another role than that which pulls is of no use': [
    pullingVpc(endpointWith('ecr.dkr', allow({ AWS: roleArn('other') }, pull))),
    'noncompliant',
    {
      says: 'ecr:BatchGetImage on arn:aws:ecr:eu-central-1:111122223333:repository/app',
      provenWithout: ['inventory.role'],
    },
  ],
  'an explicit Deny blocks and is quoted': [
    pullingVpc(endpointWith('ecr.dkr', allow('*', '*'), { ...allow('*', pull[1]!), Effect: 'Deny', Sid: 'No' })),
    'noncompliant',
    { shows: 'policy of endpoint vpce-ecr-dkr, statement 2', provenWithout: ['inventory.role'] },
  ],
  'a policy without the layer bucket stops the layers': [
    pullingVpc(gatewayWith(allow('*', 's3:*', ['arn:aws:s3:::mine', 'arn:aws:s3:::mine/*']))),
    'noncompliant',
    {
      says: 'The policy of vpce-s3 does not let ECR do s3:GetObject',
      provenWithout: ['inventory.role'],
    },
  ],
  'Principal * on the layer bucket is right': [
    pullingVpc(...noPolicies.slice(0, 2), gatewayWith(allow('*', 's3:GetObject', layers))),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'a condition on the own organization keeps ECR from the layers': [
    pullingVpc(...noPolicies.slice(0, 2), gatewayWith(allow('*', 's3:GetObject', layers, own))),
    'noncompliant',
    { says: 'vpce-s3' },
  ],
  'a condition nobody can decide leaves it open': [
    pullingVpc(
      endpointWith('ecr.dkr', allow('*', '*', '*', { Condition: { IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/16' } } })),
    ),
    'undetermined',
    'aws:VpcSourceIp',
  ],
  'a policy that cannot be read leaves it open': [
    pullingVpc(interfaceEndpoint({ service: 'ecr.api', policy: '{' })),
    'undetermined',
    'vpce-ecr-api',
  ],
  'the policy of an endpoint without private DNS has no say': [
    pullingVpc(
      ...noPolicies,
      interfaceEndpoint({
        service: 'ecr.dkr',
        id: 'vpce-idle',
        privateDns: false,
        policy: { Version: '2012-10-17', Statement: [] },
      }),
    ),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'nodes are kept from the add-ons of AWS by a perimeter around the own account': [
    [
      ...privateVpc({ with: [endpointWith('ecr.api'), endpointWith('ecr.dkr', ownAccount), gatewayWith()] }),
      ...nodes(),
    ],
    'noncompliant',
    {
      says: 'arn:aws:ecr:eu-central-1:602401143452:repository/amazon-k8s-cni',
      provenWithout: ['inventory.role'],
    },
  ],
  'a central endpoint that settings state is assumed to let pulls through': [
    pullingVpcWithout(endpoints, hubRoute),
    'compliant',
    {
      settings: {
        network: {
          centralEndpoints: [{ vpcs: ['vpc-1'], services: ['ecr.api', 'ecr.dkr', 's3'] }],
          requirePrivate: true,
        },
      },
      assumes: 'the policy of the central endpoint, whose id is not known, lets images be pulled',
    },
  ],
  'a policy that blocks does not matter where DNS servers of the customer may name other endpoints': [
    pullingVpc(endpointWith('ecr.dkr', allow('*', 'ecr:PutImage')), dhcpOptions({ servers: ['10.0.0.10'] })),
    'undetermined',
    'DNS',
  ],
  'endpoints that were not listed may have any policy': [
    [...pullingVpcWithout(endpoints), notListed('AWS::EC2::VPCEndpoint')],
    'undetermined',
  ],
  'pulls through NAT meet no policy of an endpoint': [
    natOnlyVpc(),
    'notApplicable',
    'No pull goes through an endpoint',
  ],
  'the policy of a gateway endpoint behind a NAT gateway stops the layers': [
    pullingVpc(...layersBehindNat(allow('*', 's3:*', ['arn:aws:s3:::mine', 'arn:aws:s3:::mine/*']))),
    'noncompliant',
    {
      says: 'The policy of vpce-s3 does not let ECR do s3:GetObject',
      provenWithout: ['inventory.role'],
    },
  ],
  'a gateway endpoint behind a NAT gateway may let the layers through': [
    pullingVpc(...noPolicies.slice(0, 2), ...layersBehindNat(allow('*', 's3:GetObject', layers))),
    'compliant',
    { provenWithout: ['network.listing'] },
  ],
  'the policy of a gateway endpoint behind a NAT gateway that is gone has no say': [
    pullingVpc(
      ...noPolicies.slice(0, 2),
      ...layersBehindNat(allow('*', 's3:PutObject')).filter((part) => !isNat(part)),
      natGateway({ state: 'deleted' }),
    ),
    'compliant',
  ],
  'a VPC in which nothing pulls has no policies to judge': [privateVpc(), 'notApplicable'],
})
