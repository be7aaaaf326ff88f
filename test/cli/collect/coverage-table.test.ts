import { describe, expect, test } from 'vitest'
import { progressText } from '../../../cli/collect/collect-progress.ts'
import { CoverageLedger } from '../../../cli/collect/coverage-ledger.ts'
import { coverageTable } from '../../../cli/collect/coverage-table.ts'

const [home, second] = ['111122223333', '222233334444'] as const
const totals = { items: 12, known: 3, unknown: 1, calls: 40 }

function ledger(...regions: readonly string[]): CoverageLedger {
  const one = new CoverageLedger()
  one.expectAccount(home)
  one.expectRegions(home, regions)
  return one
}

describe('the coverage table', () => {
  test('has a line for each region of one account, and what is not covered below', () => {
    const one = ledger('eu-west-1', 'us-east-1')
    const row = { accountId: home, region: 'eu-west-1', resourceType: 'AWS::ECS::Cluster', status: 'unknown' } as const
    one.read({ accountId: home, region: 'eu-west-1' }, totals, [{ ...row, reason: 'denied' }])
    expect(coverageTable(one, 'the end').split('\n')).toEqual([
      'account       region     items  known  unknown  calls',
      '111122223333  eu-west-1     12      3        1     40',
      '111122223333  us-east-1      -      -        -      -',
      'Not covered',
      '  111122223333 us-east-1 nothing was read: not read: the end',
      '  111122223333 eu-west-1 AWS::ECS::Cluster: denied',
      '',
    ])
  })

  test('has a line for each of several accounts', () => {
    const one = ledger('eu-west-1', 'global')
    one.read({ accountId: home, region: 'eu-west-1' }, totals, [])
    one.read({ accountId: home, region: 'global' }, totals, [])
    one.expectAccount(second)
    one.notCovered({ accountId: second, region: '*', resourceType: '*', status: 'unknown', reason: 'denied' })
    expect(coverageTable(one, 'the end').split('\n').slice(1, 3)).toEqual([
      '111122223333  1           24      6        2     80',
      '222233334444  -            -      -        -      -',
    ])
  })

  test('lets nothing from an account steer the terminal', () => {
    const one = ledger()
    one.notCovered({ accountId: home, region: '*', resourceType: '*', status: 'unknown', reason: 'a\u001b[31mb\nc' })
    expect(coverageTable(one, '')).toContain('a\\u{1b}[31mb c\n')
  })

  test('shows the first of very many gaps', () => {
    const one = ledger()
    for (let n = 0; n < 250; n++) {
      const accountId = String(100_000_000_000 + n)
      one.expectAccount(accountId)
      one.notCovered({ accountId, region: '*', resourceType: '*', status: 'unknown', reason: 'denied' })
    }
    expect(coverageTable(one, 'the end')).toContain('  and 50 more: see coverage.json and the files\n')
  })
})

test('progress says what is done, what was called and how long it may take', () => {
  const one = ledger('eu-west-1', 'us-east-1')
  one.expectAccount(second)
  one.called(3)
  expect(progressText(one, 2_000)).toBe('accounts 0/2, regions 0/2, 3 calls')
  one.read({ accountId: home, region: 'eu-west-1' }, totals, [])
  expect(progressText(one, 2_000)).toBe('accounts 0/2, regions 1/2, 3 calls, about 2 s left')
  one.read({ accountId: home, region: 'us-east-1' }, totals, [])
  expect(progressText(one, 4_000)).toBe('accounts 1/2, regions 2/2, 3 calls, about 0 s left')
})
