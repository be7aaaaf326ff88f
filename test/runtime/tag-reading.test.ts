import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { tagReading } from '../../shared/runtime/tag-reading.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { askedForTags, serveTags } from '../support/fake-aws/tagging.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  vi.stubEnv('AWS_ENDPOINT_URL', fake.endpoint)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await fake.close()
})

const arn = 'arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-1'
const reader = { accountId: '111122223333', region: 'eu-central-1', readAt: '2026-03-01T12:00:00.000Z' }

it('reads with a client of its own, which is made once', async () => {
  serveTags(fake, new Map([[arn, { stage: 'sandbox' }]]))
  const read = tagReading()
  const expected = { tags: new Map([[arn, new Map([['stage', 'sandbox']])]]) }
  expect(await read('eu-central-1')(reader, [arn])).toEqual(expected)
  expect(await read('eu-central-1')(reader, [arn])).toEqual(expected)
  expect(askedForTags(fake)).toEqual([[arn], [arn]])
})
