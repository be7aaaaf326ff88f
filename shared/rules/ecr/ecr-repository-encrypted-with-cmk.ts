import { clip } from '../../model/quote.ts'
import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { defineRule } from '../define-rule.ts'
import { matchesGlob } from '../glob.ts'
import { missing } from '../missing.ts'
import { encryptedWithCmk as parameters } from '../rule-parameters.ts'

/** Encryption at rest with a KMS key of the customer. */
export const rule = defineRule({
  id: 'ecr-repository-encrypted-with-cmk',
  area: 'ecr',
  title: 'Images are encrypted with a customer managed KMS key',
  severity: 'LOW',
  why: 'Only a key of your own lets you audit, rotate and revoke the use of the images at rest.',
  fix: 'Encryption is fixed at creation: create a new repository with encryption type KMS and your key, then copy the images.',
  notes: [
    'Those who pull need no permission on the key: ECR decrypts through grants of its own.',
    'AES256, a missing key and the alias aws/ecr all mean a key that AWS manages.',
  ],
  judges: 'AWS::ECR::Repository',
  reads: [],
  triggers: { change: true, scheduled: true, calls: ['ecr:CreateRepository'] },
  frameworks: { 'aws-fsbp': ['ECR.5'] },
  defaultEnabled: false,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html',
  parameters,
  evaluate: ({ encryption }, { parameters: { allowedKeyArns } }) => {
    if (encryption.state === 'unknown') return undetermined(missing('encryption configuration', encryption))
    const { assumptions } = encryption
    const { type, kmsKey } = encryption.state === 'known' ? encryption.value : { type: 'AES256', kmsKey: undefined }
    const evidence = [{ source: 'encryption configuration', detail: `${clip(type)}, key ${clip(kmsKey ?? 'of AWS')}` }]
    if (type !== 'KMS' && type !== 'KMS_DSSE') {
      return noncompliant(`Images are encrypted with ${clip(type)}, not with a KMS key.`, { assumptions, evidence })
    }
    if (kmsKey === undefined || kmsKey.endsWith('alias/aws/ecr')) {
      return noncompliant('Images are encrypted with the key AWS manages for ECR, not with a key of yours.', {
        assumptions,
        evidence,
      })
    }
    if (allowedKeyArns.length > 0 && !allowedKeyArns.some((pattern) => matchesGlob(pattern, kmsKey))) {
      return noncompliant('Images are encrypted with a key that is not among the allowed keys.', {
        assumptions,
        evidence,
      })
    }
    return compliant(`Images are encrypted with ${type} and a key of yours.`, { assumptions, evidence })
  },
})
