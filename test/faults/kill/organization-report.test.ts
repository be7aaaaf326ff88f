import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import { rules } from '../../../shared/rules/index.ts'
import { heartbeatKey } from '../../../shared/sources/published/names.ts'
import {
  app,
  away,
  home,
  hub,
  organizationText,
  recorded,
  shared,
  snapshotKey,
  snapshotOf,
  startedAt,
} from '../../lambdas/organization-report/estate.ts'
import type { Answer } from '../../lambdas/organization-report/scenario.ts'
import { configQueryService, emptyConfig } from '../../support/fake-aws/config-query.ts'
import { type Ended, type Objects, Report } from './report.ts'

const minute = 60_000
/** The run that is killed: of the day after one that went well. */
const nextDay = '2026-11-21T06:00:00.000Z'
const begun = Date.parse(nextDay) + minute
const plan = { task: 'plan', execution: 'execution-2', startedAt: nextDay }
let run: string
const shard = (accountId: string, region: string) => ({
  ...{ task: 'shard', run, startedAt: nextDay },
  shard: { accountId, accountName: `name of ${accountId}`, region },
})

let [report, throughAggregator]: Report[] = []
beforeAll(async () => {
  ;[report, throughAggregator] = await Promise.all([Report.start('snapshots'), Report.start('aggregator')])
  collect(throughAggregator!)
  await Promise.all([dayBefore(report!), dayBefore(throughAggregator!)])
})
afterAll(() => Promise.all([report!.close(), throughAggregator!.close()]))

/** The aggregator holds what the snapshots do, and one rule only is asked about it: every type is a dozen of requests. */
function collect({ world }: Report): void {
  const config = emptyConfig()
  for (const items of recorded().values()) config.items.push(...items.map(asAggregated))
  const source = { SourceType: 'ACCOUNT', LastUpdateStatus: 'SUCCEEDED' }
  const places = [app, shared, hub].flatMap((SourceId) => [home, away].map((AwsRegion) => ({ SourceId, AwsRegion })))
  config.aggregators.set(
    'organization',
    places.map((place) => ({ ...source, ...place })),
  )
  world.aws.state.services.set('config', configQueryService({ accountId: hub, region: home }, config))
  const off = rules.filter(({ id }) => id !== 'ecr-repository-not-public').map(({ id }) => [id, { enabled: false }])
  world.s3.put('hub/settings.json', JSON.stringify({ rules: Object.fromEntries(off) }))
}

function asAggregated({ awsAccountId, ARN, configurationItemVersion, ...item }: JsonObject): JsonObject {
  return { ...item, accountId: awsAccountId!, arn: ARN!, version: configurationItemVersion! }
}

/** A run goes well, and the next day comes with new snapshots and signs of all but one area. */
async function dayBefore({ world }: Report): Promise<void> {
  const { s3 } = world
  if (s3.text('hub/settings.json') === undefined) s3.put('hub/settings.json', '{}')
  await world.runAll()
  world.now = begun
  s3.put('hub/organization.json', organizationText('2026-11-21T05:30:00.000Z'))
  for (const [place, items] of recorded()) {
    s3.put(snapshotKey(place, '2026-11-21T00:30:00.000Z', 'deliveries/'), snapshotOf(items))
    const [accountId = '', region = ''] = place.split(' ')
    for (const area of ['ecr', 'image', 'vpc']) s3.put(`hub/${heartbeatKey(accountId, region, area)}`, '{}')
  }
  run = (await world.run(plan)).run
}

type Done = Extract<Ended, { readonly how: 'done' }>

/**
 * Kills a process after each of those numbers of requests (after all of them unless told) and has a new one run the task a quarter of
 * an hour later: what is below `reports/` is then, byte for byte, what an undisturbed process leaves, and at no request did the
 * pointer lead to anything but a whole run, nor was it written twice. Returns what the undisturbed one did.
 */
