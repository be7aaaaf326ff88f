import { expect, test } from 'vitest'
import { findingId } from '../../shared/engine/finding-id.ts'

const ref = {
  type: 'AWS::ECR::Repository',
  id: 'app',
  arn: 'arn:aws:ecr:us-east-1:111122223333:repository/app',
  accountId: '111122223333',
  region: 'us-east-1',
}

test('the id of a finding never changes: it is the identity of findings already imported', () => {
  expect(findingId('ecr-repository-not-public', ref)).toBe('13ef5dc22f4556a66ed3a1e824ae5a95')
})

test('rule, account, region and ARN each make another finding; the display id does not', () => {
  const ids = [
    findingId('ecr-repository-not-public', ref),
    findingId('ecr-repository-scanned', ref),
    findingId('ecr-repository-not-public', { ...ref, accountId: '444455556666' }),
    findingId('ecr-repository-not-public', { ...ref, region: 'eu-central-1' }),
    findingId('ecr-repository-not-public', { ...ref, arn: `${ref.arn}2` }),
  ]
  expect(new Set(ids).size).toBe(5)
  expect(findingId('ecr-repository-not-public', { ...ref, id: 'other' })).toBe(ids[0])
})
