import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../shared/model/json.ts'
import { accountIds, estateOf, publicRepository, repositoryArn } from '../support/fake-estate/estate.ts'
import { type FakeEstate, startFakeEstate } from '../support/fake-estate/fake-estate.ts'
import { type FaultKind, faultKinds, type PlannedFault } from '../support/fake-estate/faults.ts'
import { plans } from '../support/fake-estate/plans.ts'
import { type Audited, audited, rowsOf, type ScopeReading, unaccounted, unfounded } from './audited.ts'
import { readBarely } from './bare-reading.ts'
import { numRuns } from './runs.ts'

const [first = '', second = ''] = accountIds(2)
let estate: FakeEstate
let truth: readonly ScopeReading[]
let verdicts: Audited
let operations: readonly string[]
beforeAll(async () => {
  estate = await startFakeEstate(estateOf({ accounts: 2, regions: ['eu-central-1'] }))
  truth = await readBarely(estate)
  verdicts = audited(truth)
  operations = [...new Set(estate.calls.map(({ service, operation }) => `${service}:${operation}`))].sort()
})
afterAll(() => estate.close())
beforeEach(() => estate.restart())

const under = async (plan: readonly PlannedFault[]) => {
  estate.restart()
  estate.plan = plan
  return readBarely(estate)
}
const ofAccount = (accountId: string, one: Audited) =>
  JSON.stringify(one.findings.filter(({ resource }) => resource.accountId === accountId))
/** Kinds that a reader without retries can tell apart. */
const different = ['denied', '500', 'empty', 'wrong type', 'truncated', 'html', 'repeated token'] as const
/** Kinds that cost no waiting. */
const quick = faultKinds.filter((kind) => kind !== 'hang' && kind !== 'trickle')

/** The reading as one that takes failure for absence would give it. */
const carelessly = (change: (item: JsonObject) => readonly JsonObject[]): readonly ScopeReading[] =>
  truth.map((scope) => ({ ...scope, reading: { ...scope.reading, items: scope.reading.items.flatMap(change) } }))
const open = repositoryArn(first, 'eu-central-1', publicRepository)

describe('the checks', () => {
  it('see a repository that is gone without a word', () => {
    const short = carelessly((item) => (item.arn === open ? [] : [item]))
    expect(unaccounted(truth, short)).toEqual([`${first} AWS::ECR::Repository ${open} is gone and no row says so`])
    expect(unfounded(verdicts, audited(short))).toContain(
      `ecr-repository-not-public on ${open}: NON_COMPLIANT became nothing`,
    )
  })
  it('see a repository that passes because its policy was not read', () => {
    const forget = (item: JsonObject) =>
      item.arn === open
        ? { ...item, configuration: { ...(item.configuration as JsonObject), RepositoryPolicyText: {} } }
        : item
    const cleared = carelessly((item) => [forget(item)])
    expect(unaccounted(truth, cleared)).toEqual([`${first} AWS::ECR::Repository ${open} is another and no row says so`])
    expect(unfounded(verdicts, audited(cleared))).toEqual([
      `ecr-repository-not-public on ${open}: NON_COMPLIANT became COMPLIANT`,
    ])
  })
  it('see what is there twice', () => {
    const twice = carelessly((item) => (item.arn === open ? [item, item] : [item]))
    expect(unaccounted(truth, twice)).toEqual([`${first} AWS::ECR::Repository ${open} is there 2 times`])
  })
})

describe('a reading without retries', () => {
  it('of an estate in which nothing fails is complete', () => {
    expect(truth.map(({ accountId, region, reading }) => [accountId, region, reading.items.length > 5])).toEqual([
      [first, 'global', true],
      [first, 'eu-central-1', true],
      [second, 'global', true],
      [second, 'eu-central-1', true],
    ])
    expect(unaccounted(truth, truth)).toEqual([])
    expect(unfounded(verdicts, verdicts)).toEqual([])
    const kinds = new Set(verdicts.findings.map(({ compliance }) => compliance))
    expect([...kinds].sort()).toEqual(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'UNDETERMINED'])
  })

  it('keeps P1 and P2 when one kind of call fails in one way, whichever', async () => {
    const truth = await readBarely(estate, [first])
    const verdicts = audited(truth)
    const wrong: string[] = []
    for (const operation of operations) {
      for (const fault of different) {
        estate.restart()
        estate.plan = [{ account: first, region: '*', operation, nth: 'every', fault }]
        const reading = await readBarely(estate, [first])
        const broken = [...unaccounted(truth, reading), ...unfounded(verdicts, audited(reading))]
        wrong.push(...broken.map((what) => `${operation} ${fault}: ${what}`))
      }
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('keeps P1, P2 and P3 under any plan for one account', async () => {
    const space = {
      accounts: [first],
      regions: ['eu-central-1', 'global'],
      operations,
      kinds: quick as readonly FaultKind[],
    }
    await fc.assert(
      fc.asyncProperty(plans(space), async (drawn) => {
        const plan = drawn.map((one) => ({ ...one, account: first }))
        const reading = await under(plan)
        const after = audited(reading)
        expect(unaccounted(truth, reading)).toEqual([])
        expect(unfounded(verdicts, after)).toEqual([])
        expect(ofAccount(second, after)).toBe(ofAccount(second, verdicts))
      }),
      { numRuns: numRuns(100), endOnFailure: false },
    )
  }, 600_000)

  it('says the same in whatever order the answers come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 0, max: 6 })), async (waits) => {
        estate.restart()
        estate.delay = () => waits.next().value
        const reading = await readBarely(estate)
        expect(unaccounted(truth, reading)).toEqual([])
        expect(audited(reading).findings).toEqual(verdicts.findings)
        expect(
          rowsOf(reading)
            .map((row) => JSON.stringify(row))
            .sort(),
        ).toEqual(
          rowsOf(truth)
            .map((row) => JSON.stringify(row))
            .sort(),
        )
      }),
      { numRuns: numRuns(10) },
    )
  }, 600_000)
})
