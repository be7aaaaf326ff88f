// Row D9 of the fault matrix: tasks of the organization's report that come to one process end as if each had a process of its own.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { heartbeatKey } from '../../../shared/sources/published/names.ts'
import {
  app,
  away,
  empty,
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
import type { FakeS3 } from '../../support/fake-aws/s3.ts'
import type { FunctionProcess } from '../kill/process.ts'
import { type Objects, Report } from '../kill/report.ts'

/** Milliseconds between tasks: what a process remembers of published files on purpose is older then. */
const STEP = 20 * 60_000
const run = '20261120T060000Z-63093cff69b8'

let report: Report
let warm: FunctionProcess
let eve: Objects
let s3: FakeS3
let begun: number
beforeAll(async () => {
  report = await Report.start('snapshots')
  ;[s3, begun] = [report.world.s3, report.world.now]
  s3.put('hub/settings.json', '{}')
  s3.put('hub/organization.json', organizationText('2026-11-20T05:30:00.000Z', [home]))
  eve = report.kept()
})
afterAll(() => report.close())
beforeEach(async () => {
  warm = await report.fresh()
  report.putBack(eve)
  report.world.now = begun
})

const plan = { task: 'plan', execution: 'execution-1', startedAt }
const shard = (accountId: string, region: string) => ({ task: 'shard', run, startedAt, shard: { accountId, region } })
const reduce = { task: 'reduce', run, startedAt }
const open = `arn:aws:ecr:${home}:${app}:repository/open`
const excepting = {
  exceptions: [
    { rule: 'ecr-repository-not-public', resource: open, reason: 'demo', owner: 'team', expires: '2026-12-01' },
  ],
}
const publish = (settings: object) => s3.put('hub/settings.json', JSON.stringify(settings))
const failing = (operation: string, keys: RegExp, fault: ReturnType<FakeS3['plan']>) => {
  s3.plan = (called, _n, key) => (called === operation && keys.test(key) ? fault : undefined)
}
const denied = { error: 'AccessDenied', status: 403 }
/** A snapshot with those items that the filter lets through, delivered at that time. */
function deliver(place: string, takenAt: string, isThere: (id: unknown) => boolean): void {
  const items = (recorded().get(place) ?? []).filter(({ resourceId }) => isThere(resourceId))
  s3.put(snapshotKey(place, takenAt, 'deliveries/'), snapshotOf(items))
}

/** What happens before a task, and the task. */
type Turn = readonly [before: string, change: () => void, task: object]
const turns: readonly Turn[] = [
  ['nothing', () => undefined, plan],
  ['nothing', () => undefined, shard(app, home)],
  ['nothing', () => undefined, shard(shared, home)],
  ['an exception', () => publish(excepting), shard(app, home)],
  ['the bucket of AWS Config is closed', () => failing('ListObjectsV2', /AWSLogs/, denied), shard(app, away)],
  ['nothing', () => undefined, { task: 'drop' }],
  ['nothing', () => undefined, shard(app, away)],
  ['nothing', () => undefined, { ...reduce, run: '../published' }],
  ['a snapshot breaks off', () => failing('GetObject', /Snapshot_/, { cut: true }), shard(app, home)],
  ['no exception', () => publish({}), shard(app, home)],
  ['a rule is off', () => publish({ rules: { 'ecr-repository-not-public': { enabled: false } } }), shard(app, home)],
  ['nothing', () => undefined, shard(empty, home)],
  ['nothing', () => undefined, shard(hub, home)],
  ['reports are refused', () => failing('PutObject', /report\.html$/, denied), reduce],
  ['nothing', () => undefined, reduce],
  [
    'a repository is gone',
    () => deliver(`${app} ${home}`, '2026-11-20T05:00:00.000Z', (id) => id !== 'app'),
    shard(app, home),
  ],
  ['results are refused', () => failing('PutObject', /\/shards\//, denied), shard(shared, home)],
  [
    'the functions give a sign',
    () => {
      for (const area of ['ecr', 'image', 'role', 'vpc']) s3.put(`hub/${heartbeatKey(shared, home, area)}`, '{}')
    },
    shard(shared, home),
  ],
  ['nothing', () => undefined, reduce],
  [
    'the organization has another region',
    () => s3.put('hub/organization.json', organizationText('2026-11-20T12:30:00.000Z', [home, 'eu-west-3'])),
    { ...plan, execution: 'execution-2' },
  ],
  ['the organization is gone', () => s3.objects.delete('hub/organization.json'), { ...plan, execution: 'execution-3' }],
  ['the results are gone', () => s3.objects.delete(`reports/runs/${run}/shards.json`), reduce],
]

it('D9 tasks of the organization’s report that come to a warm process bring about, each, what they would in a new one', async () => {
  const outcomes: string[] = []
  for (const [n, [before, change, task]] of turns.entries()) {
    report.world.now += STEP
    change()
    const objects = report.kept()
    const { requests: _, ...inWarm } = await report.runIn(warm, task)
    const left = report.texts()
    report.putBack(objects)
    const { requests: __, ...inCold } = await report.run(task)
    expect([n, before, inWarm, left]).toEqual([n, before, inCold, report.texts()])
    outcomes.push(inCold.how === 'failed' ? inCold.error.replace(/:.*/s, '') : JSON.stringify(inCold))
    s3.plan = () => undefined
  }
  const failed = outcomes.flatMap((outcome, n) => (/^\w+$/.test(outcome) ? [[n, outcome]] : []))
  expect(failed).toEqual([
    [5, 'InputError'],
    [7, 'InputError'],
    [8, 'PassingProblem'],
    [13, 'AccessDenied'],
    [16, 'AccessDenied'],
    [20, 'ReportProblem'],
    [21, 'ReportProblem'],
  ])
  // The turns are not all the same to the function.
  expect(new Set(outcomes).size).toBeGreaterThan(14)
}, 120_000)

/** Whether the exception holds in what a process says of the place. */
async function excepted(process: FunctionProcess): Promise<boolean | string> {
  const ended = await report.runIn(process, shard(app, home))
  if (ended.how !== 'done') return ended.how === 'failed' ? ended.error : ended.how
  const { summary }: Answer = JSON.parse(s3.text(`reports/runs/${run}/shards/${app}-${home}.json`)!)
  return summary.excepted === 1
}

it('D9 a warm process remembers the settings for ten minutes, and the last good ones for as long as none can be read', async () => {
  publish(excepting)
  expect((await report.runIn(warm, plan)).how).toBe('done')
  expect(await excepted(warm)).toBe(true)
  publish({})
  report.world.now += 9 * 60_000
  expect(await excepted(warm)).toBe(true)
  report.world.now += 2 * 60_000
  expect(await excepted(warm)).toBe(false)
  publish(excepting)
  failing('GetObject', /settings\.json$/, denied)
  report.world.now += STEP
  expect(await excepted(warm)).toBe(false)
  expect(await excepted(await report.fresh())).toContain('the published settings')
  s3.plan = () => undefined
  report.world.now += STEP
  expect(await excepted(warm)).toBe(true)
}, 120_000)
