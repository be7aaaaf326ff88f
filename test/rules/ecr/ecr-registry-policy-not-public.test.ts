import { rule } from '../../../shared/rules/ecr/ecr-registry-policy-not-public.ts'
import { policy, registryPolicy } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const everything = 'arn:aws:ecr:eu-central-1:111122223333:repository/*'
const statement = (principal: string | { AWS: string }, action: string, resource = everything, effect = 'Allow') => {
  return { Sid: 'Replicate', Effect: effect, Principal: principal, Action: action, Resource: resource }
}

ruleCases(rule, {
  'a named account may replicate': [
    registryPolicy(policy(statement({ AWS: '222222222222' }, 'ecr:ReplicateImage')), 'V1'),
    'compliant',
    { provenWithout: ['scope'] },
  ],
  'any account that may replicate is reported whatever the scope': [
    registryPolicy(policy(statement('*', 'ecr:ReplicateImage'))),
    'noncompliant',
    { says: 'lets any AWS account use ecr:ReplicateImage', provenWithout: ['scope'] },
  ],
  'pulling for anyone counts under scope V2': [
    registryPolicy(policy(statement('*', 'ecr:BatchGetImage')), 'V2'),
    'noncompliant',
  ],
  'pulling for anyone means nothing under scope V1': [
    registryPolicy(policy(statement('*', 'ecr:BatchGetImage')), 'V1'),
    'compliant',
  ],
  'pulling for anyone under an unknown scope leaves the verdict open': [
    registryPolicy(policy(statement('*', 'ecr:BatchGetImage'))),
    'undetermined',
    'registry policy scope',
  ],
  'a statement for some repositories only is still public': [
    registryPolicy(policy(statement('*', 'ecr:CreateRepository', `${everything.slice(0, -1)}cache-*`)), 'V2'),
    'noncompliant',
    { provenWithout: ['scope'] },
  ],
  'a wider Deny closes a statement for some repositories': [
    registryPolicy(
      policy(
        statement('*', 'ecr:CreateRepository', `${everything.slice(0, -1)}cache-*`),
        statement('*', 'ecr:*', everything, 'Deny'),
      ),
      'V2',
    ),
    'compliant',
    { provenWithout: ['scope'] },
  ],
  'a policy that cannot be parsed leaves the verdict open': [registryPolicy('{', 'V2'), 'undetermined'],
})
