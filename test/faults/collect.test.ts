import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accountIds, estateOf } from '../support/fake-estate/estate.ts'
import { type FakeEstate, startFakeEstate } from '../support/fake-estate/fake-estate.ts'
import { faultKinds, type PlannedFault } from '../support/fake-estate/faults.ts'
import { plans } from '../support/fake-estate/plans.ts'
import { type Audited, audited, rowsOf, unaccounted, unfounded } from './audited.ts'
import { type Collected, type CollectOptions, collected, impatient } from './collected.ts'
import { numRuns } from './runs.ts'

const region = 'eu-central-1'
const [management = '', member = ''] = accountIds(2)
let estate: FakeEstate
let truth: Collected
let verdicts: Audited
let operations: readonly string[]
let requests: number
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-faults-'))
  estate = await startFakeEstate(estateOf({ accounts: 2, regions: [region] }))
  truth = await collected(estate, { own: management })
  verdicts = audited(truth.scopes, truth.rows)
  requests = estate.calls.length
  operations = [...new Set(estate.calls.map(({ service, operation }) => `${service}:${operation}`))].sort()
})
afterAll(async () => {
  await estate.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => estate.restart())

const under = async (plan: readonly PlannedFault[], patience?: CollectOptions['patience']) => {
  estate.restart()
  estate.plan = plan
  const started = performance.now()
  const after = await collected(estate, { own: management, ...(patience ? { patience } : {}) })
  return { after, elapsed: performance.now() - started }
}
const quick = faultKinds.filter((kind) => kind !== 'hang' && kind !== 'trickle')
const findingsOf = (accountId: string, { findings }: Audited) =>
  JSON.stringify(findings.filter(({ resource }) => resource.accountId === accountId))
/** The files of a directory but for the journal and what is different in every run: its id. */
const filesIn = async (path: string): Promise<ReadonlyMap<string, string>> => {
  const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.json')).sort()
  const texts = names.map(async (name) => {
    const text = await readFile(join(path, name), 'utf8')
    return [name, text.replace(/"configSnapshotId":"[^"]+"/, '').replace(/"calls":\d+/g, '')] as const
  })
  return new Map(await Promise.all(texts))
}
const fresh = () => mkdtemp(join(folder, 'run-'))

describe('a collection of an organization in which nothing fails', () => {
  it('is complete', () => {
    expect(truth.rows).toEqual([])
    expect(rowsOf(truth.scopes).filter(({ status }) => status === 'unknown')).toEqual([])
    expect(truth.complete).toBe(true)
  })
  it('P4 writes the same files again', async () => {
    const [one, two] = [await fresh(), await fresh()]
    await collected(estate, { own: management, directory: one })
    await collected(estate, { own: management, directory: two })
    const files = await filesIn(one)
    expect([...files.keys()]).toEqual([
      `${management}/${region}.json`,
      `${management}/global.json`,
      `${member}/${region}.json`,
      `${member}/global.json`,
      'coverage.json',
    ])
    expect(await filesIn(two)).toEqual(files)
  })
  it('writes the same files in whatever order the answers come', async () => {
    const usual = await fresh()
    await collected(estate, { own: management, directory: usual })
    const files = await filesIn(usual)
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 0, max: 5 })), async (waits) => {
        estate.delay = () => waits.next().value
        const directory = await fresh()
        await collected(estate, { own: management, directory })
        expect(await filesIn(directory)).toEqual(files)
      }),
      { numRuns: numRuns(5) },
    )
  }, 600_000)
})

describe('a collection under faults', () => {
  it('P1, P2, P6 and P7 hold whatever fails', async () => {
    // Every other kind three times for once that calls hang, which has to be waited for.
    const kinds = [...quick, ...quick, ...quick, 'hang', 'trickle'] as const
    const space = { accounts: [management, member], regions: [region, 'global'], operations, kinds }
    await fc.assert(
      fc.asyncProperty(plans(space), async (plan) => {
        const { after, elapsed } = await under(plan, impatient)
        const lost = unaccounted(truth.scopes, after.scopes, after.rows)
        expect(lost).toEqual([])
        expect(unfounded(verdicts, audited(after.scopes, after.rows))).toEqual([])
        const met = estate.calls.filter(({ fault }) => fault !== undefined).length
        expect(estate.calls.length).toBeLessThanOrEqual(3 * requests + met)
        expect(elapsed).toBeLessThan(20_000)
        const unknown = [...rowsOf(after.scopes), ...after.rows].filter(({ status }) => status === 'unknown')
        expect(after.complete).toBe(unknown.length === 0)
        expect(unknown.filter(({ reason }) => !reason)).toEqual([])
      }),
      { numRuns: numRuns(300) },
    )
  }, 1_800_000)

  it('P3 what fails in one account changes nothing in another', async () => {
    // What hangs is waited for, which tells nothing about the other account.
    const space = { accounts: [member], regions: [region, 'global'], operations, kinds: quick }
    await fc.assert(
      fc.asyncProperty(plans(space), async (drawn) => {
        const { after } = await under(drawn.map((one) => ({ ...one, account: member })))
        const faulty = audited(after.scopes, after.rows)
        expect(findingsOf(management, faulty)).toBe(findingsOf(management, verdicts))
      }),
      { numRuns: numRuns(60) },
    )
  }, 600_000)

  it('P4 and P8 a run that is cut off anywhere is gone on with to the same files', async () => {
    const usual = await fresh()
    await collected(estate, { own: management, directory: usual })
    const files = await filesIn(usual)
    const step = Math.max(1, Math.round(requests / numRuns(25)))
    for (let n = 1; n <= requests; n += step) {
      const directory = await fresh()
      const stop = new AbortController()
      estate.restart()
      estate.onCall = () => {
        if (estate.calls.length === n) stop.abort(new Error('cut off'))
      }
      const cut = await collected(estate, { own: management, directory, signal: stop.signal })
      expect(cut.complete).toBe(false)
      estate.restart()
      const rest = await collected(estate, { own: management, directory })
      expect([n, rest.complete]).toEqual([n, truth.complete])
      expect(await filesIn(directory)).toEqual(files)
    }
  }, 600_000)
})
