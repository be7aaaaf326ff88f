import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reportSchema } from '../../../shared/sinks/report/report-schema.ts'
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
} from './estate.ts'
import { type Answer, type ReportHub, startReportHub } from './scenario.ts'

let world: ReportHub
beforeEach(async () => {
  world = await startReportHub()
})
afterEach(() => world.close())

const run = '20261120T060000Z-63093cff69b8'
const folder = `reports/runs/${run}/`
const plan = () => world.run({ task: 'plan', execution: 'execution-1', startedAt })
const shard = (accountId: string, region: string) =>
  world.run({ task: 'shard', run, startedAt, shard: { accountId, accountName: 'x', region } })
const reduce = (map?: object) => world.run({ task: 'reduce', run, startedAt, ...(map ? { map } : {}) })
const resultOf = (accountId: string, region: string): Answer =>
  JSON.parse(world.s3.text(`${folder}shards/${accountId}-${region}.json`)!)

describe('an event', () => {
  it.each([
    ['nothing', undefined, 'event: '],
    ['another task', { task: 'drop' }, 'event.task: '],
    ['a run that is no name of one', { task: 'reduce', run: '../published', startedAt }, 'event.run: '],
    ['a time that is none', { task: 'reduce', run, startedAt: 'now' }, 'event.startedAt: expected an ISO 8601 time'],
    ['a month that is none', { task: 'reduce', run, startedAt: '2026-13-01T00:00:00Z' }, 'event.startedAt: expected'],
    ['an account that is none', shardEvent({ accountId: '../1', region: home }), 'event.shard.accountId: expected'],
    ['a region that is none', shardEvent({ accountId: app, region: '../x' }), 'event.shard.region: expected'],
  ])('with %s is refused by the name of the field', async (_name, event, message) => {
    await expect(world.run(event as object)).rejects.toThrow(message)
    expect([world.s3.calls, world.config.calls, world.aws.calls]).toEqual([[], [], []])
  })

  function shardEvent(one: object) {
    return { task: 'shard', run, startedAt, shard: one }
  }

  it('is answered only where the environment is complete', async () => {
    world.variables = { PULLPATH_HUB_BUCKET: 'hub-bucket' }
    await expect(plan()).rejects.toThrow('environment variable PULLPATH_AGGREGATOR: is missing')
  })
})

describe('the plan', () => {
  it('has the regions of the environment, and the home region always', async () => {
    world.variables = {
      ...world.variables,
      PULLPATH_REGIONS: 'us-east-1,ap-south-1',
      PULLPATH_HOME_REGION: 'eu-west-1',
    }
    expect(await plan()).toMatchObject({ run, shards: 12 })
    expect(JSON.parse(world.s3.text(`${folder}plan.json`)!)).toEqual({
      ...{ schemaVersion: 1, organizationReadAt: '2026-11-20T05:30:00.000Z', homeRegion: 'eu-west-1' },
      regions: ['ap-south-1', 'eu-west-1', 'us-east-1'],
      leftOut: [{ accountId: '888899990000', accountName: 'name of 888899990000', status: 'SUSPENDED' }],
    })
  })

  it('has the same name whenever the same execution asks for it, however its time is written', async () => {
    const names = await Promise.all(
      [startedAt, '2026-11-20T06:00:00Z', '2026-11-20T07:00:00.000123+01:00'].map(
        async (time) => (await world.run({ task: 'plan', execution: 'execution-1', startedAt: time })).run,
      ),
    )
    expect(names).toEqual([run, run, run])
    expect((await world.run({ task: 'plan', execution: 'execution-2', startedAt })).run).not.toBe(run)
  })

  it.each([
    ['is not published', () => world.s3.objects.clear(), 'ReportProblem', 'the hub has published none'],
    ['is no organization', () => world.s3.put('hub/organization.json', '{}'), 'ReportProblem', 'expected'],
    ['cannot be read', () => fault('AccessDenied', 403), 'ReportProblem', 'failed with AccessDenied'],
    ['cannot be read just now', () => fault('SlowDown', 503), 'PassingProblem', 'failed with SlowDown'],
  ])('is none when the organization %s', async (_name, prepare, name, message) => {
    prepare()
    await expect(plan()).rejects.toMatchObject({ name, message: expect.stringContaining(message) })
    expect([...world.s3.objects.keys()].filter((key) => key.startsWith('reports/'))).toEqual([])
  })
})

