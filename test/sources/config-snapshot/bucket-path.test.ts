import { expect, it } from 'vitest'
import { bucketPathOf } from '../../../shared/sources/config-snapshot/bucket-path.ts'

const place = { accountId: '111122223333', region: 'eu-west-1', resourceType: undefined }

it.each([
  ['AWSLogs/111122223333/Config/eu-west-1/2026/11/20/ConfigSnapshot/x.json.gz', place],
  ['collected/111122223333/eu-west-1.json', place],
  ['collected/111122223333/eu-west-1.json.gz', place],
  ['C:\\collected\\111122223333\\us-gov-west-1.json', { ...place, region: 'us-gov-west-1' }],
  ['collected/111122223333/global.json', { ...place, region: 'global' }],
])('%s says whose items it holds', (file, expected) => {
  expect(bucketPathOf(file)).toEqual(expected)
})

it.each([
  'collected/coverage.json',
  'collected/1111222233334/eu-west-1.json',
  'collected/111122223333/notes.json',
  'collected/111122223333/eu-west-1.json.part',
  'eu-west-1.json',
])('%s does not', (file) => {
  expect(bucketPathOf(file)).toBeUndefined()
})
