import { describe, expect, test } from 'vitest'
import { withinOrganization } from '../../../cli/collect/aggregated-organization.ts'
import type { AggregatedEstate } from '../../../cli/collect/collect-dependencies.ts'
import type { CollectPlan } from '../../../cli/collect/collect-plan.ts'
import { covered, type Reading, rawItem, unlisted } from '../../../shared/sources/reading.ts'

const [home, second, third] = ['111122223333', '222233334444', '333344445555'] as const
const reader = { accountId: home, region: 'eu-central-1', readAt: '2026-03-01T12:00:00.000Z' }
const organizationType = 'AWS::Organizations::Organization'
const accountType = 'AWS::Organizations::Account'
const unitType = 'AWS::Organizations::OrganizationalUnit'

const itself = rawItem(
  reader,
  organizationType,
  { id: 'o-1', arn: `arn:aws:organizations::${home}:organization/o-1` },
  { RootId: 'r-1abc' },
)

function member(AccountId: string, Status = 'ACTIVE') {
  const arn = `arn:aws:organizations::${home}:account/o-1/${AccountId}`
  return rawItem(reader, accountType, { id: AccountId, arn }, { AccountId, Status, ParentIds: ['r-1abc'] })
}

function organization(...members: readonly Reading['items'][number][]): Reading {
  const coverage = [organizationType, accountType, unitType].map((type) => covered(reader, type))
  return { items: [itself, ...members], coverage, gaps: [] }
}

const nothing: Reading = { items: [], coverage: [], gaps: [] }
const aggregated = (...ids: readonly string[]): AggregatedEstate => ({
  scopes: ids.map((accountId) => ({ accountId, region: 'eu-central-1', reading: nothing, calls: 0 })),
  rows: [],
})

function told(reading: Reading, estate: AggregatedEstate, accounts?: readonly string[]) {
  const plan: CollectPlan = {
    scope: { kind: 'organization', roleName: 'r', ...(accounts === undefined ? {} : { accounts }) },
    regions: { kind: 'all' },
    choice: { images: false, config: true },
    aggregator: 'all',
  }
  const { scopes, rows } = withinOrganization(plan, home, reading, estate)
  return {
    accounts: scopes.map(({ accountId }) => accountId),
    rows: rows.map(({ accountId, region, reason }) => `${accountId} ${region} ${reason}`),
  }
}

describe('an organization that is read through an aggregator', () => {
  test('is covered when the aggregator collects from all of its accounts', () => {
    expect(told(organization(member(home), member(second)), aggregated(home, second))).toEqual({
      accounts: [home, second],
      rows: [],
    })
  })

  test('names an account the aggregator does not collect from', () => {
    expect(told(organization(member(home), member(second)), aggregated(home))).toEqual({
      accounts: [home],
      rows: [`${second} * the aggregator does not collect from account ${second}`],
    })
  })

  test('names a suspended account once, and leaves out one of another organization', () => {
    const reading = organization(member(home), member(second, 'SUSPENDED'))
    expect(told(reading, aggregated(home, second, third))).toEqual({
      accounts: [home],
      rows: [`${second} * the account is suspended`],
    })
  })

  test('keeps all the aggregator has when the accounts could not be listed, and says so', () => {
    const failure = {
      reason: 'organizations:ListRoots failed with AccessDeniedException',
      transience: 'lasting',
    } as const
    expect(told(unlisted(reader, [organizationType, accountType, unitType], failure), aggregated(second))).toEqual({
      accounts: [second],
      rows: [`${home} global the accounts of the organization could not be listed: ${failure.reason}`],
    })
  })

  test('of which accounts are named gives these', () => {
    const reading = organization(member(home), member(second), member(third))
    expect(told(reading, aggregated(home, second), [second, third])).toEqual({
      accounts: [second],
      rows: [`${third} * the aggregator does not collect from account ${third}`],
    })
  })
})
