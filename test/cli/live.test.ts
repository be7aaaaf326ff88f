import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type AuditQuestion, auditSnapshot, typesToRead } from '../../cli/audit/audit-snapshot.ts'
import { liveSnapshot } from '../../cli/audit/live-snapshot.ts'
import type { CollectPlan } from '../../cli/collect/collect-plan.ts'
import { OutputDirectory } from '../../cli/collect/output-directory.ts'
import { type LiveRun, runLive } from '../../cli/collect/run-live.ts'
import { selectRules } from '../../shared/engine/plan.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { renderJson } from '../../shared/sinks/report/json.ts'
import { readSnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'
import { estateOf, publicRepository, readerRole, smallShape } from '../support/fake-estate/estate.ts'
import { type FakeEstate, startFakeEstate } from '../support/fake-estate/fake-estate.ts'
import { keysOf } from '../support/fake-estate/identity.ts'
import { environmentOf, startCli } from './collect/collecting.ts'

const [home, second] = ['111122223333', '222233334444'] as const
const at = new Date('2026-03-01T12:00:00Z')
const now = () => at
let estate: FakeEstate
let root: string
let serial = 0
beforeAll(async () => {
  estate = await startFakeEstate(estateOf(smallShape))
  root = await mkdtemp(join(tmpdir(), 'pullpath-live-'))
  const keys = keysOf(home)
  vi.stubEnv('AWS_ACCESS_KEY_ID', keys.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', keys.secretAccessKey)
})
afterEach(() => estate.restart())
afterAll(async () => {
  vi.unstubAllEnvs()
  await estate.close()
  await rm(root, { recursive: true, force: true })
})

const account: CollectPlan = {
  scope: { kind: 'account' },
  regions: { kind: 'named', names: [...smallShape.regions] },
  choice: { images: false, config: true },
}
const organization: CollectPlan = { ...account, scope: { kind: 'organization', ...readerRole } }
const rules = selectRules(catalogue, defaultSettings)
const question: AuditQuestion = {
  ...{ rules, settings: defaultSettings, now: at, failOn: 'low' },
  isJudged: () => true,
  isReported: () => true,
  missing: () => [],
}
const types = typesToRead(question)

function runOf(plan: CollectPlan): LiveRun {
  return { plan, configuredRegion: 'eu-central-1', endpoint: estate.endpoint, quiet: true, now }
}

/** The report of a plan that is read into files and judged from these. */
async function throughFiles(plan: CollectPlan): Promise<string> {
  const path = join(root, `files${serial++}`)
  const directory = await OutputDirectory.open({ path, asked: '', fresh: false, version: '1', now })
  const { ledger } = await runLive(runOf(plan), async () => ({ take: (scope) => directory.take(scope) }))
  await directory.writeCoverage(ledger.uncovered('the end'), ledger.scopes)
  return reportOf(await readSnapshotFiles([path], { wantedTypes: types }))
}

/** The report of a plan that is read into memory, only the types the rules read. */
async function live(plan: CollectPlan): Promise<string> {
  return reportOf((await liveSnapshot(runOf({ ...plan, choice: { ...plan.choice, types } }), types)).files)
}

function reportOf(files: Parameters<typeof auditSnapshot>[0]): string {
  return [...renderJson(auditSnapshot(files, question).report)].join('')
}

describe('an audit of live accounts', () => {
  test.each([
    ['one account', account],
    ['an organization', organization],
    ['some accounts', { ...account, scope: { kind: 'organization', ...readerRole, accounts: [second] } }],
    ['a region that is not enabled', { ...account, regions: { kind: 'named', names: ['eu-central-1', 'us-west-2'] } }],
  ] satisfies readonly (readonly [string, CollectPlan])[])(
    'gives the same bytes as one of the files that collect writes: %s',
    async (_name, plan) => {
      const [fromFiles, fromMemory] = [await throughFiles(plan), await live(plan)]
      const { findings } = JSON.parse(fromMemory)
      expect(findings.length).toBeGreaterThan(20)
      expect(fromMemory).toBe(fromFiles)
    },
  )

  test('gives the same bytes when something is denied', async () => {
    const fault = {
      account: '*',
      region: '*',
      operation: 'ecr:GetRepositoryPolicy',
      nth: 'every',
      fault: 'denied',
    } as const
    estate.plan = [fault, { ...fault, account: home, operation: 'sts:AssumeRole', about: second }]
    const fromFiles = await throughFiles(organization)
    estate.restart()
    estate.plan = [fault, { ...fault, account: home, operation: 'sts:AssumeRole', about: second }]
    const fromMemory = await live(organization)
    expect(fromMemory).toBe(fromFiles)
    const { findings, coverage } = JSON.parse(fromMemory)
    type Row = { readonly compliance: string; readonly rule: string; readonly resource: { readonly id: string } }
    const ofPublic = findings.filter(
      ({ rule, resource }: Row) => rule === 'ecr-repository-not-public' && resource.id === publicRepository,
    )
    expect(ofPublic.map(({ compliance }: Row) => compliance)).toEqual(Array(4).fill('UNDETERMINED'))
    expect(
      coverage.some(
        (row: { accountId: string; status: string }) => row.accountId === second && row.status === 'unknown',
      ),
    ).toBe(true)
  })

  test('reads only what the rules read', async () => {
    await live(account)
    const whole = estate.calls.length
    estate.restart()
    const few = typesToRead({ rules: selectRules(catalogue, defaultSettings, ['ecr-repository-not-public']) })
    await liveSnapshot(runOf({ ...account, choice: { ...account.choice, types: few } }), few)
    expect(estate.calls.length).toBeLessThan(whole / 2)
    expect(estate.calls.filter(({ service }) => service === 'eks')).toEqual([])
  })
})

describe('audit --live', () => {
  const start = (...args: readonly string[]) =>
    startCli(environmentOf(estate, home), ['audit', '--live', '--quiet', '--format', 'json', ...args])

  test('judges what it reads, the resources of the account as a whole included', async () => {
    const ended = await start('--region', 'us-east-1').ended
    const { findings } = JSON.parse(ended.stdout)
    const regions = findings.map(({ resource }: { resource: { region: string } }) => resource.region)
    expect([...new Set(regions)].sort()).toEqual(['global', 'us-east-1'])
    expect(ended.code).toBe(1)
    expect(ended.stderr).toBe('')
  })

  test('writes no file but the report', async () => {
    const output = join(root, 'report.json')
    const ended = await start('--rule', 'ecr-repository-not-public', '--output', output).ended
    expect(ended.stdout).toBe('')
    expect(JSON.parse(await readFile(output, 'utf8')).findings).toHaveLength(3)
  })

  test('B4 exits with 3 and names an account that cannot be entered', async () => {
    estate.plan = [
      { account: home, region: '*', operation: 'sts:AssumeRole', nth: 'every', about: second, fault: 'denied' },
    ]
    const scope = ['--organization', '--external-id', readerRole.externalId, '--accounts', second]
    const ended = await start(...scope, '--rule', 'ecr-repository-not-public').ended
    const { coverage } = JSON.parse(ended.stdout)
    expect(coverage.find((row: { accountId: string }) => row.accountId === second)?.reason).toMatch(/sts:AssumeRole/)
    expect(ended.code).toBe(3)
  })

  test('does not ask for the roles of a management account that is not to be read', async () => {
    const scope = ['--organization', '--external-id', readerRole.externalId, '--accounts', second]
    const ended = await start(...scope, '--fail-on', 'never').ended
    const { coverage } = JSON.parse(ended.stdout)
    const unknown = coverage.filter(({ status }: { status: string }) => status === 'unknown')
    expect(unknown).toEqual([])
    expect(coverage.filter((row: { accountId: string }) => row.accountId === home)).not.toEqual([])
  })

  test('D4 a full disk ends with code 4 and the path', async () => {
    const ended = await start('--rule', 'ecr-repository-not-public', '--output', '/dev/full').ended
    expect(ended.stderr).toBe('pullpath: --output: /dev/full: cannot be written (ENOSPC): no space left\n')
    expect(ended.code).toBe(4)
  })

  test('D5 a signal ends it within five seconds with what was read and no report', async () => {
    estate.plan = [
      { account: home, region: 'eu-central-1', operation: 'ecr:DescribeRepositories', nth: 'every', fault: 'hang' },
    ]
    const running = start()
    while (!estate.calls.some(({ fault }) => fault === 'hang')) await new Promise((resolve) => setTimeout(resolve, 20))
    const began = performance.now()
    running.process.kill('SIGINT')
    const ended = await running.ended
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(ended.code).toBe(130)
    expect(ended.stdout).toBe('')
    expect(ended.stderr).toContain('pullpath: interrupted (SIGINT)\n')
  })

  test.each([
    ['paths', ['audit', '--live', 'files'], /--live: reads accounts, so name no paths/],
    ['its options without it', ['audit', 'files', '--organization'], /--organization: needs --live/],
  ] as const)('refuses %s in one line', async (_name, args, message) => {
    const ended = await startCli(environmentOf(estate, home), args).ended
    expect(ended.stderr).toMatch(message)
    expect(ended.code).toBe(2)
  })
})
