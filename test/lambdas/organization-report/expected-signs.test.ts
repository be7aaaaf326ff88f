import { describe, expect, it } from 'vitest'
import { withoutSigns } from '../../../lambdas/organization-report/expected-signs.ts'
import type { JsonObject } from '../../../shared/model/json.ts'

const hour = 3_600_000
const at = Date.parse('2026-03-02T06:00:00.000Z')
const item = (type: string, configuration: JsonObject): JsonObject => ({
  ...{ resourceType: `AWS::Organizations::${type}`, configuration },
})
const unit = (Id: string, ParentId: string) => item('OrganizationalUnit', { Id, ParentId })
const account = (AccountId: string, more: JsonObject) => item('Account', { AccountId, ...more })
const units = [unit('ou-top', 'r-ab12'), unit('ou-low', 'ou-top'), unit('ou-other', 'r-ab12')]
const excused = (accounts: readonly JsonObject[], targets: readonly string[] = []) =>
  [...withoutSigns([...units, ...accounts], { targets, at, maxAge: 26 * hour })].map(
    ([id, reason]) => `${id}: ${reason}`,
  )

describe('the accounts that need not have given a sign', () => {
  it('are those that joined within 26 hours', () => {
    const joined = (id: string, time: string) => account(id, { JoinedTimestamp: time, ParentIds: ['r-ab12'] })
    const found = excused([
      joined('111111111111', '2026-03-01T04:00:00.001Z'),
      joined('222222222222', '2026-03-01T04:00:00.000Z'),
      joined('333333333333', '2024-01-01T00:00:00.000Z'),
    ])
    expect(found).toEqual(['111111111111: the account joined on 2026-03-01T04:00:00.001Z'])
  })

  it('are those outside of the units that are deployed to', () => {
    const accounts = [
      account('111111111111', { ParentIds: ['ou-low'] }),
      account('222222222222', { ParentIds: ['ou-other'] }),
      account('333333333333', { ParentIds: ['r-ab12'] }),
      account('444444444444', { ParentIds: ['ou-top'] }),
    ]
    const outside = (id: string) => `${id}: the account is in none of the units that are deployed to`
    expect(excused(accounts, ['ou-top'])).toEqual(['222222222222', '333333333333'].map(outside))
    expect(excused(accounts, ['ou-low', 'ou-other'])).toEqual(['333333333333', '444444444444'].map(outside))
    expect(excused(accounts, ['r-ab12'])).toEqual([])
    expect(excused(accounts)).toEqual([])
  })

  it('are none of which something is not known', () => {
    const accounts = [
      account('111111111111', {}),
      account('222222222222', { ParentIds: ['ou-gone'], JoinedTimestamp: 'yesterday' }),
      account('333333333333', { ParentIds: ['ou-round'] }),
      account('444444444444', { ParentIds: ['ou-other', 'ou-low'] }),
    ]
    const circle = [unit('ou-round', 'ou-trip'), unit('ou-trip', 'ou-round')]
    expect(excused([...circle, ...accounts], ['ou-top'])).toEqual([])
  })
})
