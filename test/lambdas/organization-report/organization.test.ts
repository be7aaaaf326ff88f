import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditSnapshot, typesToRead } from '../../../cli/audit/audit-snapshot.ts'
import { blindSpot } from '../../../lambdas/organization-report/audit-shard.ts'
import { selectRules } from '../../../shared/engine/plan.ts'
import { defaultSettings } from '../../../shared/model/settings.ts'
import { rules as catalogue } from '../../../shared/rules/index.ts'
import { reportSchema } from '../../../shared/sinks/report/report-schema.ts'
import { readSnapshotFiles } from '../../../shared/sources/config-snapshot/read-snapshot-files.ts'
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
let outcome: Awaited<ReturnType<ReportHub['runAll']>>
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-report-'))
  world = await startReportHub()
  // One snapshot is too old, and one task cannot write its result.
  const stale = snapshotKey(`${shared} ${away}`, '2026-11-19T23:59:59.000Z')
  world.config.objects.delete(stale)
  world.config.put(snapshotKey(`${shared} ${away}`, '2026-11-17T06:00:00.000Z'), 'never read')
  const refused = `shards/${hub}-${away}.json`
  world.s3.plan = (operation, _n, key) =>
    operation === 'PutObject' && key.endsWith(refused) ? { error: 'AccessDenied', status: 403 } : undefined
  outcome = await world.runAll()
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await world.close()
})

/** What the command line says of the same snapshots, without the one that is too old. */
async function auditOfFiles() {
  const files = [...recorded()].filter(([place]) => place !== `${shared} ${away}`)
  for (const [place, items] of files) {
    const file = join(folder, snapshotKey(place, '2026-11-19T23:59:59.000Z'))
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, snapshotOf(items))
  }
  await writeFile(join(folder, 'organization.json'), organizationText('2026-11-20T05:30:00.000Z'))
  const question = {
    ...{ rules: selectRules(catalogue, defaultSettings), settings: defaultSettings, now: new Date(startedAt) },
    ...{ isJudged: () => true, isReported: () => true, missing: () => [], failOn: 'low' as const },
  }
  return auditSnapshot(await readSnapshotFiles([folder], { wantedTypes: typesToRead(question) }), question).report
}

/** Every finding of the reports on single accounts and regions. */
function findingsOfAccounts(): readonly Answer[] {
  const reports = [...world.s3.objects.keys()].filter((key) => key.includes('/accounts/'))
  return reports.flatMap((key) => reportSchema.parse(JSON.parse(world.s3.text(key)!)).findings)
}

const byId = (a: Answer, b: Answer) => (a.id < b.id ? -1 : 1)
const folderOf = () => `reports/runs/${outcome.plan.run}/`
const text = (name: string) => world.s3.text(`${folderOf()}${name}`)!

