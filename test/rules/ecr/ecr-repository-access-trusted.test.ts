import { rule } from '../../../shared/rules/ecr/ecr-repository-access-trusted.ts'
import { allowPull, policy, repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const granting = (...principals: readonly Parameters<typeof allowPull>[0][]) =>
  repository({ policy: policy(...principals.map((principal) => allowPull(principal))) })

const unread = { organization: { organizationAccounts: new Set<string>(), unread: 'the hub has published nothing' } }
const lambdaFor = (account: string) =>
  repository({
    policy: policy(
      allowPull({ Service: 'lambda.amazonaws.com' }, { Condition: { StringEquals: { 'aws:SourceAccount': account } } }),
    ),
  })

ruleCases(rule, {
  'an account that may be a member is left open while nobody can say': [
    granting({ AWS: '222222222222' }, { AWS: '444444444444' }),
    'undetermined',
    {
      ...unread,
      says: 'whether 222222222222 and 444444444444 belongs to the organization: the hub has published nothing',
    },
  ],
  'a service that acts for an account that may be a member is left open too': [
    lambdaFor('222222222222'),
    'undetermined',
    {
      ...unread,
      says: 'whether whom lambda.amazonaws.com acts for belongs to the organization: the hub has published nothing',
    },
  ],
  'a principal of a kind nobody knows is left open as its account is': [
    granting({ AWS: 'arn:aws:iam::222222222222:instance-profile/x' }),
    'undetermined',
    { ...unread, says: 'instance-profile/x belongs to the organization' },
  ],
  'a trusted account needs no organization': [granting({ AWS: '333333333333' }), 'compliant', unread],
  'nor does a service that acts for a trusted account': [lambdaFor('333333333333'), 'compliant', unread],
  'a service that acts for anybody is bad whoever is a member': [
    granting({ Service: 'sagemaker.amazonaws.com' }),
    'noncompliant',
    { ...unread, says: 'sagemaker.amazonaws.com', severity: 'MEDIUM' },
  ],
  'a condition that demands our organization proves membership without a list': [
    repository({
      policy: policy(
        allowPull({ AWS: '222222222222' }, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } } }),
      ),
    }),
    'compliant',
    unread,
  ],
  'a repository without a policy names nobody': [repository(), 'compliant'],
  'an account outside is reported by its number': [
    granting({ AWS: '999999999999' }),
    'noncompliant',
    { says: '999999999999', shows: 'anyone: none; external: 999999999999; organization: none' },
  ],
  'a role of an account outside is reported': [
    granting({ AWS: 'arn:aws:iam::999999999999:role/Build' }),
    'noncompliant',
    'role/Build',
  ],
  'members of the organization are ours': [granting({ AWS: '222222222222' }), 'compliant'],
  'trusted accounts are known to us': [granting({ AWS: '333333333333' }), 'compliant'],
  'Lambda of the same account is legitimate': [granting({ Service: 'lambda.amazonaws.com' }), 'compliant'],
  'Lambda for the functions of an outside account is not legitimate': [
    repository({
      policy: policy(
        allowPull(
          { Service: 'lambda.amazonaws.com' },
          { Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } },
        ),
      ),
    }),
    'noncompliant',
    { says: 'lambda.amazonaws.com', severity: 'MEDIUM' },
  ],
  'CodeBuild of any account is not legitimate': [
    repository({
      policy: policy(
        allowPull(
          { Service: 'codebuild.amazonaws.com' },
          { Condition: { StringLike: { 'aws:sourcearn': 'arn:aws:codebuild:us-east-1:*:project/x' } } },
        ),
      ),
    }),
    'noncompliant',
    { says: 'codebuild.amazonaws.com', severity: 'MEDIUM' },
  ],
  'another service without a source is a confused deputy': [
    granting({ Service: 'sagemaker.amazonaws.com' }),
    'noncompliant',
    { says: 'sagemaker.amazonaws.com', severity: 'MEDIUM' },
  ],
  'a service bound to our account is no deputy of strangers': [
    repository({
      policy: policy(
        allowPull(
          { Service: 'sagemaker.amazonaws.com' },
          { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } },
        ),
      ),
    }),
    'compliant',
  ],
  'a repository open to anyone names nobody and shows the exposure': [
    granting('*'),
    'compliant',
    { shows: 'anyone: *' },
  ],
  'an own network is as trusted as its owner, and that is stated': [
    repository({
      policy: policy(allowPull('*', { Condition: { StringEquals: { 'aws:VpceAccount': '111122223333' } } })),
    }),
    'compliant',
    { assumes: 'assumes that nobody from outside comes as any account through endpoints of 111122223333' },
  ],
  'an outside account that is named is outside also in an own network': [
    repository({
      policy: policy(
        allowPull({ AWS: '999999999999' }, { Condition: { StringEquals: { 'aws:VpceAccount': '111122223333' } } }),
      ),
    }),
    'noncompliant',
    { says: 'the external account 999999999999' },
  ],
  'a network of an outside account is outside': [
    repository({
      policy: policy(allowPull('*', { Condition: { StringEquals: { 'aws:VpceAccount': '999999999999' } } })),
    }),
    'noncompliant',
    { says: 'lets any account through endpoints of 999999999999 use' },
  ],
  'a network of an account that may be a member is left open': [
    repository({
      policy: policy(allowPull('*', { Condition: { StringEquals: { 'aws:VpceAccount': '222222222222' } } })),
    }),
    'undetermined',
    {
      ...unread,
      says: 'whether who lets in any account through endpoints of 222222222222 belongs to the organization',
    },
  ],
  'accounts of a pattern are outside although one of them is a member': [
    repository({
      policy: policy(allowPull('*', { Condition: { StringLike: { 'aws:PrincipalAccount': '22222222222?' } } })),
    }),
    'noncompliant',
    { says: 'the external account 22222222222?' },
  ],
  'an endpoint of an unknown owner leaves open whose callers they are': [
    repository({
      policy: policy(allowPull('*', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' } } })),
    }),
    'undetermined',
    'owner of vpce-0a1b2c3d4e5f60718 is not known',
  ],
  'an outside account is reported even beside an endpoint of an unknown owner': [
    repository({
      policy: policy(
        allowPull('*', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' } } }),
        allowPull({ AWS: '999999999999' }),
      ),
    }),
    'noncompliant',
    '999999999999',
  ],
})