function fault(error: string, status: number, keys = /./): void {
  const plan = (_operation: string, _n: number, key: string) => (keys.test(key) ? { error, status } : undefined)
  world.s3.plan = plan
  world.config.plan = plan
}

describe('a shard', () => {
  beforeEach(() => plan())

  it('answers counts only, and leaves its result and the whole report', async () => {
    expect(await shard(app, away)).toEqual({
      ...{ accountId: app, region: away, evidence: 'snapshot', heartbeat: 'missing' },
      ...{ noncompliant: expect.any(Number), undetermined: expect.any(Number) },
    })
    const report = reportSchema.parse(JSON.parse(world.s3.text(`${folder}accounts/${app}-${away}.json`)!))
    expect(report.findings.every(({ resource }) => resource.accountId === app && resource.region === away)).toBe(true)
    expect(resultOf(app, away)).toMatchObject({
      ...{ schemaVersion: 1, run, accountId: app, accountName: 'x', region: away },
      evidence: { source: 'snapshot', takenAt: '2026-11-19T23:59:59.000Z' },
    })
  })

  it('gives the same bytes whenever it is tried', async () => {
    await shard(app, home)
    await shard(app, home)
    const versions = world.s3.objects.get(`${folder}shards/${app}-${home}.json`)!
    expect([versions.length, new Set(versions.map(({ etag }) => etag)).size]).toEqual([2, 1])
  })

  it('is tried again for what passes: throttling, a broken connection, settings out of reach', async () => {
    fault('SlowDown', 503, /AWSLogs/)
    await expect(shard(app, home)).rejects.toMatchObject({ name: 'PassingProblem' })
    world.config.plan = (operation) => (operation === 'GetObject' ? { cut: true } : undefined)
    await expect(shard(app, home)).rejects.toMatchObject({ name: 'PassingProblem' })
    fault('SlowDown', 503, /settings\.json/)
    await expect(shard(app, home)).rejects.toMatchObject({
      name: 'PassingProblem',
      message: expect.stringContaining('settings'),
    })
    expect(world.s3.text(`${folder}shards/${app}-${home}.json`)).toBeUndefined()
  })

  it('is not covered for what lasts: a bucket that is denied, a snapshot that is broken', async () => {
    fault('AccessDenied', 403, /AWSLogs/)
    expect(await shard(app, home)).toMatchObject({ evidence: 'none', noncompliant: 0 })
    expect(resultOf(app, home).evidence).toEqual({
      ...{ source: 'none', class: 'unreadable', reason: 's3:ListBucket failed with AccessDenied' },
    })
    world.config.plan = () => undefined
    const key = snapshotKey(`${app} ${home}`, '2026-11-19T23:59:59.000Z')
    world.config.put(key, snapshotOf([]).subarray(0, 20))
    leaveSigns(app, home, ['ecr', 'image', 'role', 'vpc'])
    await shard(app, home)
    expect(resultOf(app, home)).toMatchObject({
      evidence: { class: 'unreadable', reason: 'the snapshot of 2026-11-19T23:59:59.000Z: broken or truncated gzip' },
      coverage: [
        { region: home, resourceType: '*', status: 'unknown' },
        { region: 'global', status: 'unknown' },
      ],
      findings: [],
    })
  })

  it('with a snapshot of nothing passes nothing', async () => {
    world.config.put(snapshotKey(`${app} ${away}`, '2026-11-19T23:59:59.000Z'), snapshotOf([]))
    await shard(app, away)
    expect(resultOf(app, away).coverage).toContainEqual({
      ...{
        accountId: app,
        region: away,
        resourceType: '*',
        status: 'unknown',
        reason: 'what was read holds no item of it',
      },
    })
  })

  it('judges nothing of another account that its snapshot may hold', async () => {
    const items = [...recorded().get(`${app} ${away}`)!, ...recorded().get(`${shared} ${home}`)!]
    world.config.put(snapshotKey(`${app} ${away}`, '2026-11-19T23:59:59.000Z'), snapshotOf(items))
    await shard(app, away)
    const { findings, coverage } = JSON.parse(world.s3.text(`${folder}accounts/${app}-${away}.json`)!)
    expect(
      new Set([
        ...findings.map((one: Answer) => one.resource.accountId),
        ...coverage.map((one: Answer) => one.accountId),
      ]),
    ).toEqual(new Set([app]))
  })

  it('has no verdict on roles and images that rest on a snapshot that is not there', async () => {
    world.config.objects.delete(snapshotKey(`${app} ${home}`, '2026-11-19T23:59:59.000Z'))
    world.config.objects.delete(snapshotKey(`${shared} ${home}`, '2026-11-19T23:59:59.000Z'))
    await shard(app, away)
    const { findings } = JSON.parse(world.s3.text(`${folder}accounts/${app}-${away}.json`)!)
    const canPull = findings.filter((one: Answer) => one.rule === 'ecs-execution-role-can-pull')
    expect(canPull.map((one: Answer) => one.compliance)).toEqual(['UNDETERMINED', 'UNDETERMINED'])
    expect(canPull[0].reason).toContain('no snapshot of the last 7 days is in the Config bucket')
  })

  it('has no good verdict on roles that may be used where nobody could look', async () => {
    world.config.objects.delete(snapshotKey(`${app} ${away}`, '2026-11-19T23:59:59.000Z'))
    await shard(app, home)
    const { findings } = JSON.parse(world.s3.text(`${folder}accounts/${app}-${home}.json`)!)
    const ofRole = findings.filter((one: Answer) => one.resource.arn.endsWith(':role/away'))
    const good = ofRole.filter((one: Answer) => one.rule === 'ecs-execution-role-least-privilege')
    expect(good.map((one: Answer) => one.compliance)).toEqual(['UNDETERMINED'])
    expect(good[0].reason).toContain('no snapshot of the last 7 days is in the Config bucket')
  })

  it('goes by the published settings: exceptions apart, rules that are off left out', async () => {
    const exceptions = [
      {
        rule: 'ecr-repository-not-public',
        resource: '*:repository/open',
        reason: 'demo',
        owner: 'team',
        expires: '2026-12-01',
      },
    ].map((one) => ({ ...one, resource: `arn:aws:ecr:${home}:${app}:repository/open` }))
    const rules = { 'ecr-repository-lifecycle-policy': { enabled: false } }
    world.s3.put('hub/settings.json', JSON.stringify({ exceptions, rules }))
    await shard(app, home)
    const result = resultOf(app, home)
    expect(result.summary).toMatchObject({ excepted: 1, bySeverity: { CRITICAL: 0 } })
    expect(result.exceptions).toMatchObject([{ status: 'active', failing: 1 }])
    expect(result.findings.filter((one: Answer) => one.exception).map((one: Answer) => one.rule)).toEqual([
      'ecr-repository-not-public',
    ])
    expect(result.rules.map((one: Answer) => one.rule)).not.toContain('ecr-repository-lifecycle-policy')
    expect(result.rules.find((one: Answer) => one.rule === 'ecr-repository-not-public')).toMatchObject({
      ...{ excepted: 1, NON_COMPLIANT: 0 },
    })
  })

  it('is not judged by settings that are not valid', async () => {
    world.s3.put('hub/settings.json', '{"rulez":1}')
    await expect(shard(app, home)).rejects.toMatchObject({
      name: 'ReportProblem',
      message: expect.stringContaining('rulez'),
    })
  })

  it('finds guardrails unknown when the published organization is too old', async () => {
    world.s3.put('hub/organization.json', organizationText('2026-11-10T00:00:00.000Z'))
    await shard(app, home)
    const rows = resultOf(app, home).coverage.filter((row: Answer) => row.resourceType === 'AWS::Organizations::Policy')
    expect(rows).toMatchObject([{ status: 'unknown', reason: expect.stringContaining('hours old') }])
  })
})

