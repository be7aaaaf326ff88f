import type { JsonObject } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/role/eks-node-role-least-privilege.ts'
import {
  allowPull,
  customerPolicy,
  nodegroup,
  notListed,
  policy,
  policyArn,
  repository,
  role,
  roleArn,
  trustOf,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { allow, awsPolicy, deny, pullActions, repositoryArn, roleWith, token } from './pulling.ts'

const trust = trustOf('ec2.amazonaws.com')
const attached = (...names: readonly string[]) => [
  nodegroup(),
  role({ name: 'node', trust, attached: names.map(awsPolicy) }),
]
const withStatements = (...statements: readonly JsonObject[]) => [nodegroup(), roleWith('node', statements, { trust })]
const captured = { provenWithout: ['inventory.managedPolicy'] }

ruleCases(rule, {
  'PullOnly is what a node needs': [
    attached('AmazonEC2ContainerRegistryPullOnly'),
    'compliant',
    { ...captured, says: 'may pull at most', shows: 'as captured on 20' },
  ],
  'the worker policies hold nothing of ECR': [
    attached('AmazonEKSWorkerNodePolicy', 'AmazonEKS_CNI_Policy'),
    'compliant',
    { ...captured, shows: 'AWS-managed policy AmazonEKSWorkerNodePolicy' },
  ],
  'the check for layers that older policies add is no excess': [
    withStatements(token, allow([...pullActions, 'ecr:BatchCheckLayerAvailability', 'ecr:BatchImportUpstreamImage'])),
    'compliant',
  ],
  'ReadOnly describes more than it needs, which is mild': [
    attached('AmazonEC2ContainerRegistryReadOnly'),
    'noncompliant',
    { ...captured, severity: 'LOW', says: 'ecr:Describe' },
  ],
  'PowerUser lets every pod push': [
    attached('AmazonEC2ContainerRegistryPowerUser'),
    'noncompliant',
    { ...captured, severity: 'MEDIUM', says: 'AWS-managed policy AmazonEC2ContainerRegistryPowerUser' },
  ],
  'every action of ECR is more than a node needs': [
    withStatements(allow('ecr:*')),
    'noncompliant',
    { severity: 'MEDIUM', shows: 'inline policy ecr of role node, statement 1' },
  ],
  'deleting in one repository is more than a node needs': [
    withStatements(token, allow('ecr:BatchDeleteImage', repositoryArn())),
    'noncompliant',
    { severity: 'MEDIUM', says: 'ecr:BatchDeleteImage on arn:aws:ecr' },
  ],
  'reading and pushing is reported for the pushing': [
    withStatements(allow(['ecr:DescribeImages', 'ecr:PutImage'])),
    'noncompliant',
    { severity: 'MEDIUM', says: 'may use ecr:PutImage on *' },
  ],
  'creating repositories is more than a node needs': [
    withStatements(token, allow('ecr:CreateRepository')),
    'noncompliant',
    { severity: 'MEDIUM' },
  ],
  'a condition on the request narrows but does not take away': [
    withStatements(allow('ecr:PutImage', '*', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } })),
    'noncompliant',
    { severity: 'MEDIUM', shows: 'under conditions on aws:SourceVpce' },
  ],
  'what a Deny takes away is not held': [
    withStatements(allow('ecr:*'), {
      Effect: 'Deny',
      NotAction: ['ecr:BatchGetImage', 'ecr:GetAuthorizationToken'],
      Resource: '*',
    }),
    'compliant',
  ],
  'a Deny under a condition leaves the action': [
    withStatements(
      allow('ecr:PutImage'),
      deny('ecr:PutImage', '*', { Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
    ),
    'noncompliant',
    { severity: 'MEDIUM' },
  ],
  'a repository that names the node role lets it push': [
    [
      nodegroup(),
      role({ name: 'node', trust }),
      repository({ policy: policy(allowPull({ AWS: roleArn('node') }, { Action: 'ecr:PutImage' })) }),
    ],
    'noncompliant',
    { severity: 'MEDIUM', says: 'ecr:PutImage' },
  ],
  'a boundary takes the excess away': [
    [
      nodegroup(),
      roleWith('node', [allow('ecr:*')], { trust, boundary: policyArn('boundary') }),
      customerPolicy('boundary', policy(token, allow([...pullActions]))),
    ],
    'compliant',
  ],
  'a boundary nobody read may take the excess away': [
    [nodegroup(), roleWith('node', [allow('ecr:*')], { trust, boundary: policyArn('boundary', '555555555555') })],
    'undetermined',
    'managed policy boundary',
  ],
  'a policy of AWS that nobody read may hold more': [
    attached('AmazonEC2ContainerRegistryPullOnly', 'NewPolicyOfTomorrow'),
    'undetermined',
    'AWS-managed policy NewPolicyOfTomorrow',
  ],
  'what holds only through another service of AWS is held by whoever may call that one': [
    withStatements(
      allow('ecr:*', '*', {
        Condition: { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'cloudformation.amazonaws.com' } },
      }),
    ),
    'noncompliant',
    { severity: 'MEDIUM', shows: 'under conditions on aws:CalledVia' },
  ],
  'a call through a service of AWS is a call of the role': [
    withStatements(allow('ecr:*', '*', { Condition: { Bool: { 'aws:ViaAWSService': 'true' } } })),
    'noncompliant',
    { severity: 'MEDIUM', shows: 'under conditions on aws:ViaAWSService' },
  ],
  'a source identity is set by whoever takes the role again': [
    withStatements(allow('ecr:*', '*', { Condition: { StringLike: { 'aws:SourceIdentity': '*' } } })),
    'noncompliant',
    { severity: 'MEDIUM', shows: 'under conditions on aws:SourceIdentity' },
  ],
  'a tag that the role does not have is not held': [
    withStatements(allow('ecr:*', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } })),
    'compliant',
  ],
  'a role that does not exist holds nothing': [
    [nodegroup(), role({ name: 'other' })],
    'compliant',
    'does not exist and holds nothing',
  ],
  'a role whose account was not listed may hold anything': [
    [nodegroup(), notListed('AWS::IAM::Role')],
    'undetermined',
    'AWS::IAM::Role could not be listed',
  ],
  'a node group without a role was not described in full': [
    [nodegroup({ configuration: { NodeRole: null } })],
    'undetermined',
  ],
  'unknown service control policies are an assumption': [
    [...withStatements(allow('ecr:PutImage')), notListed('AWS::Organizations::Policy')],
    'noncompliant',
    { assumes: 'assumes that no service control policy' },
  ],
  'a policy name full of control characters stays short in the evidence': [
    [
      nodegroup(),
      role({ name: 'node', trust, inline: { [`<i>\u0007${'p'.repeat(4_000)}`]: policy(allow('ecr:PutImage')) } }),
    ],
    'noncompliant',
    'p…',
  ],
})
