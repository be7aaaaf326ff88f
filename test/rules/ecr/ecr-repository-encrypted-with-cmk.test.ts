import type { JsonObject } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/ecr/ecr-repository-encrypted-with-cmk.ts'
import { elsewhere, home, repository } from '../../support/builders.ts'
import { itemWith } from '../../support/estate.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const key = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'

function encrypted(EncryptionConfiguration: JsonObject) {
  return repository({ configuration: { EncryptionConfiguration } })
}

const withKey = (KmsKey: string) => encrypted({ EncryptionType: 'KMS', KmsKey })
/** The key as AWS Config records it. */
const recorded = (keyManager: string, more: JsonObject = {}) =>
  itemWith({
    resourceType: 'AWS::KMS::Key',
    resourceId: '1234abcd-12ab-34cd-56ef-1234567890ab',
    ARN: key,
    configuration: { arn: key, keyManager, ...more },
  })

ruleCases(rule, {
  'a key that AWS Config records as the customer’s is as it should be': [
    [withKey(key), recorded('CUSTOMER')],
    'compliant',
    'Images are encrypted with KMS and a key of yours.',
  ],
  'dual-layer encryption counts as well': [
    [encrypted({ EncryptionType: 'KMS_DSSE', KmsKey: key }), recorded('CUSTOMER')],
    'compliant',
  ],
  'a bare key id names the key of the account': [
    [withKey('1234abcd-12ab-34cd-56ef-1234567890ab'), recorded('CUSTOMER')],
    'compliant',
  ],
  'the key of AWS for ECR is given by an ARN like any other': [
    [withKey(key), recorded('AWS')],
    'noncompliant',
    'a key AWS manages',
  ],
  'the key of AWS is none of yours whatever a pattern allows': [
    [withKey(key), recorded('AWS')],
    'noncompliant',
    { says: 'a key AWS manages', parameters: { allowedKeyArns: 'arn:aws:kms:*:111122223333:key/*' } },
  ],
  'whose key it is, is not known where nobody recorded it': [withKey(key), 'undetermined', `who manages ${key}`],
  'a key in another account or region of the files is another one': [
    [
      withKey(key),
      elsewhere(recorded('CUSTOMER'), { accountId: '444455556666' }),
      elsewhere(recorded('CUSTOMER'), { region: 'eu-west-1' }),
    ],
    'undetermined',
    `who manages ${key}`,
  ],
  'a key recorded without its manager leaves it open': [[withKey(key), recorded('')], 'undetermined'],
  'a key of another account is no key that AWS manages here': [
    withKey(key.replace(home.accountId, '444455556666')),
    'compliant',
    'a key of yours',
  ],
  'a multi-Region key is none that AWS manages': [withKey(key.replace('1234abcd', 'mrk-1234abcd')), 'compliant'],
  'an alias of one’s own is a key of the customer': [
    withKey('arn:aws:kms:eu-central-1:111122223333:alias/images'),
    'compliant',
  ],
  'an alias of AWS is a key that AWS manages': [
    withKey('arn:aws:kms:eu-central-1:111122223333:alias/aws/ecr'),
    'noncompliant',
    'the key AWS manages for ECR',
  ],
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
    { says: 'an allowed key', parameters: { allowedKeyArns: 'arn:aws:kms:*:111122223333:key/*' } },
  ],
})