/** Leaves the signs of areas in the hub's bucket, so many hours before now. */
function leaveSigns(accountId: string, region: string, areas: readonly string[], hours = 1): void {
  const { now } = world.s3
  world.s3.now = () => world.now - hours * 3_600_000
  for (const area of areas) world.s3.put(`hub/${heartbeatKey(accountId, region, area)}`, '{}')
  world.s3.now = now
}

describe('the heartbeat of a shard', () => {
  beforeEach(() => plan())
  const signs = (accountId: string, region: string) =>
    resultOf(accountId, region).coverage.flatMap(({ resourceType, ...row }: Answer) =>
      resourceType === 'Pullpath::Heartbeat' ? [row] : [],
    )

  it('is seen when every area that has rules there gave a sign in the hub’s bucket', async () => {
    leaveSigns(app, away, ['ecr', 'image', 'role', 'vpc'], 26)
    expect(await shard(app, away)).toMatchObject({ heartbeat: 'seen' })
    expect(signs(app, away)).toEqual([])
  })

  it('is missing with each area that gave none, in the coverage of the account’s report, too', async () => {
    leaveSigns(app, away, ['ecr', 'vpc'])
    leaveSigns(app, away, ['image'], 27)
    expect(await shard(app, away)).toMatchObject({ heartbeat: 'missing' })
    const row = { accountId: app, region: away, status: 'unknown' }
    expect(signs(app, away)).toEqual([
      { ...row, reason: 'the functions of area image gave no sign since 2026-11-19T03:01:00.000Z' },
      { ...row, reason: 'the functions of area role gave no sign yet' },
    ])
    expect(resultOf(app, away).heartbeat.reason).toBe('no sign of image since 2026-11-19T03:01:00.000Z, role')
    const report = reportSchema.parse(JSON.parse(world.s3.text(`${folder}accounts/${app}-${away}.json`)!))
    expect(report.coverage.filter(({ resourceType }) => resourceType === 'Pullpath::Heartbeat')).toHaveLength(2)
  })

  it('is asked of areas with rules only', async () => {
    world.variables.PULLPATH_RULE_SETS = 'ecr=none,role=none,image=none'
    expect(await shard(app, home)).toMatchObject({ heartbeat: 'missing' })
    leaveSigns(app, home, ['vpc'])
    expect(await shard(app, home)).toMatchObject({ heartbeat: 'seen' })
    world.variables.PULLPATH_RULE_SETS += ',vpc=none'
    expect(await shard(app, home)).toMatchObject({ heartbeat: 'not-expected' })
  })

  it('is unknown when the bucket cannot be listed', async () => {
    const denied = { error: 'AccessDenied', status: 403 }
    world.s3.plan = (operation) => (operation === 'ListObjectsV2' ? denied : undefined)
    expect(await shard(app, away)).toMatchObject({ heartbeat: 'unknown', evidence: 'snapshot' })
    expect(resultOf(app, away).heartbeat.reason).toBe('s3:ListBucket failed with AccessDenied')
  })
})

