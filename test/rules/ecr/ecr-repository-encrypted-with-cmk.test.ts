import type { JsonObject } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/ecr/ecr-repository-encrypted-with-cmk.ts'
import { repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const key = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'

function encrypted(EncryptionConfiguration: JsonObject) {
  return repository({ configuration: { EncryptionConfiguration } })
}

ruleCases(rule, {
  'a key of the customer is as it should be': [encrypted({ EncryptionType: 'KMS', KmsKey: key }), 'compliant'],
  'dual-layer encryption counts as well': [encrypted({ EncryptionType: 'KMS_DSSE', KmsKey: key }), 'compliant'],
  'the default encryption uses no key of yours': [repository(), 'noncompliant', 'AES256'],
  'KMS without a named key uses the one AWS manages': [
    encrypted({ EncryptionType: 'KMS' }),
    'noncompliant',
    'AWS manages',
  ],
  'the alias of ECR is managed by AWS': [encrypted({ EncryptionType: 'KMS', KmsKey: 'alias/aws/ecr' }), 'noncompliant'],
  'a key that is not allowed is reported': [
    encrypted({ EncryptionType: 'KMS', KmsKey: key }),
    'noncompliant',
    { says: 'not among the allowed keys', parameters: { allowedKeyArns: ['arn:aws:kms:*:999999999999:key/*'] } },
  ],
  'an allowed key may be named by a pattern': [
    encrypted({ EncryptionType: 'KMS', KmsKey: key }),
    'compliant',
    { parameters: { allowedKeyArns: 'arn:aws:kms:*:111122223333:key/*' } },
  ],
})
