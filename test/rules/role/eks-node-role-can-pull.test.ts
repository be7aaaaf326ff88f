import type { JsonObject } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/role/eks-node-role-can-pull.ts'
import {
  customerPolicy,
  elsewhere,
  fullAccess,
  home,
  listedIn,
  nodegroup,
  notListed,
  organization,
  policy,
  policyArn,
  registryPolicy,
  repository,
  role,
  roleArn,
  trustOf,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { allow, awsPolicy, deny, leastFor, pullActions, repositoryArn, roleWith, token } from './pulling.ts'

const trust = trustOf('ec2.amazonaws.com')
const pullOnly = awsPolicy('AmazonEC2ContainerRegistryPullOnly')
const workers = [awsPolicy('AmazonEKSWorkerNodePolicy'), awsPolicy('AmazonEKS_CNI_Policy')]
const attached = (...policies: readonly string[]) => [nodegroup(), role({ name: 'node', trust, attached: policies })]
const withStatements = (...statements: readonly JsonObject[]) => [nodegroup(), roleWith('node', statements, { trust })]
const addOns = { accountId: '602401143452' }
const inRegion = (region: string) => [
  elsewhere(nodegroup(), { region }),
  role({ name: 'node', trust, attached: [pullOnly] }),
]
const captured = { provenWithout: ['inventory.managedPolicy', 'registry.policy'] }
const provenWithout = ['registry.policy']

ruleCases(rule, {
  'a node role with PullOnly can pull the add-ons': [
    attached(...workers, pullOnly),
    'compliant',
    { ...captured, says: 'can get a token and pull the add-ons', shows: 'repository/eks/coredns' },
  ],
  'the registry of the add-ons is assumed to let every account pull': [
    attached(pullOnly),
    'compliant',
    { ...captured, assumes: 'assumes that AWS lets every account pull from its own registry 602401143452' },
  ],
  'a node role with the two worker policies alone cannot pull': [
    attached(awsPolicy('AmazonEKSWorkerNodePolicy'), awsPolicy('AmazonEKSWorkerNodeMinimalPolicy')),
    'noncompliant',
    {
      ...captured,
      says: 'cannot pull: ecr:GetAuthorizationToken on * is not allowed',
      shows: 'it holds no statement on ECR',
    },
  ],
  'a role for the own repositories alone leaves nodes without add-ons': [
    [...withStatements(...leastFor(repositoryArn())), repository()],
    'noncompliant',
    {
      says: 'amazon-k8s-cni',
      shows: 'own repositories: 1 of 1 in eu-central-1',
      provenWithout: ['inventory.repository', 'registry.policy'],
    },
  ],
  'a role for the add-ons alone makes nodes ready, and the evidence counts': [
    [...withStatements(...leastFor(repositoryArn('*', addOns))), repository(), repository({ name: 'other' })],
    'compliant',
    {
      shows: 'own repositories: 0 of 2 in eu-central-1 can certainly be pulled',
      provenWithout: ['inventory.repository', 'registry.policy'],
    },
  ],
  'a role for some of the add-ons is not enough': [
    withStatements(...leastFor(repositoryArn('amazon-k8s-cni', addOns), repositoryArn('eks/coredns', addOns))),
    'noncompliant',
    { says: 'eks/kube-proxy', provenWithout },
  ],
  'repositories of other regions are not counted': [
    [
      ...withStatements(token, allow([...pullActions])),
      repository(),
      elsewhere(repository({ name: 'far' }), { region: 'eu-west-1' }),
    ],
    'compliant',
    { shows: 'own repositories: 1 of 1 in eu-central-1', provenWithout: ['inventory.repository', 'registry.policy'] },
  ],
  'repositories of other accounts are not counted': [
    [...withStatements(token, allow([...pullActions])), elsewhere(repository(), { accountId: '555555555555' })],
    'compliant',
    { shows: 'own repositories: 0 of 0 in eu-central-1', provenWithout },
  ],
  'without the token nodes stay without add-ons': [
    withStatements(allow([...pullActions])),
    'noncompliant',
    { says: 'ecr:GetAuthorizationToken on *', provenWithout },
  ],
  'without layers nodes stay without add-ons': [
    withStatements(token, allow('ecr:BatchGetImage')),
    'noncompliant',
    {
      says: 'ecr:GetDownloadUrlForLayer on arn:aws:ecr:eu-central-1:602401143452:repository/amazon-k8s-cni',
      provenWithout,
    },
  ],
  'a role that EC2 may not assume cannot be a node’s': [
    [nodegroup(), role({ name: 'node', attached: [pullOnly] })],
    'noncompliant',
    { ...captured, says: `assuming ${roleArn('node')} is not allowed` },
  ],
  'what EC2 sends as source account is not known': [
    [
      nodegroup(),
      role({
        name: 'node',
        attached: [pullOnly],
        trust: trustOf('ec2.amazonaws.com', { Condition: { StringEquals: { 'aws:SourceAccount': home.accountId } } }),
      }),
    ],
    'undetermined',
    'condition key aws:SourceAccount',
  ],
  'a role that does not exist cannot pull': [
    [nodegroup(), role({ name: 'other' })],
    'noncompliant',
    `The role ${roleArn('node')} does not exist.`,
  ],
  'a role whose account was not listed may exist': [
    [nodegroup(), notListed('AWS::IAM::Role')],
    'undetermined',
    'AWS::IAM::Role could not be listed',
  ],
  'a role of an account nobody read may exist': [
    [nodegroup({ nodeRole: roleArn('node', '555555555555') })],
    'undetermined',
    'account 555555555555 were not read',
  ],
  'a node group without a role was not described in full': [
    [nodegroup({ configuration: { NodeRole: null } })],
    'undetermined',
  ],
  'a boundary without ECR takes the pull away': [
    [
      nodegroup(),
      role({ name: 'node', trust, attached: [pullOnly], boundary: policyArn('boundary') }),
      customerPolicy('boundary', policy(allow('ec2:*'))),
    ],
    'noncompliant',
    { says: 'permissions boundary', provenWithout },
  ],
  'a boundary nobody read leaves it open': [
    [nodegroup(), role({ name: 'node', trust, attached: [pullOnly], boundary: policyArn('boundary', '555555555555') })],
    'undetermined',
    'managed policy boundary',
  ],
  'a service control policy that denies layers breaks the nodes': [
    [
      ...attached(pullOnly),
      ...organization({
        policies: [
          { name: 'FullAWSAccess', content: fullAccess, targets: ['r-1', home.accountId] },
          { name: 'noLayers', content: policy(deny('ecr:GetDownloadUrlForLayer')), targets: [home.accountId] },
        ],
      }),
    ],
    'noncompliant',
    { ...captured, says: 'service control policy noLayers' },
  ],
  'a service control policy that does not know the registry of AWS breaks the nodes': [
    [
      ...attached(pullOnly),
      ...organization({
        policies: [
          {
            name: 'own',
            content: policy(
              allow('*'),
              deny(['ecr:BatchGetImage'], '*', {
                Condition: { StringNotEquals: { 'aws:ResourceAccount': home.accountId } },
              }),
            ),
            targets: ['r-1', home.accountId],
          },
        ],
      }),
    ],
    'noncompliant',
    { ...captured, says: 'service control policy own' },
  ],
  'resource control policies of the own organization do not bind the registry of AWS': [
    [
      ...attached(pullOnly),
      ...organization({
        policies: [
          { name: 'FullAWSAccess', content: fullAccess, targets: ['r-1', home.accountId] },
          {
            name: 'perimeter',
            type: 'RESOURCE_CONTROL_POLICY',
            content: policy({ ...deny('ecr:BatchGetImage'), Principal: '*' }),
            targets: ['r-1'],
          },
        ],
      }),
    ],
    'compliant',
    captured,
  ],
  'nodes of a region with an add-on registry of its own pull from that one': [
    inRegion('me-south-1'),
    'compliant',
    { ...captured, shows: 'arn:aws:ecr:me-south-1:558608220178:repository/amazon-k8s-cni' },
  ],
  'a registry policy nobody read is assumed to leave the token alone': [
    [...attached(pullOnly), notListed('AWS::ECR::RegistryPolicy')],
    'compliant',
    { ...captured, assumes: 'registry policy of account 111122223333 in eu-central-1, which was not read, denies no' },
  ],
  'whether a registry policy of scope V2 denies the token is not documented': [
    [...attached(pullOnly), registryPolicy(policy({ ...deny('ecr:*'), Principal: '*' }), 'V2')],
    'undetermined',
    {
      says: 'whether a registry policy of scope V2 binds GetAuthorizationToken is not documented',
      provenWithout: ['registry.policy'],
    },
  ],
  'a registry policy of scope V1 does not speak of the token': [
    [...attached(pullOnly), registryPolicy(policy({ ...deny('ecr:*'), Principal: '*' }), 'V1')],
    'compliant',
    { provenWithout: ['inventory.managedPolicy', 'registry.policy', 'registry.policy.policy'] },
  ],
  'a role without the token fails whatever the registry policy allows': [
    [...withStatements(allow([...pullActions])), registryPolicy(policy({ ...allow('ecr:*'), Principal: '*' }), 'V2')],
    'noncompliant',
    {
      says: 'ecr:GetAuthorizationToken on *',
      provenWithout: ['registry.policy', 'registry.policy.policy', 'registry.policy.scope'],
    },
  ],
  'a region whose add-on registry is not known leaves it open': [
    inRegion('us-isob-west-9'),
    'undetermined',
    'the registry of the EKS add-ons in us-isob-west-9 is not known',
  ],
  'an endpoint condition cannot be decided without the network': [
    withStatements(
      token,
      allow([...pullActions], '*', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
    ),
    'undetermined',
    'condition key aws:SourceVpce',
  ],
  'a condition on the VPC of the instance cannot be decided without the network': [
    withStatements(
      token,
      allow([...pullActions], '*', { Condition: { StringEquals: { 'aws:Ec2InstanceSourceVpc': 'vpc-1' } } }),
    ),
    'undetermined',
    'condition key aws:Ec2InstanceSourceVpc',
  ],
  'a name full of markup stays short in the reason': [
    [
      nodegroup({ nodeRole: `arn:aws:iam::111122223333:role/<b>${'z'.repeat(4_000)}` }),
      ...listedIn(home, 'AWS::IAM::Role'),
    ],
    'noncompliant',
    'z… does not exist.',
  ],
})
