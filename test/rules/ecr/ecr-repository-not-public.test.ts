import { rule } from '../../../shared/rules/ecr/ecr-repository-not-public.ts'
import { allowPull, notListed, policy, registryPolicy, repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const open = allowPull('*', { Sid: 'AllowAll' })
const conditioned = (Condition: Parameters<typeof allowPull>[1]) =>
  repository({ policy: policy(allowPull('*', { Condition: Condition ?? {} })) })
const denyOutsiders = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'ecr:*',
  Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } },
}

ruleCases(rule, {
  'a repository without a policy is not public': [repository(), 'compliant'],
  'a repository for one named account is not public': [
    repository({ policy: policy(allowPull({ AWS: '999999999999' })) }),
    'compliant',
    { shows: 'external: 999999999999' },
  ],
  'Allow * is public and the statement is named': [
    repository({ policy: policy(allowPull({ AWS: '222222222222' }), open) }),
    'noncompliant',
    {
      says: 'Statement 2 (Sid AllowAll) of the repository policy lets any AWS account use ecr:BatchGetImage',
      shows: 'repository policy, statement 2 (Sid "AllowAll")',
    },
  ],
  'Allow * for the organization is not public': [
    conditioned({ StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } }),
    'compliant',
    { shows: 'anyone: none' },
  ],
  'an organization id made of wildcards does not restrict': [
    conditioned({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } }),
    'noncompliant',
  ],
  'StringEqualsIfExists does not restrict a caller who lacks the key': [
    conditioned({ StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-0123' } }),
    'noncompliant',
  ],
  'demanding TLS does not restrict anyone': [conditioned({ Bool: { 'aws:SecureTransport': 'true' } }), 'noncompliant'],
  'an operator nobody knows counts as could allow and is named': [
    conditioned({ StringFoo: { 'aws:PrincipalOrgID': 'o-exampleorg1' } }),
    'noncompliant',
    'StringFoo',
  ],
  'Allow * with a Deny for everyone outside the organization is not public': [
    repository({ policy: policy(open, denyOutsiders) }),
    'compliant',
  ],
  'whether a registry policy of scope V2 alone lets anyone pull is not documented': [
    [repository(), registryPolicy(policy({ ...open, Resource: '*' }), 'V2')],
    'undetermined',
    { says: 'registry policy of scope V2', shows: 'anyone: *' },
  ],
  'a registry policy that lets anyone replicate into the repository opens it': [
    [repository(), registryPolicy(policy({ ...open, Action: 'ecr:ReplicateImage', Resource: '*' }), 'V2')],
    'noncompliant',
    { says: 'of the registry policy', provenWithout: ['registry.policy.scope'] },
  ],
  'a grant that has run out is not public': [
    conditioned({ DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }),
    'compliant',
  ],
  'a grant that runs out in a year is public': [
    conditioned({ NumericLessThan: { 'aws:EpochTime': '1830000000' } }),
    'noncompliant',
  ],
  'a grant that begins next year is public': [
    conditioned({ DateGreaterThan: { 'aws:CurrentTime': '2027-06-01T00:00:00Z' } }),
    'noncompliant',
  ],
  'a Deny since a day in the past closes the repository': [
    repository({
      policy: policy(open, {
        Effect: 'Deny',
        Principal: '*',
        Action: '*',
        Condition: { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } },
      }),
    }),
    'compliant',
  ],
  'a registry policy of scope V1 does not grant pulls': [
    [repository(), registryPolicy(policy({ ...open, Resource: '*' }), 'V1')],
    'compliant',
  ],
  'a registry policy of unknown scope that would matter leaves the verdict open': [
    [repository(), registryPolicy(policy({ ...open, Resource: '*' }))],
    'undetermined',
    'registry policy scope',
  ],
  'a registry policy of unknown scope that makes no difference does not matter': [
    [repository(), registryPolicy(policy({ ...allowPull({ AWS: '222222222222' }), Resource: '*' }))],
    'compliant',
    { provenWithout: ['registry.policy.scope'] },
  ],
  'a Deny in a registry policy of scope V2 closes an open repository': [
    [repository({ policy: policy(open) }), registryPolicy(policy({ ...denyOutsiders, Resource: '*' }), 'V2')],
    'compliant',
  ],
  'an open repository under an unknown registry policy leaves the verdict open': [
    [repository({ policy: policy(open) }), notListed('AWS::ECR::RegistryPolicy')],
    'undetermined',
    'registry policy',
  ],
  'a policy that cannot be parsed leaves the verdict open': [repository({ policy: '{"Statement":' }), 'undetermined'],
})
