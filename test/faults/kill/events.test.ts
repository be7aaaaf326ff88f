import { describe, expect, it } from 'vitest'
import { expectGoodInTheEnd } from './attempts.ts'
import { isWrite } from './member.ts'
import { servingMember } from './serving-member.ts'

const member = servingMember('queued')

/** What is told of repository `app` once its policy is open to everybody, besides what other rules say of it. */
const opened = 'ecr-repository-not-public app FAILED ACTIVE'

describe('P8 a process of the built function', () => {
  it.each([
    [
      'a change of c',
      ['config:PutEvaluations', 'sqs:SendMessageBatch', 'config:PutEvaluations'],
      ['c NOT_APPLICABLE', 'ecr-repository-not-public c PASSED ARCHIVED'],
    ],
    [
      'a change of batch',
      ['config:PutEvaluations', 'sqs:SendMessageBatch'],
      ['batch NON_COMPLIANT', 'image-registry-approved batch FAILED ACTIVE'],
    ],
    ['a pull that failed', ['sqs:SendMessageBatch'], ['pull-failure web FAILED ACTIVE']],
  ])(
    'killed after any request of %s and started anew leaves what an undisturbed one leaves',
    async (occasion, writes, news) => {
      const undisturbed = await expectGoodInTheEnd(member(), occasion)
      expect(undisturbed.calls.length).toBeGreaterThan(writes.length)
      expect(undisturbed.calls.filter(isWrite)).toEqual(writes)
      expect(undisturbed.news).toEqual(news)
    },
    240_000,
  )

  it('killed before or after it hands an event on leaves what is left when it is handed on once', async () => {
    const undisturbed = await expectGoodInTheEnd(member(), 'a call of CloudTrail')
    expect(undisturbed.calls).toEqual(['lambda:Invoke'])
    expect(undisturbed.news).toContain(opened)
  }, 240_000)
})
