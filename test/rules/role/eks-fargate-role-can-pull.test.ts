import type { JsonObject } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/role/eks-fargate-role-can-pull.ts'
import {
  allowPull,
  cacheRule,
  customerPolicy,
  elsewhere,
  fargateProfile,
  home,
  listedIn,
  notListed,
  policy,
  policyArn,
  repository,
  role,
  roleArn,
  trustOf,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { allow, awsPolicy, leastFor, pullActions, repositoryArn, roleWith, token } from './pulling.ts'

const service = 'eks-fargate-pods.amazonaws.com'
const trust = trustOf(service)
const attached = [awsPolicy('AmazonEKSFargatePodExecutionRolePolicy')]
const captured = { provenWithout: ['inventory.managedPolicy', 'registry.policy'] }
const provenWithout = ['registry.policy']
const withTrust = (overrides: JsonObject, name = service) => [
  fargateProfile(),
  role({ name: 'pods', attached, trust: trustOf(name, overrides) }),
]
const fromSource = (arn: string) => withTrust({ Condition: { ArnLike: { 'aws:SourceArn': arn } } })
const prefix = 'arn:aws:eks:eu-central-1:111122223333:fargateprofile'
const withStatements = (...statements: readonly JsonObject[]) => [
  fargateProfile(),
  roleWith('pods', statements, { trust }),
]
const profileIn = (region: string, ...statements: readonly JsonObject[]) => [
  elsewhere(fargateProfile(), { region }),
  roleWith('pods', statements, { trust }),
  ...listedIn({ accountId: home.accountId, region }, 'AWS::ECR::Repository', 'AWS::ECR::RegistryPolicy'),
]

ruleCases(rule, {
  'a pod execution role with the policy of AWS can pull': [
    [fargateProfile(), role({ name: 'pods', attached, trust })],
    'compliant',
    { ...captured, says: 'can get a token and pull', shows: 'repository/eks/coredns is allowed' },
  ],
  'a trust bound to the profiles of the cluster holds': [fromSource(`${prefix}/main/*`), 'compliant', captured],
  'a trust bound to this profile holds': [fromSource(`${prefix}/main/serverless*`), 'compliant', captured],
  'a trust bound to another profile of the cluster does not hold': [
    fromSource(`${prefix}/main/other/*`),
    'noncompliant',
    { ...captured, says: `assuming ${roleArn('pods')} is not allowed` },
  ],
  'a trust bound to another cluster does not hold': [
    fromSource(`${prefix}/staging/*`),
    'noncompliant',
    { ...captured, says: `assuming ${roleArn('pods')} is not allowed` },
  ],
  'a trust bound to the cluster in another region does not hold': [
    fromSource('arn:aws:eks:us-east-1:111122223333:fargateprofile/main/*'),
    'noncompliant',
    { ...captured, says: 'assuming' },
  ],
  'whether the source ends with the id of the profile is not documented': [
    fromSource(`${prefix}/main/serverless/*`),
    'undetermined',
    'exact aws:SourceArn that eks-fargate-pods sends',
  ],
  'a trust bound to the own account holds': [
    withTrust({ Condition: { StringEquals: { 'aws:SourceAccount': home.accountId } } }),
    'compliant',
    captured,
  ],
  'a trust bound to another account does not hold': [
    withTrust({ Condition: { StringEquals: { 'aws:SourceAccount': '555555555555' } } }),
    'noncompliant',
    { ...captured, says: 'assuming' },
  ],
  'the role of a node is not that of Fargate pods': [
    withTrust({}, 'ec2.amazonaws.com'),
    'noncompliant',
    { ...captured, says: 'assuming' },
  ],
  'the service of EKS itself is not the one of Fargate pods': [
    withTrust({}, 'eks-fargate.amazonaws.com'),
    'noncompliant',
    { ...captured, says: 'assuming' },
  ],
  'without the token pods cannot pull': [
    withStatements(allow([...pullActions])),
    'noncompliant',
    { says: 'ecr:GetAuthorizationToken on *', provenWithout },
  ],
  'without layers pods cannot pull': [
    withStatements(token, allow('ecr:BatchGetImage')),
    'noncompliant',
    { says: 'ecr:GetDownloadUrlForLayer on', provenWithout },
  ],
  'one own repository is enough': [
    [...withStatements(...leastFor(repositoryArn('second'))), repository(), repository({ name: 'second' })],
    'compliant',
    { shows: 'repository/second is allowed' },
  ],
  'a repository of another account of the inventory is enough': [
    [
      ...withStatements(...leastFor(repositoryArn('app', { accountId: '444444444444' }))),
      elsewhere(
        repository({ policy: policy({ Effect: 'Allow', Principal: { AWS: home.accountId }, Action: 'ecr:*' }) }),
        {
          accountId: '444444444444',
        },
      ),
      ...listedIn(
        { accountId: '444444444444', region: home.region },
        'AWS::ECR::Repository',
        'AWS::ECR::RegistryPolicy',
      ),
    ],
    'compliant',
    { shows: '444444444444:repository/app is allowed' },
  ],
  'a repository that can certainly be pulled counts more than add-ons that perhaps can': [
    [
      ...withStatements(
        ...leastFor(repositoryArn()),
        allow([...pullActions], '*', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
      ),
      repository(),
    ],
    'compliant',
    { shows: '111122223333:repository/app is allowed' },
  ],
  'no repository and no add-on leaves pods without images': [
    [...withStatements(token), repository()],
    'noncompliant',
    'ecr:BatchGetImage on arn:aws:ecr:eu-central-1:111122223333:repository/app is not allowed',
  ],
  'a repository of another region is enough when the role was given it': [
    [
      ...withStatements(...leastFor(repositoryArn('app', { region: 'eu-west-1' }))),
      elsewhere(repository(), { region: 'eu-west-1' }),
      ...listedIn(
        { accountId: home.accountId, region: 'eu-west-1' },
        'AWS::ECR::Repository',
        'AWS::ECR::RegistryPolicy',
      ),
    ],
    'compliant',
    { shows: 'eu-west-1:111122223333:repository/app is allowed' },
  ],
  'a repository of another region that the role was not given does not count': [
    [
      ...withStatements(...leastFor(repositoryArn('gone'))),
      elsewhere(repository(), { region: 'eu-west-1' }),
      ...listedIn(
        { accountId: home.accountId, region: 'eu-west-1' },
        'AWS::ECR::Repository',
        'AWS::ECR::RegistryPolicy',
      ),
    ],
    'noncompliant',
    { says: 'amazon-k8s-cni', provenWithout },
  ],
  'a repository of another region that its policy denies is no way out': [
    [
      ...withStatements(...leastFor(repositoryArn('app', { region: 'eu-west-1' }))),
      elsewhere(repository({ policy: policy({ ...allowPull('*'), Effect: 'Deny' }) }), { region: 'eu-west-1' }),
      ...listedIn(
        { accountId: home.accountId, region: 'eu-west-1' },
        'AWS::ECR::Repository',
        'AWS::ECR::RegistryPolicy',
      ),
    ],
    'noncompliant',
    { provenWithout },
  ],
  'a registry that nobody read may hold what the role was given': [
    withStatements(...leastFor(repositoryArn('*', { accountId: '999999999999' }))),
    'undetermined',
    'repositories of account 999999999999 in eu-central-1',
  ],
  'a region that nobody read may hold what the role was given': [
    withStatements(...leastFor(repositoryArn('*', { region: 'eu-north-1' }))),
    'undetermined',
    'repositories of account 111122223333 in eu-north-1',
  ],
  'accounts that nobody counted may hold what the role was given': [
    withStatements(...leastFor('arn:aws:ecr:*:*:repository/shared/*')),
    'undetermined',
    'repositories that arn:aws:ecr:*:*:repository/shared/* reaches',
  ],
  'a first pull through a cache rule makes the repository that the role was given': [
    [...withStatements(...leastFor(repositoryArn('docker-hub/*'))), cacheRule('docker-hub', 'registry-1.docker.io')],
    'undetermined',
    'whether pods pull through the cache rule docker-hub of account 111122223333 in eu-central-1',
  ],
  'a cache rule for other repositories makes none that the role was given': [
    [...withStatements(...leastFor(repositoryArn('quay/*'))), cacheRule('docker-hub', 'registry-1.docker.io')],
    'noncompliant',
    { provenWithout },
  ],
  'manifests of one registry and layers of another are no pull': [
    withStatements(
      token,
      allow('ecr:BatchGetImage', repositoryArn('*', { accountId: '999999999999' })),
      allow('ecr:GetDownloadUrlForLayer', repositoryArn('*', { accountId: '888888888888' })),
    ),
    'noncompliant',
    { provenWithout },
  ],
  'where repositories were not listed the role may pull one of them': [
    [...withStatements(...leastFor(repositoryArn())), notListed('AWS::ECR::Repository')],
    'undetermined',
    'repositories in eu-central-1: AWS::ECR::Repository could not be listed',
  ],
  'without the token unlisted repositories do not matter': [
    [...withStatements(allow([...pullActions], repositoryArn())), notListed('AWS::ECR::Repository')],
    'noncompliant',
    { says: 'ecr:GetAuthorizationToken on *', provenWithout },
  ],
  'a region whose add-on registry is not known leaves it open': [
    profileIn('us-isob-west-9', token, allow([...pullActions])),
    'undetermined',
    'the registry of the EKS add-ons in us-isob-west-9 is not known',
  ],
  'a role without token fails in a region whose add-on registry is not known': [
    profileIn('us-isob-west-9', allow([...pullActions])),
    'noncompliant',
    { says: 'ecr:GetAuthorizationToken on *', provenWithout },
  ],
  'a boundary nobody read leaves it open': [
    [fargateProfile(), role({ name: 'pods', trust, attached, boundary: policyArn('boundary', '555555555555') })],
    'undetermined',
    'managed policy boundary',
  ],
  'a boundary without ECR takes the pull away': [
    [
      fargateProfile(),
      role({ name: 'pods', trust, attached, boundary: policyArn('boundary') }),
      customerPolicy('boundary', policy(allow('s3:*'))),
    ],
    'noncompliant',
    { says: 'permissions boundary', provenWithout },
  ],
  'an endpoint condition cannot be decided without the network': [
    withStatements(
      token,
      allow([...pullActions], '*', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
    ),
    'undetermined',
    'condition key aws:SourceVpce',
  ],
  'a role that does not exist cannot pull': [
    [fargateProfile(), role({ name: 'other' })],
    'noncompliant',
    `The role ${roleArn('pods')} does not exist.`,
  ],
  'a role whose account was not listed may exist': [
    [fargateProfile(), notListed('AWS::IAM::Role')],
    'undetermined',
    'AWS::IAM::Role could not be listed',
  ],
  'a profile without a role was not described in full': [
    [fargateProfile({ configuration: { PodExecutionRoleArn: null } })],
    'undetermined',
  ],
  'a cluster name full of wildcards is a name like any other': [
    [
      fargateProfile({ cluster: '*' }),
      role({
        name: 'pods',
        attached,
        trust: trustOf(service, { Condition: { ArnLike: { 'aws:SourceArn': `${prefix}/main/*` } } }),
      }),
    ],
    'noncompliant',
    { ...captured, says: 'assuming' },
  ],
})