describe('accounts of which no sign is expected', () => {
  const planned = async () => {
    await plan()
    const shards: readonly Answer[] = JSON.parse(world.s3.text(`${folder}shards.json`)!)
    return shards.filter(({ region }) => region === home).map(({ accountId, withoutSign }) => [accountId, withoutSign])
  }
  const others = [app, shared, hub].map((accountId) => [accountId, undefined])

  it('are those that joined within 26 hours before the run', async () => {
    const text = organizationText('2026-11-20T05:30:00.000Z')
    const file = JSON.parse(text)
    const newest = file.configurationItems.find(({ resourceId }: Answer) => resourceId === empty)
    newest.configuration.JoinedTimestamp = '2026-11-19T05:00:00.000Z'
    world.s3.put('hub/organization.json', JSON.stringify(file))
    const found = await planned()
    expect(found.filter(([, reason]) => reason === undefined).sort()).toEqual(others.toSorted())
    expect(found).toContainEqual([empty, 'the account joined on 2026-11-19T05:00:00.000Z'])
    const one = { accountId: empty, accountName: 'x', region: home, withoutSign: found.find(([, why]) => why)?.[1] }
    const event = { task: 'shard', run, startedAt, shard: one }
    expect(await world.run(event)).toMatchObject({ heartbeat: 'not-expected' })
  })

  it('are those outside of the units that are deployed to', async () => {
    world.variables.PULLPATH_ORGANIZATIONAL_UNITS = 'ou-ab12-abcdefgh'
    expect(new Set((await planned()).map(([, reason]) => reason))).toEqual(
      new Set(['the account is in none of the units that are deployed to']),
    )
  })
})