async function expectGoodInTheEnd(
  one: Report,
  task: object,
  isKilled = (_calls: readonly string[], _n: number) => true,
): Promise<Done & { readonly calls: readonly string[] }> {
  const { world } = one
  const [eve, before] = [one.kept(), one.texts()]
  world.now = begun + 2 * minute
  world.s3.calls.length = 0
  const whole = await one.run(task)
  if (whole.how !== 'done') throw new Error(JSON.stringify(whole))
  const calls = [...world.s3.calls]
  const [after, pointed] = [one.texts(), one.pointed()]
  expect(after).not.toEqual(before)
  one.putBack(eve)
  for (let n = 0; n <= whole.requests; n++) {
    if (!isKilled(calls, n)) continue
    world.now = begun + 2 * minute
    const killed = await one.run(task, n)
    expect([n, killed.how]).toEqual([n, 'killed'])
    const left = one.texts()
    const half = [...left].filter(([key, text]) => text !== before.get(key) && text !== after.get(key))
    expect([n, half]).toEqual([n, []])
    expect([n, [startedAt, nextDay]]).toEqual([n, expect.arrayContaining([one.shown()])])
    // Where it has written nothing, the next that is killed is the next attempt.
    if (n < whole.requests && left.size === before.size && one.world.s3.uploads.size === 0) continue
    world.now = begun + 17 * minute
    const again = await one.run(task)
    expect([n, again]).toEqual([n, { ...whole, requests: expect.any(Number), seen: expect.anything() }])
    expect([n, one.texts(), one.pointed()]).toEqual([n, after, pointed])
    // Each state of the pointer was a whole run, the one before first.
    const seen = [...new Set([...killed.seen, ...again.seen, one.shown()])]
    expect([n, seen]).toEqual([n, [...new Set([...whole.seen, one.shown()])]])
    one.putBack(eve)
  }
  return { ...whole, calls }
}

/** A run of the first places, which this process judges: only the reports are missing. */
async function judged({ world }: Report, execution: string, most: number): Promise<Reduce> {
  const { s3 } = world
  world.now = begun
  s3.put('hub/organization.json', organizationText('2026-11-21T05:30:00.000Z', [home]))
  const { run, shardsKey } = await world.run({ ...plan, execution })
  const shards: readonly Answer[] = JSON.parse(s3.text(shardsKey)!).slice(0, most)
  s3.put(shardsKey, JSON.stringify(shards))
  for (const one of shards) await world.run({ task: 'shard', run, startedAt: nextDay, shard: one })
  return { task: 'reduce', run, startedAt: nextDay }
}

interface Reduce {
  readonly task: 'reduce'
  readonly run: string
  readonly startedAt: string
}

const reports = ['report.json', 'findings.csv', 'coverage.csv', 'report.html', 'report.md']
/** What was written, in order, without the folders. */
const namesOf = (calls: readonly string[]) =>
  calls.flatMap((call) => (call.startsWith('PutObject ') ? call.split('/').slice(-1) : []))
/** Calls that write a part of an object. */
const ofParts = /^(CreateMultipartUpload|UploadPart|CompleteMultipartUpload) /