describe('a run over an organization', () => {
  it('expects every active account in every region, and the state machine holds names only', () => {
    const run = '20261120T060000Z-63093cff69b8'
    expect(outcome.plan).toEqual({
      ...{ run, startedAt, shards: 8, shardsKey: `reports/runs/${run}/shards.json` },
    })
    const shards = JSON.parse(text('shards.json')) as Answer[]
    expect(shards.map(({ accountId, region }) => `${accountId} ${region}`)).toEqual(
      [app, shared, empty, hub].flatMap((account) => [`${account} ${home}`, `${account} ${away}`]),
    )
    expect(shards[0].accountName).toBe(`name of ${app}`)
  })

  it('gives the verdicts of the command line on the same snapshots, word for word but for what other accounts could do', async () => {
    const report = await auditOfFiles()
    const expected = JSON.parse(JSON.stringify(report.findings)) as Answer[]
    const plain = expected.map(({ observedAt: _, transience: __, ...rest }) => rest)
    const found = findingsOfAccounts()
    const goodOnVpcs = plain.filter(
      ({ resource, compliance }) =>
        resource.type === 'AWS::EC2::VPC' && ['COMPLIANT', 'NOT_APPLICABLE'].includes(compliance),
    )
    expect(
      found
        .filter(({ assumptions }) => assumptions.includes(blindSpot))
        .map(({ id }) => id)
        .sort(),
    ).toEqual(goodOnVpcs.map(({ id }) => id).sort())
    expect(goodOnVpcs.length).toBeGreaterThan(4)
    const withoutBlindSpot = found.map((finding) => ({
      ...finding,
      assumptions: finding.assumptions.filter((one: string) => one !== blindSpot),
    }))
    expect(withoutBlindSpot.toSorted(byId)).toEqual(plain.toSorted(byId))
  })

  it('sees what lies in the snapshots of other regions and accounts', () => {
    const about = (rule: string, id: string) =>
      findingsOfAccounts().find((one) => one.rule === rule && one.resource.id.endsWith(id))
    expect(about('image-pull-path', 'service/main/foreign')).toMatchObject({
      compliance: 'COMPLIANT',
      reason: expect.stringContaining(`${shared}.dkr.ecr.${home}.amazonaws.com/base:1`),
    })
    expect(about('ecs-execution-role-can-pull', 'batch')).toMatchObject({ compliance: 'COMPLIANT' })
    const away = findingsOfAccounts().find(
      ({ rule, resource }) => rule === 'ecs-execution-role-least-privilege' && resource.arn.endsWith(':role/away'),
    )
    expect(away).toMatchObject({ compliance: 'NON_COMPLIANT' })
  })

  it('holds every place that was not judged as a row of the coverage, never as a pass', () => {
    expect(outcome.failed).toEqual([`${hub} ${away}: AccessDenied: no`])
    const report = reportSchema.parse(world.json('report.json'))
    const whole = report.coverage.filter(({ resourceType }) => resourceType === '*')
    expect(whole.map(({ accountId, region, status, reason }) => [accountId, region, status, reason])).toEqual([
      [shared, away, 'unknown', 'stale: the newest snapshot is of 2026-11-17T06:00:00.000Z, older than 48 hours'],
      [empty, home, 'unknown', 'no-snapshot: no snapshot of the last 7 days is in the Config bucket'],
      [empty, 'global', 'unknown', 'no-snapshot: no snapshot of the last 7 days is in the Config bucket'],
      [empty, away, 'unknown', 'no-snapshot: no snapshot of the last 7 days is in the Config bucket'],
      [hub, away, 'unknown', 'the task failed: no result'],
      ['888899990000', '*', 'unknown', 'the account is SUSPENDED'],
    ])
    const nodegroups = report.coverage.find(
      ({ accountId, region, resourceType }) =>
        accountId === app && region === home && resourceType === 'AWS::EKS::Nodegroup',
    )
    expect(nodegroups).toMatchObject({ status: 'unknown', reason: 'AWS Config cannot record AWS::EKS::Nodegroup' })
  })

  it('counts every verdict and lists those that need attention', () => {
    const { summary, findings } = reportSchema.parse(world.json('report.json'))
    const open = ['NON_COMPLIANT', 'UNDETERMINED']
    const judged = findingsOfAccounts().filter(
      ({ resource }) => !(resource.accountId === hub && resource.region === away),
    )
    expect(findings.map(({ id }) => id).sort()).toEqual(
      judged
        .filter(({ compliance }) => open.includes(compliance))
        .map(({ id }) => id)
        .sort(),
    )
    const count = (wanted: string) => judged.filter(({ compliance }) => compliance === wanted).length
    expect(summary.byCompliance).toEqual({
      ...{ COMPLIANT: count('COMPLIANT'), NON_COMPLIANT: count('NON_COMPLIANT') },
      ...{ NOT_APPLICABLE: count('NOT_APPLICABLE'), UNDETERMINED: count('UNDETERMINED') },
    })
    expect(summary.bySeverity.CRITICAL).toBe(1)
  })

  it('writes the manifest last, with the digest of every file, and then points to it', () => {
    const manifest = JSON.parse(world.s3.text('reports/latest.json')!)
    expect(text('manifest.json')).toBe(world.s3.text('reports/latest.json'))
    expect(manifest).toMatchObject({
      ...{ run: outcome.plan.run, folder: folderOf(), startedAt, endedAt: '2026-11-20T06:01:00.000Z' },
      ...{ expected: { accounts: 4, regions: 2, places: 8 }, covered: 4, failed: 1, notCovered: 4 },
    })
    expect(manifest.files.map(({ name }: Answer) => name)).toEqual([
      ...['report.json', 'findings.csv', 'coverage.csv', 'report.html', 'report.md'],
    ])
    for (const { name, bytes, sha256 } of manifest.files) {
      const body = world.s3.objects.get(`${folderOf()}${name}`)!.at(-1)!.body
      expect([name, bytes, sha256]).toEqual([...[name, body.length, createHash('sha256').update(body).digest('hex')]])
    }
    const puts = world.s3.calls.filter((call) => call.startsWith('PutObject'))
    expect(puts.slice(-2)).toEqual([`PutObject ${folderOf()}manifest.json`, 'PutObject reports/latest.json'])
  })

  it('measures what was expected and what is missing', () => {
    expect(world.measured).toEqual([
      ...['ReportPublished 1', 'AccountsExpected 4', 'ShardsExpected 8', 'ShardsFailed 1', 'ShardsNotCovered 4'],
      ...['HeartbeatsMissing 7', 'HeartbeatsUnknown 1'],
      ...[`ReportNoncompliant ${world.json('report.json').summary.byCompliance.NON_COMPLIANT}`],
      ...[`ReportUndetermined ${world.json('report.json').summary.byCompliance.UNDETERMINED}`, 'flush'],
    ])
  })

  it('names every area of every place that gave no sign, in the coverage and in the log', () => {
    const rows = world
      .json('report.json')
      .coverage.filter(({ resourceType }: Answer) => resourceType === 'Pullpath::Heartbeat')
    expect(rows).toHaveLength(7 * 4)
    expect(rows[0]).toEqual({
      ...{ accountId: app, region: home, resourceType: 'Pullpath::Heartbeat', status: 'unknown' },
      reason: 'the functions of area ecr gave no sign yet',
    })
    const [line, ...more] = world.logged.filter((one) => one.startsWith('warn heartbeats are missing'))
    expect(more).toEqual([])
    expect(line).toContain(`"missing":7,"places":"${app} ${home}: no sign of ecr, image, role, vpc; ${app} ${away}: no`)
  })

  it('shows people the same in tables and pages', () => {
    expect(text('findings.csv').split('\r\n')).toHaveLength(world.json('report.json').findings.length + 2)
    expect(text('coverage.csv')).toContain(`"${hub}","${away}","*","","the task failed: no result"\r\n`)
    expect(text('report.html')).toContain('<td>the task failed: no result</td>')
    expect(text('report.md')).toContain('**4 of 8** places judged (4 accounts, 2 regions)')
  })
})