describe('the whole', () => {
  beforeEach(async () => {
    await plan()
    for (const account of [app, shared, hub, empty]) for (const region of [home, away]) await shard(account, region)
  })
  const latest = () => JSON.parse(world.s3.text('reports/latest.json') ?? 'null')

  it('says why tasks failed as far as the map has written it down', async () => {
    const input = (accountId: string, region: string) =>
      JSON.stringify({ task: 'shard', run, shard: { accountId, region } })
    const tasks = [
      { Input: input(app, away), Status: 'FAILED', Error: 'PassingProblem', Cause: 'free text of anybody' },
      { Input: input(shared, home), Status: 'TIMED_OUT' },
      { Input: input(hub, away), Status: 'FAILED', Error: '<script>' },
      { Input: 'not JSON', Status: 'FAILED' },
    ]
    world.s3.put('reports/map-runs/1/FAILED_0.json', JSON.stringify(tasks))
    const manifest = {
      ResultFiles: { FAILED: [{ Key: 'reports/map-runs/1/FAILED_0.json', Size: 1 }], PENDING: [], SUCCEEDED: [] },
    }
    world.s3.put('reports/map-runs/1/manifest.json', JSON.stringify(manifest))
    for (const place of [`${app}-${away}`, `${shared}-${home}`, `${hub}-${away}`]) {
      world.s3.objects.delete(`${folder}shards/${place}.json`)
    }
    expect(await reduce({ Bucket: 'hub-bucket', Key: 'reports/map-runs/1/manifest.json' })).toMatchObject({ failed: 3 })
    const { coverage } = world.json('report.json')
    const reasons = coverage.filter((row: Answer) => row.reason?.startsWith('the task failed'))
    expect(reasons.map((row: Answer) => [row.accountId, row.region, row.reason])).toEqual([
      [app, away, 'the task failed: PassingProblem'],
      [shared, home, 'the task failed: TIMED_OUT'],
      [shared, 'global', 'the task failed: TIMED_OUT'],
      [hub, away, 'the task failed: FAILED'],
    ])
    expect(world.s3.text(`${folder}report.json`)).not.toContain('free text of anybody')
  })

  it('takes results of another run or form for failed tasks', async () => {
    const key = `${folder}shards/${app}-${away}.json`
    world.s3.put(key, JSON.stringify({ ...resultOf(app, away), run: 'another' }))
    world.s3.put(`${folder}shards/${hub}-${away}.json`, '{"half":')
    expect(await reduce()).toMatchObject({ failed: 2 })
    const { coverage } = world.json('report.json')
    expect(coverage.map((row: Answer) => row.reason)).toEqual(
      expect.arrayContaining(['its result is of another form', 'its result is not JSON']),
    )
  })

  it.each([
    ['a report is denied', /report\.json$/, 'PutObject', 'AccessDenied', 403, 'AccessDenied'],
    ['a table is denied', /findings\.csv$/, 'PutObject', 'KMS.DisabledException', 400, 'KMS.DisabledException'],
    ['the manifest is denied', /manifest\.json$/, 'PutObject', 'AccessDenied', 403, 'AccessDenied'],
    // The state machine tries these again.
    ['S3 is too busy for a report', /report\.html$/, 'PutObject', 'InternalError', 500, 'PassingProblem'],
    ['S3 is too busy for the pointer', /latest\.json$/, 'PutObject', 'SlowDown', 503, 'PassingProblem'],
    ['a result cannot be read just now', /shards\/\d/, 'GetObject', 'SlowDown', 503, 'PassingProblem'],
    ['the pointer cannot be read', /latest\.json$/, 'GetObject', 'AccessDenied', 403, 'ReportProblem'],
  ] as const)(
    'fails when %s, and the report before stays the newest',
    async (_name, key, operation, error, status, name) => {
      await reduce()
      const before = JSON.stringify({ run: 'earlier', startedAt: '2026-11-19T07:00:00.000Z' })
      world.s3.put('reports/latest.json', before)
      world.now += 60_000
      world.s3.plan = (name, _n, asked) => (name === operation && key.test(asked) ? { error, status } : undefined)
      await expect(reduce()).rejects.toMatchObject({ name })
      expect(world.s3.text('reports/latest.json')).toBe(before)
      expect(world.measured.filter((line) => line.startsWith('ReportPublished'))).toEqual(['ReportPublished 1'])
    },
  )

  it('never takes the place of a run that started later', async () => {
    world.s3.put('reports/latest.json', JSON.stringify({ run: 'later', startedAt: '2026-11-20T07:00:00.000Z' }))
    expect(await reduce()).toMatchObject({ pointer: 'newer' })
    expect(latest().run).toBe('later')
  })

  it('takes the place of one that started before, also when that is written in between', async () => {
    world.s3.put('reports/latest.json', JSON.stringify({ run: 'earlier', startedAt: '2026-11-19T07:00:00.000Z' }))
    let once = true
    world.s3.plan = (operation, _n, key) => {
      if (operation !== 'PutObject' || key !== 'reports/latest.json' || !once) return undefined
      once = false
      return { meanwhile: () => world.s3.put(key, JSON.stringify({ startedAt: '2026-11-20T05:00:00.000Z' })) }
    }
    expect(await reduce()).toMatchObject({ pointer: 'published' })
    expect(latest().run).toBe(run)
  })

  it('is the same, byte for byte, when it is tried again later, and is pointed to once', async () => {
    expect(await reduce()).toMatchObject({ pointer: 'published' })
    const { endedAt } = latest()
    world.now += 900_000
    expect(await reduce()).toMatchObject({ pointer: 'published' })
    const etags = [...world.s3.objects].flatMap(([key, versions]) =>
      /\/(report|findings|coverage|manifest|latest)\.[a-z]+$/.test(key)
        ? [[key.replace(folder, ''), versions.length, new Set(versions.map(({ etag }) => etag)).size]]
        : [],
    )
    expect(etags).toEqual([
      ...['report.json', 'findings.csv', 'coverage.csv', 'report.html', 'report.md'].map((name) => [name, 2, 1]),
      ...[
        ['manifest.json', 2, 1],
        ['reports/latest.json', 1, 1],
      ],
    ])
    // When the last place was judged, and not when somebody put the results together.
    expect(endedAt).toBe('2026-11-20T06:01:00.000Z')
  })

  it('whose tasks have all failed ended when it started', async () => {
    for (const account of [app, shared, hub, empty]) {
      for (const region of [home, away]) world.s3.objects.delete(`${folder}shards/${account}-${region}.json`)
    }
    await reduce()
    expect(latest()).toMatchObject({ startedAt, endedAt: startedAt })
  })

  it('that judged nothing is published, and is no evidence of work for the alarm on reports', async () => {
    for (const account of [app, shared, hub, empty]) {
      for (const region of [home, away]) world.s3.objects.delete(`${folder}shards/${account}-${region}.json`)
    }
    expect(await reduce()).toMatchObject({ pointer: 'published', covered: 0, places: 8, failed: 8 })
    expect(world.measured.filter((line) => /^(ReportPublished|HeartbeatsUnknown)/.test(line))).toEqual([
      ...['ReportPublished 0', 'HeartbeatsUnknown 8'],
    ])
  })

  it('fails without a plan', async () => {
    world.s3.objects.delete(`${folder}shards.json`)
    await expect(reduce()).rejects.toMatchObject({
      name: 'ReportProblem',
      message: expect.stringContaining('the run has no plan'),
    })
  })
})
