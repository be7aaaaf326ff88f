import { describe, expect, test } from 'vitest'
import { unreadTags, unreadTagsMark } from '../../shared/inventory/unread-tags.ts'

describe('the mark of tags that could not be read', () => {
  test.each([
    ['lasting', 'unread: tag:GetResources failed with AccessDeniedException'],
    ['passing', 'unread for now: tag:GetResources failed with AccessDeniedException'],
  ] as const)('says why, for a reason that is %s', (transience, Tags) => {
    const why = { reason: 'tag:GetResources failed with AccessDeniedException', transience }
    expect(unreadTagsMark(why)).toEqual({ Tags })
    expect(unreadTags({ DnsSupport: true, ...unreadTagsMark(why) })).toEqual(why)
  })

  test('is one line of limited length, whatever a file says', () => {
    const { reason = '' } = unreadTags({ Tags: `unread: a\u0000\nb${'c'.repeat(5_000)}` }) ?? {}
    expect([reason.length, reason.slice(0, 4)]).toEqual([200, 'a bc'])
  })

  test.each([
    [{}],
    [{ Tags: '' }],
    [{ Tags: [{ key: 'unread: ', value: 'x' }] }],
    [{ tags: 'unread: x' }],
    [{ Tags: 'x' }],
  ])('is not %j', (supplementary) => {
    expect(unreadTags(supplementary)).toBeUndefined()
  })
})
