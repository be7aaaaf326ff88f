import type { JsonObject } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/ecr/ecr-repository-actions-least-privilege.ts'
import { allowPull, policy, registryPolicy, repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const granting = (principal: string, ...actions: readonly string[]) =>
  repository({ policy: policy(allowPull({ AWS: principal }, { Action: actions })) })
const ownAdmin = 'arn:aws:iam::111122223333:role/RegistryAdmin'

const administrators = { settings: { registryAdministrators: ['arn:aws:iam::*:role/RegistryAdmin*'] } }
const root = { AWS: 'arn:aws:iam::111122223333:root' }
/** Changing the policy, granted to the whole own account under a condition on the caller. */
const underCondition = (condition: JsonObject, ...more: readonly JsonObject[]) =>
  repository({ policy: policy(allowPull(root, { Action: 'ecr:SetRepositoryPolicy', Condition: condition }), ...more) })
/** Every action for the whole own account, less what a Deny takes from all callers of whom the condition holds. */
const lessDeny = (condition: JsonObject, action = 'ecr:*') =>
  repository({
    policy: policy(allowPull(root, { Action: 'ecr:*' }), {
      Effect: 'Deny',
      Principal: '*',
      Action: action,
      Condition: condition,
    }),
  })

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
  'a session of an administrator is an administrator': [
    granting('arn:aws:sts::111122223333:assumed-role/RegistryAdmin/bob', 'ecr:*'),
    'compliant',
    { settings: { registryAdministrators: ['arn:aws:iam::*:role/RegistryAdmin'] } },
  ],
  'a session leaves out the path of its role': [
    granting('arn:aws:sts::111122223333:assumed-role/RegistryAdmin/bob', 'ecr:*'),
    'compliant',
    { settings: { registryAdministrators: ['arn:aws:iam::111122223333:role/platform/RegistryAdmin'] } },
  ],
  'a session of another role is no administrator': [
    granting('arn:aws:sts::111122223333:assumed-role/Build/RegistryAdmin', 'ecr:*'),
    'noncompliant',
    { settings: { registryAdministrators: ['arn:aws:iam::*:role/RegistryAdmin', 'arn:aws:iam::*:role/platform/*'] } },
  ],
  'a session of another account is no administrator here': [
    granting('arn:aws:sts::222222222222:assumed-role/RegistryAdmin/bob', 'ecr:*'),
    'noncompliant',
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
  'pushing through own endpoints is not left to the own account': [
    repository({
      policy: policy(
        allowPull('*', {
          Action: 'ecr:PutImage',
          Condition: { StringEquals: { 'aws:VpceAccount': '111122223333' } },
        }),
      ),
    }),
    'noncompliant',
    'lets any account through endpoints of 111122223333 use ecr:PutImage',
  ],
  'a condition leaves administration to an administrator': [
    underCondition({ StringEquals: { 'aws:PrincipalArn': ownAdmin } }),
    'compliant',
    administrators,
  ],
  'a condition with wildcards leaves administration to administrators': [
    underCondition({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/RegistryAdmin-*' } }),
    'compliant',
    administrators,
  ],
  'a condition on an administrator excuses nobody when none is declared': [
    underCondition({ ArnEquals: { 'aws:PrincipalArn': ownAdmin } }),
    'noncompliant',
    'the whole own account',
  ],
  'a condition that admits one principal besides administrators is too wide': [
    underCondition({ ArnEquals: { 'aws:PrincipalArn': [ownAdmin, 'arn:aws:iam::111122223333:user/anna'] } }),
    'noncompliant',
    administrators,
  ],
  'a condition whose pattern is wider than that of the administrators is too wide': [
    underCondition({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Registry*' } }),
    'noncompliant',
    administrators,
  ],
  'a pattern whose shortest text is an administrator is too wide when longer ones are not': [
    underCondition({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/RegistryAdmin*' } }),
    'noncompliant',
    { settings: { registryAdministrators: [ownAdmin] } },
  ],
  'a condition that spares callers without the key leaves administration to administrators all the same': [
    underCondition({ ArnLikeIfExists: { 'aws:PrincipalArn': ownAdmin } }),
    'compliant',
    administrators,
  ],
  'a condition on a tag beside a negated one on the caller admits others': [
    underCondition({
      StringEquals: { 'aws:PrincipalTag/admin': 'true' },
      ArnNotEquals: { 'aws:PrincipalArn': ownAdmin },
    }),
    'noncompliant',
    administrators,
  ],
  'a Deny for all but administrators leaves administration to them': [
    lessDeny({ ArnNotEquals: { 'aws:PrincipalArn': ownAdmin } }),
    'compliant',
    administrators,
  ],
  'a Deny for callers unlike administrators leaves administration to them': [
    lessDeny({ StringNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/RegistryAdmin*' } }),
    'compliant',
    administrators,
  ],
  'a Deny that leaves out one administrative action does not do': [
    lessDeny({ ArnNotEquals: { 'aws:PrincipalArn': ownAdmin } }, 'ecr:*Policy'),
    'noncompliant',
    { ...administrators, says: 'ecr:BatchDeleteImage' },
  ],
  'a Deny that also spares a role that is no administrator does not do': [
    lessDeny({ ArnNotLike: { 'aws:PrincipalArn': [ownAdmin, 'arn:aws:iam::111122223333:role/Build*'] } }),
    'noncompliant',
    administrators,
  ],
})
