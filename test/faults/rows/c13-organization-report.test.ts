// Row C13 of the fault matrix: the bucket of the reports takes nothing at some write, for good or for a while.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { app, home, startedAt } from '../../lambdas/organization-report/estate.ts'
import { type Answer, type ReportHub, startReportHub } from '../../lambdas/organization-report/scenario.ts'
import type { ObjectVersion } from '../../support/fake-aws/s3.ts'

// A machine may have other things to do.
vi.setConfig({ testTimeout: 120_000 })

let world: ReportHub
type Objects = ReadonlyMap<string, readonly ObjectVersion[]>
/** The bucket after a run that went well, and with the second run up to its reports. */
let published: Objects
let judged: Objects
const copied = (objects: Objects) => new Map([...objects].map(([key, versions]) => [key, [...versions]]))
/** The second run, of the day after. */
const nextDay = '2026-11-21T06:00:00.000Z'
let run: string
const written: string[] = []

const task = {
  plan: () => world.run({ task: 'plan', execution: 'execution-2', startedAt: nextDay }),
  shard: (shard: Answer) => world.run({ task: 'shard', run, startedAt: nextDay, shard }),
  reduce: () => world.run({ task: 'reduce', run, startedAt: nextDay }),
}
/** Everything of the second run; a task that fails is left behind, as the state machine leaves a shard. */
async function again(): Promise<readonly Answer[]> {
  const failures: Answer[] = []
  const collect = (error: unknown) => void failures.push(error)
  const planned = await task.plan().catch(collect)
  if (planned === undefined) return failures
  run = planned.run
  for (const shard of JSON.parse(world.s3.text(planned.shardsKey) ?? '[]')) await task.shard(shard).catch(collect)
  judged ??= copied(world.s3.objects)
  await task.reduce().catch(collect)
  return failures
}

beforeAll(async () => {
  world = await startReportHub()
  await world.runAll()
  published = copied(world.s3.objects)
  world.now = Date.parse(nextDay) + 60_000
  world.s3.calls.length = 0
  await again()
  written.push(
    ...world.s3.calls.filter((call) => call.startsWith('PutObject ')).map((call) => call.split(' ')[1] ?? ''),
  )
})
afterAll(() => world.close())
beforeEach(() => {
  world.s3.plan = () => undefined
  putBack(published)
})

function putBack(objects: Objects): void {
  world.s3.objects.clear()
  for (const [key, versions] of copied(objects)) world.s3.objects.set(key, versions)
  world.measured.length = 0
}

/** What whoever opens the newest report sees: the run, with every file as its manifest says; throws when one is not. */
function shown(): string {
  const latest = JSON.parse(world.s3.text('reports/latest.json') ?? 'null')
  expect(world.s3.text(`${latest.folder}manifest.json`)).toBe(world.s3.text('reports/latest.json'))
  expect(latest.files.map(({ name }: Answer) => name)).toEqual([
    ...['report.json', 'findings.csv', 'coverage.csv', 'report.html', 'report.md'],
  ])
  for (const { name, bytes, sha256 } of latest.files) {
    const body = world.s3.objects.get(`${latest.folder}${name}`)?.at(-1)?.body ?? Buffer.alloc(0)
    expect([name, body.length, createHash('sha256').update(body).digest('hex')]).toEqual([name, bytes, sha256])
  }
  return latest.startedAt
}

/** Objects of the second run that are there. */
const left = () => [...world.s3.objects.keys()].filter((key) => key.startsWith(`reports/runs/${run}/`))

const troubles = [
  ['AccessDenied', 403],
  ['KMS.DisabledException', 400],
  ['SlowDown', 503],
] as const

describe('C13 a run of the organization’s report', () => {
  it('C13 writes the plan, two files a shard, five reports, the manifest and at last the pointer', () => {
    expect(written).toHaveLength(2 + 2 * 8 + 5 + 2)
    expect(written.slice(-2)).toEqual([`reports/runs/${run}/manifest.json`, 'reports/latest.json'])
    expect(new Set(written).size).toBe(written.length)
  })

  it.each(troubles)(
    'C13 that meets %s at any one write shows the report before, or a whole one that counts what is missing',
    async (error, status) => {
      for (const refused of written.filter((key) => !key.includes('/shards/') && !key.includes('/accounts/'))) {
        const isPlanned = /\/(plan|shards)\.json$/.test(refused)
        putBack(isPlanned ? published : judged)
        world.s3.plan = (operation, _n, key) =>
          operation === 'PutObject' && key === refused ? { error, status } : undefined
        const failures = await (isPlanned
          ? again()
          : task.reduce().then(
              () => [],
              (error) => [error],
            ))
        // The invocation fails by a name the state machine knows what to do with.
        expect([refused, failures[0]?.name]).toEqual([refused, status === 503 ? 'PassingProblem' : error])
        expect(shown()).toBe(startedAt)
        expect(world.measured.filter((line) => line.startsWith('ReportPublished'))).toEqual([])
        expect(left()).not.toContain(refused)
        if (refused !== 'reports/latest.json') expect(left()).not.toContain(`reports/runs/${run}/manifest.json`)
      }
    },
  )

  it.each(troubles)('C13 whose shard meets %s at a write is whole without it, and says so', async (error, status) => {
    for (const refused of [`accounts/${app}-${home}.json`, `shards/${app}-${home}.json`]) {
      world.s3.plan = (operation, _n, key) =>
        operation === 'PutObject' && key.endsWith(refused) && key.includes(run) ? { error, status } : undefined
      const failures = await again()
      expect(failures.map(({ name }) => name)).toEqual([status === 503 ? 'PassingProblem' : error])
      expect(shown()).toBe(nextDay)
      expect(JSON.parse(world.s3.text('reports/latest.json') ?? '')).toMatchObject({ failed: 1 })
      const rows = world
        .json('report.json')
        .coverage.filter((row: Answer) => row.accountId === app && row.region === home)
      expect(rows.map((row: Answer) => [row.status, row.reason])).toContainEqual([
        'unknown',
        expect.stringContaining('no result'),
      ])
      expect(
        world
          .json('report.json')
          .findings.filter((one: Answer) => one.resource.accountId === app && one.resource.region === home),
      ).toEqual([])
    }
  })

  it('C13 that meets a bucket that is busy for a moment at every write is as if it had not been', async () => {
    const busy = new Set<string>()
    world.s3.plan = (operation, _n, key) => {
      if (operation !== 'PutObject' || busy.has(key)) return undefined
      busy.add(key)
      return { error: 'SlowDown', status: 503 }
    }
    expect(await again()).toEqual([])
    expect(shown()).toBe(nextDay)
    expect(busy.size).toBe(written.length)
  })

  it('C13 that ends while the manifest is there and the pointer is not leaves the report before, and is whole at the next attempt', async () => {
    world.s3.plan = (operation, _n, key) =>
      operation === 'PutObject' && key === 'reports/latest.json' ? { error: 'SlowDown', status: 503 } : undefined
    await again()
    expect(shown()).toBe(startedAt)
    world.s3.plan = () => undefined
    expect(await task.reduce()).toMatchObject({ pointer: 'published' })
    expect(shown()).toBe(nextDay)
  })
})
