import type { Inventory } from '../../inventory/inventory.ts'
import { stringProperty } from '../../inventory/property.ts'
import { parseArn } from '../../model/arn.ts'
import { clip } from '../../model/quote.ts'
import type { ResourceRef } from '../../model/resource.ts'
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
    'ECR names the key AWS manages by an ARN that looks like any other. Whose it is, is known of keys in files of AWS Config (`AWS::KMS::Key`), of keys of another account, multi-Region keys and aliases; of all others the verdict stays open until allowedKeyArns names yours.',
  ],
  judges: 'AWS::ECR::Repository',
  reads: [],
  takes: ['AWS::KMS::Key'],
  triggers: { change: true, scheduled: true, calls: ['ecr:CreateRepository'] },
  frameworks: { 'aws-fsbp': ['ECR.5'] },
  defaultEnabled: false,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html',
  parameters,
  evaluate: ({ encryption, ref }, { inventory, parameters: { allowedKeyArns } }) => {
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
    const manager = managerOf(kmsKey, ref, inventory)
    if (manager === 'AWS') {
      return noncompliant('Images are encrypted with a key AWS manages, not with a key of yours.', {
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
    if (manager === 'unknown' && allowedKeyArns.length === 0) {
      const reason = `who manages ${clip(kmsKey)}: the key of AWS for ECR has an ARN of this form too`
      return undetermined([{ reason, transience: 'lasting' }], evidence)
    }
    const whose = manager === 'CUSTOMER' ? 'a key of yours' : 'an allowed key'
    return compliant(`Images are encrypted with ${type} and ${whose}.`, { assumptions, evidence })
  },
})

/** AWS manages keys of one region in the account that uses them, and gives them aliases of its own. */
function managerOf(
  key: string,
  { accountId, region }: ResourceRef,
  { items }: Inventory,
): 'AWS' | 'CUSTOMER' | 'unknown' {
  const arn = parseArn(key)
  const name = arn?.resource ?? key
  if (name.startsWith('alias/')) return name.startsWith('alias/aws/') ? 'AWS' : 'CUSTOMER'
  const id = name.replace(/^key\//, '')
  if (id.startsWith('mrk-') || (arn !== undefined && arn.accountId !== accountId)) return 'CUSTOMER'
  const item = items('AWS::KMS::Key').find(
    (one) => one.accountId === accountId && one.region === region && (one.arn === key || one.resourceId === id),
  )
  const stated = item && stringProperty(item.configuration, 'KeyManager')
  return stated === 'AWS' || stated === 'CUSTOMER' ? stated : 'unknown'
}
