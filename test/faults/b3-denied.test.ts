import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import type { ReadPermission } from '../../shared/sources/permission.ts'
import { readerPermissions } from '../../shared/sources/reader-permissions.ts'
import { configQueryService, emptyConfig } from '../support/fake-aws/config-query.ts'
import { accountIds, estateOf } from '../support/fake-estate/estate.ts'
import { type FakeEstate, startFakeEstate } from '../support/fake-estate/fake-estate.ts'
import { type Audited, audited, rowsOf, type ScopeReading, unaccounted, unfounded } from './audited.ts'
import { readBarely } from './bare-reading.ts'
import { type Collected, collected } from './collected.ts'

const region = 'eu-central-1'
const [first = '', second = ''] = accountIds(2)
const actionsOf = (permissions: readonly ReadPermission[]) =>
  [...new Set(permissions.map(({ action }) => action))].sort()
/** Called before an account is read, by `collect` itself. */
const onTheWay = ['ec2:DescribeRegions', 'sts:GetCallerIdentity']
const ofConfig = actionsOf(readerPermissions.member).filter((action) => action.startsWith('config:'))
/** Tags decide no verdict: `test/cli/live-tags.test.ts` says what becomes of a collection without them. */
const elsewhere = new Set<string>([...onTheWay, ...ofConfig, 'tag:GetResources'])
const live = [...actionsOf(readerPermissions.member), ...actionsOf(readerPermissions.images)].filter(
  (action) => !elsewhere.has(action),
)
const organization = actionsOf(readerPermissions.organization)

let estate: FakeEstate
beforeAll(async () => {
  estate = await startFakeEstate(estateOf({ accounts: 2, regions: [region] }))
})
afterAll(() => estate.close())
beforeEach(() => estate.restart())

const called = () => [...new Set(estate.calls.map(({ service, operation }) => `${service}:${operation}`))].sort()
const ofAccount = (accountId: string, { findings }: Audited) =>
  JSON.stringify(findings.filter(({ resource }) => resource.accountId === accountId))
const naming = (action: string, rows: readonly CoverageEntry[]) =>
  rows.filter(({ status, reason }) => status === 'unknown' && reason?.includes(action))
const deny = (account: string, operation: string) => ({
  ...{ account, operation, region: '*' },
  ...({ nth: 'every', fault: 'denied' } as const),
})

describe('B3 a call of reading an account is denied', () => {
  let truth: readonly ScopeReading[]
  let verdicts: Audited
  beforeAll(async () => {
    estate.restart()
    truth = await readBarely(estate, undefined, { images: true })
    verdicts = audited(truth)
    expect(called()).toEqual([...live].sort())
  })
  it.each(live)(
    'B3 %s: what it reads is unknown and names it, nothing passes, no other account is touched',
    async (action) => {
      estate.plan = [deny(first, action)]
      const reading = await readBarely(estate, undefined, { images: true })
      const after = audited(reading)
      expect(unaccounted(truth, reading)).toEqual([])
      expect(unfounded(verdicts, after)).toEqual([])
      expect(ofAccount(second, after)).toBe(ofAccount(second, verdicts))
      expect([...new Set(naming(action, rowsOf(reading)).map(({ accountId }) => accountId))]).toEqual([first])
    },
  )
})

describe('B3 a call on the way to the accounts is denied', () => {
  let truth: Collected
  let verdicts: Audited
  beforeAll(async () => {
    estate.restart()
    truth = await collected(estate, { own: first })
    verdicts = audited(truth.scopes, truth.rows)
    expect(truth.complete).toBe(true)
  })
  it.each([...organization, 'ec2:DescribeRegions'])(
    'B3 %s: what it leads to is named with it, nothing passes',
    async (action) => {
      estate.plan = [deny('*', action)]
      const after = await collected(estate, { own: first, regions: 'all' })
      expect(called()).toContain(action)
      expect(unaccounted(truth.scopes, after.scopes, after.rows)).toEqual([])
      expect(unfounded(verdicts, audited(after.scopes, after.rows))).toEqual([])
      expect(naming(action, [...rowsOf(after.scopes), ...after.rows])).not.toEqual([])
      expect(after.complete).toBe(false)
    },
  )
  it('B3 sts:GetCallerIdentity: the account that was entered cannot be told, so it is not read', async () => {
    estate.plan = [deny(second, 'sts:GetCallerIdentity')]
    const after = await collected(estate, { own: first })
    expect(after.scopes.map(({ accountId }) => accountId)).toEqual([first, first])
    expect(naming('sts:GetCallerIdentity', after.rows).map(({ accountId }) => accountId)).toEqual([second])
    expect(after.complete).toBe(false)
  })
})

describe('B3 a call of AWS Config is denied', () => {
  const read = () => readBarely(estate, [first], { config: true })
  let truth: readonly ScopeReading[]
  beforeAll(async () => {
    estate.restart()
    truth = await readBarely(estate, [first])
    const services = estate.accounts.get(first)?.regions.get(region)?.state.services
    const config = emptyConfig()
    config.items.push(...truth.flatMap(({ reading }) => reading.items))
    services?.set('config', configQueryService({ accountId: first, region }, config))
    await read()
    expect(ofConfig.filter((action) => !called().includes(action))).toEqual([])
  })
  it.each(ofConfig)('B3 %s: everything is read live instead', async (action) => {
    estate.plan = [deny(first, action)]
    const reading = await read()
    expect(called()).toContain(action)
    expect(unaccounted(truth, reading)).toEqual([])
    expect(unfounded(audited(truth), audited(reading))).toEqual([])
    expect(rowsOf(reading).filter(({ status }) => status === 'unknown')).toEqual([])
  })
  it.each(ofConfig)('B3 %s and what would be read live: unknown', async (action) => {
    estate.plan = [deny(first, action), deny(first, 'ecr:GetRepositoryPolicy')]
    const reading = await read()
    expect(unfounded(audited(truth), audited(reading))).toEqual([])
    expect(naming('ecr:GetRepositoryPolicy', rowsOf(reading))).toHaveLength(3)
  })
})
