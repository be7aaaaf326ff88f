import { rule } from '../../../shared/rules/ecr/ecr-repository-policy-effective.ts'
import { allowPull, policy, repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const account = { AWS: '222222222222' }

ruleCases(rule, {
  'a repository without a policy has no dead statement': [repository(), 'compliant', 'no policy'],
  'an ordinary pull statement can take effect': [repository({ policy: policy(allowPull(account)) }), 'compliant'],
  'the authorization token is no repository action': [
    repository({ policy: policy(allowPull(account, { Action: ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage'] })) }),
    'noncompliant',
    'AWS rejects it',
  ],
  'a deleted principal never matches again': [
    repository({ policy: policy(allowPull({ AWS: 'AROAEXAMPLEEXAMPLE12' })) }),
    'noncompliant',
    { says: 'Statement 1 of the repository policy: AROAEXAMPLEEXAMPLE12', shows: 'repository policy, statement 1' },
  ],
  'a statement without a principal applies to nobody': [
    repository({ policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ecr:BatchGetImage' }] } }),
    'noncompliant',
    'names no principal',
  ],
  'a wildcard inside a principal is none that AWS takes': [
    repository({ policy: policy(allowPull({ AWS: 'arn:aws:iam::*:root' })) }),
    'noncompliant',
    'arn:aws:iam::*:root has a wildcard inside',
  ],
  'a principal of another partition never calls': [
    repository({ policy: policy(allowPull({ AWS: 'arn:aws-cn:iam::222222222222:root' })) }),
    'noncompliant',
    'arn:aws-cn:iam::222222222222:root is of another partition of AWS',
  ],
  'a Deny of a principal of another partition denies nothing': [
    repository({ policy: policy(allowPull({ AWS: 'arn:aws-cn:iam::222222222222:role/x' }, { Effect: 'Deny' })) }),
    'noncompliant',
    'another partition',
  ],
  'a lone star is a principal': [repository({ policy: policy(allowPull({ AWS: '*' })) }), 'compliant'],
  'an action ECR does not have never matches': [
    repository({ policy: policy(allowPull(account, { Action: ['ecr:PullImage'] })) }),
    'noncompliant',
    'ecr:PullImage matches no action',
  ],
  'the principal of ECS tasks never calls ECR': [
    repository({ policy: policy(allowPull({ Service: 'ecs-tasks.amazonaws.com' })) }),
    'noncompliant',
    'tasks pull with the role',
  ],
  'a condition on a key absent from pulls never holds': [
    repository({
      policy: policy(allowPull(account, { Condition: { StringEquals: { 'aws:CalledVia': 'ecs.amazonaws.com' } } })),
    }),
    'noncompliant',
    'aws:CalledVia',
  ],
  'a policy that cannot be parsed leaves the verdict open': [repository({ policy: '[' }), 'undetermined'],
})