describe('P8 a process of the built report', () => {
  let eve: Objects
  beforeAll(() => {
    eve = report!.kept()
  })
  beforeEach(() => report!.putBack(eve))

  it('killed after any request of the plan leaves the plan of an undisturbed one', async () => {
    const { calls, answer, seen } = await expectGoodInTheEnd(report!, { ...plan, execution: 'execution-3' })
    expect(answer).toMatchObject({ shards: 8 })
    expect(calls).toHaveLength(3)
    expect(namesOf(calls)).toEqual(['plan.json', 'shards.json'])
    expect(seen).toEqual([startedAt])
  }, 240_000)

  it('killed after any request of a place that has snapshots leaves its report and its result', async () => {
    const { calls, answer } = await expectGoodInTheEnd(report!, shard(app, home))
    expect(answer).toMatchObject({ evidence: 'snapshot', heartbeat: 'missing' })
    // Its own snapshot, that of the other region and that of the registry its images come from.
    expect(calls.filter((call) => call.includes('ConfigSnapshot_'))).toHaveLength(3)
    // Whoever reads a result finds the report it speaks of.
    const folders = calls
      .filter((call) => call.startsWith('PutObject '))
      .map((call) => call.split('/').slice(-2).join('/'))
    expect(folders).toEqual([`accounts/${app}-${home}.json`, `shards/${app}-${home}.json`])
  }, 240_000)

  it('killed after any request of a place that the aggregator holds leaves its report and its result', async () => {
    const { answer, requests } = await expectGoodInTheEnd(throughAggregator!, shard(shared, away))
    expect(answer).toMatchObject({ evidence: 'aggregator', heartbeat: 'missing' })
    expect(requests).toBeGreaterThan(8)
  }, 240_000)

  it('killed after any request of the whole shows the report before, or a whole one, which the next attempt leaves as it is', async () => {
    const task = await judged(report!, 'execution-4', 2)
    const { calls, answer, seen } = await expectGoodInTheEnd(report!, task)
    expect(answer).toMatchObject({ pointer: 'published', places: 2, covered: 2, failed: 0 })
    expect(namesOf(calls)).toEqual([...reports, 'manifest.json', 'latest.json'])
    expect(seen).toEqual([startedAt])
    expect(report!.shown()).toBe(startedAt)
  }, 240_000)

  it('killed after any part of a large report leaves none of it, and the next attempt all of it', async () => {
    const task = await judged(report!, 'execution-5', 1)
    const { s3 } = report!.world
    const key = `reports/runs/${task.run}/shards/${app}-${home}.json`
    const result: Answer = JSON.parse(s3.text(key)!)
    result.findings[0].evidence = [{ source: 'x'.repeat(9 * 2 ** 20) }]
    s3.put(key, JSON.stringify(result))
    const isPart = (call = '') => ofParts.test(call)
    const { calls } = await expectGoodInTheEnd(report!, task, (all, n) => isPart(all[n - 1]) || isPart(all[n]))
    expect(calls.filter(isPart).map((call) => call.replace(/ .*\//, ' '))).toEqual([
      ...['CreateMultipartUpload report.json', 'UploadPart report.json', 'UploadPart report.json'],
      'CompleteMultipartUpload report.json',
    ])
  }, 240_000)

  it('killed between the report on a place and its result, and not tried again, has the whole say that it failed', async () => {
    const reduce = await judged(report!, 'execution-6', 2)
    const { s3 } = report!.world
    const { run } = reduce
    const [account, result] = ['accounts', 'shards'].map((name) => `reports/runs/${run}/${name}/${app}-${home}.json`)
    const task = { task: 'shard', run, startedAt: nextDay, shard: { accountId: app, region: home } }
    s3.calls.length = 0
    await report!.run(task)
    const served = s3.calls.indexOf(`PutObject ${account}`) + 1
    for (const key of [account!, result!]) s3.objects.delete(key)
    expect(await report!.run(task, served)).toMatchObject({ how: 'killed' })
    expect([s3.objects.has(account!), s3.objects.has(result!)]).toEqual([true, false])
    expect(await report!.run(reduce)).toMatchObject({ answer: { pointer: 'published', covered: 1, failed: 1 } })
    expect(report!.shown()).toBe(nextDay)
    const { coverage, findings }: Answer = report!.world.json('report.json')
    expect(coverage.filter((row: Answer) => row.accountId === app)).toEqual(
      [home, 'global'].map((region) => ({
        ...{ accountId: app, region, resourceType: '*', status: 'unknown', reason: 'the task failed: no result' },
      })),
    )
    expect(findings.filter(({ resource }: Answer) => resource.accountId === app)).toEqual([])
  }, 240_000)
})
