import { rule } from '../../../shared/rules/ecr/ecr-repository-actions-least-privilege.ts'
import { allowPull, policy, registryPolicy, repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const granting = (principal: string, ...actions: readonly string[]) =>
  repository({ policy: policy(allowPull({ AWS: principal }, { Action: actions })) })
const ownAdmin = 'arn:aws:iam::111122223333:role/RegistryAdmin'

ruleCases(rule, {
  'a repository without a policy grants nothing': [repository(), 'compliant'],
  'another account may pull': [
    granting('222222222222', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'),
    'compliant',
  ],
  'another account must not push': [granting('222222222222', 'ecr:PutImage'), 'noncompliant', 'ecr:PutImage'],
  'the own account may push': [granting('arn:aws:iam::111122223333:role/Build', 'ecr:PutImage'), 'compliant'],
  'every action for the root of the own account is the common bad example': [
    granting('arn:aws:iam::111122223333:root', 'ecr:*'),
    'noncompliant',
    'the whole own account',
  ],
  'changing the policy is for administrators': [granting(ownAdmin, 'ecr:SetRepositoryPolicy'), 'noncompliant'],
  'an administrator of the own account may change the policy': [
    granting(ownAdmin, 'ecr:*'),
    'compliant',
    { settings: { registryAdministrators: ['arn:aws:iam::*:role/RegistryAdmin'] } },
  ],
  'an administrator pattern does not excuse another account': [
    granting('arn:aws:iam::222222222222:role/RegistryAdmin', 'ecr:*'),
    'noncompliant',
    { settings: { registryAdministrators: ['arn:aws:iam::*:role/RegistryAdmin'] } },
  ],
  'replication granted by a registry policy is what registry policies are for': [
    [
      repository(),
      registryPolicy(
        policy(allowPull({ AWS: '222222222222' }, { Action: ['ecr:ReplicateImage', 'ecr:CreateRepository'] })),
        'V2',
      ),
    ],
    'compliant',
    { provenWithout: ['registry.policy.scope'] },
  ],
  'whether a registry policy alone lets others push is not documented': [
    [repository(), registryPolicy(policy(allowPull({ AWS: '222222222222' }, { Action: 'ecr:PutImage' })), 'V2')],
    'undetermined',
    'registry policy of scope V2',
  ],
  'pushing through an endpoint of an unknown owner may be the own account': [
    repository({
      policy: policy(
        allowPull('*', {
          Action: 'ecr:PutImage',
          Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' } },
        }),
      ),
    }),
    'undetermined',
    'owner of vpce-0a1b2c3d4e5f60718 is not known',
  ],
})
