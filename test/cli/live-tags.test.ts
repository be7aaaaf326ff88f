import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  type AuditAnswer,
  type AuditQuestion,
  auditSnapshot,
  tagsToRead,
  typesToRead,
} from '../../cli/audit/audit-snapshot.ts'
import { liveSnapshot } from '../../cli/audit/live-snapshot.ts'
import type { CollectPlan } from '../../cli/collect/collect-plan.ts'
import { OutputDirectory } from '../../cli/collect/output-directory.ts'
import { type LiveRun, runLive } from '../../cli/collect/run-live.ts'
import { selectRules } from '../../shared/engine/plan.ts'
import type { Exception } from '../../shared/model/exception.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { renderJson } from '../../shared/sinks/report/json.ts'
import { readSnapshotFiles, type SnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'
import { tagTypes } from '../../shared/sources/tags/tag-types.ts'
import { askedForTags, type FakeTags, tagsService } from '../support/fake-aws/tagging.ts'
import { estateOf, policy, publicRepository, repositoryArn } from '../support/fake-estate/estate.ts'
import { type FakeEstate, startFakeEstate } from '../support/fake-estate/fake-estate.ts'
import { keysOf } from '../support/fake-estate/identity.ts'
import { environmentOf, startCli } from './collect/collecting.ts'

const account = '111122223333'
/** In the second one networks are in worse order, and so is what runs in them. */
const [region, second] = ['eu-central-1', 'us-east-1'] as const
const at = new Date('2026-03-01T12:00:00Z')
const now = () => at
const tags: FakeTags = new Map()
let estate: FakeEstate
let root: string
let serial = 0
beforeAll(async () => {
  estate = await startFakeEstate(estateOf({ accounts: 1, regions: [region, second] }))
  root = await mkdtemp(join(tmpdir(), 'pullpath-live-tags-'))
  const keys = keysOf(account)
  vi.stubEnv('AWS_ACCESS_KEY_ID', keys.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', keys.secretAccessKey)
  const here = estate.accounts.get(account)
  for (const { state } of here?.regions.values() ?? []) state.services.set('tag', tagsService(tags))
  for (const role of here?.global.state.iam.roles ?? []) Object.assign(role, { tags: [sandbox] })
})
afterEach(() => {
  estate.restart()
  tags.clear()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await estate.close()
  await rm(root, { recursive: true, force: true })
})

const sandbox = { Key: 'stage', Value: 'sandbox-1' }
const open = repositoryArn(account, region, publicRepository)
const byTag = (rule: string, more: Partial<Exception> = {}): Exception => ({
  ...{ rule, account, tag: { key: 'stage', value: 'sandbox-*' } },
  ...{ reason: 'a sandbox', owner: 'o@example.org', expires: '2026-06-30' },
  ...more,
})
const everyRule = [...new Set(catalogue.map(({ id }) => `${id.split('-')[0]}-*`))].map((rule) => byTag(rule))
const plan: CollectPlan = {
  scope: { kind: 'account' },
  regions: { kind: 'named', names: [region, second] },
  choice: { images: false, config: true, tags: tagTypes },
}

function questionOf(exceptions: readonly Exception[]): AuditQuestion {
  const settings = { ...defaultSettings, exceptions }
  const everything = { isJudged: () => true, isReported: () => true, missing: () => [] }
  return { rules: selectRules(catalogue, settings), settings, now: at, failOn: 'low', ...everything }
}
const types = typesToRead(questionOf([]))
const runOf = (one: CollectPlan): LiveRun => ({
  ...{ plan: one, configuredRegion: region, endpoint: estate.endpoint, quiet: true, now },
})

async function live(exceptions: readonly Exception[] = everyRule): Promise<AuditAnswer> {
  const question = questionOf(exceptions)
  const asked = { ...plan, choice: { ...plan.choice, types, tags: tagsToRead(question) } }
  return auditSnapshot((await liveSnapshot(runOf(asked), types)).files, question)
}

/** Collects as the command does, and judges the files. */
async function throughFiles(exceptions: readonly Exception[] = everyRule): Promise<AuditAnswer> {
  return auditSnapshot(await filesIn(await collected()), questionOf(exceptions))
}

async function collected(): Promise<string> {
  const path = join(root, `files${serial++}`)
  const directory = await OutputDirectory.open({ path, asked: '', fresh: false, version: '1', now })
  const { ledger } = await runLive(runOf(plan), async () => ({ take: (scope) => directory.take(scope) }))
  await directory.writeCoverage(ledger.uncovered('the end'), ledger.scopes)
  return path
}

const filesIn = (path: string): Promise<SnapshotFiles> => readSnapshotFiles([path], { wantedTypes: types })

/** The items of a collection as AWS Config delivers them, with the tags the account has. */
async function configSnapshotOf(directory: string): Promise<string> {
  const path = join(root, `config${serial++}`)
  await mkdir(path)
  for (const name of await readdir(join(directory, account))) {
    const { configurationItems } = JSON.parse(await readFile(join(directory, account, name), 'utf8'))
    type Item = { arn: string; accountId: string; tags: object }
    const spelled = configurationItems.map(({ arn, accountId, ...item }: Item) => ({
      ...{ ...item, ARN: arn, awsAccountId: accountId, tags: tags.get(arn) ?? item.tags },
    }))
    const document = { fileVersion: '1.0', configSnapshotId: name, configurationItems: spelled }
    await writeFile(join(path, name), JSON.stringify(document))
  }
  return path
}

const reportOf = ({ report }: AuditAnswer) => [...renderJson(report)].join('')
const failuresOf = ({ report }: AuditAnswer) =>
  report.findings.filter(({ compliance }) => compliance === 'NON_COMPLIANT')
const exceptedOf = (answer: AuditAnswer) =>
  failuresOf(answer).flatMap(({ rule, resource, exception }) => (exception ? [`${rule} ${resource.arn}`] : []))
const verdictsOf = ({ report }: AuditAnswer) =>
  report.findings.map(({ id, compliance, reason }) => [id, compliance, reason])
const unsettled = async () => live([])

describe('an exception by tag, where accounts are read live', () => {
  test('covers tagged resources of every type, and what collect wrote says the same, byte by byte', async () => {
    const failures = failuresOf(await unsettled())
    const tagged = failures.filter(({ resource }) => tagTypes.has(resource.type) || resource.type === 'AWS::IAM::Role')
    for (const { resource } of tagged) tags.set(resource.arn, { stage: 'sandbox-1' })
    const answer = await live()
    expect(exceptedOf(answer)).toEqual(tagged.map(({ rule, resource }) => `${rule} ${resource.arn}`))
    const covered = new Set(tagged.map(({ resource }) => resource.type))
    expect([...covered].sort()).toEqual([
      ...['AWS::EC2::VPC', 'AWS::ECR::Repository', 'AWS::ECS::Service', 'AWS::EKS::Nodegroup', 'AWS::IAM::Role'],
    ])
    expect(reportOf(await throughFiles())).toBe(reportOf(answer))
  })

  test('covers in a snapshot of AWS Config what it covers live', async () => {
    for (const { resource } of failuresOf(await unsettled())) tags.set(resource.arn, { stage: 'sandbox-1' })
    const directory = await collected()
    const ofSnapshot = auditSnapshot(await filesIn(await configSnapshotOf(directory)), questionOf(everyRule))
    const excepted = exceptedOf(await live())
    expect(excepted.length).toBeGreaterThan(5)
    expect(exceptedOf(ofSnapshot)).toEqual(excepted)
  })

  test('covers nothing that carries another tag, or none', async () => {
    tags.set(open, { stage: 'live', Stage: 'sandbox-1' })
    const answer = await live([byTag('ecr-repository-not-public')])
    expect(exceptedOf(answer)).toEqual([])
    expect(answer.report.exceptions?.map(({ status }) => status)).toEqual(['unmatched'])
    expect(verdictsOf(answer)).toEqual(verdictsOf(await unsettled()))
  })

  test('takes one call for each account and region, about what is judged', async () => {
    await live()
    const lists = askedForTags(estate)
    expect(lists).toHaveLength(2)
    const kinds = lists.map((arns) =>
      [...new Set(arns.map((arn) => /:([a-z-]+)\/[^:]+(:\d+)?$/.exec(arn)?.[1]))].sort(),
    )
    const ofRegion = ['fargateprofile', 'nodegroup', 'repository', 'service', 'task-definition', 'vpc']
    expect(kinds).toEqual([ofRegion, ofRegion])
    expect(lists.flat()).toContain(`arn:aws:ecs:${region}:${account}:task-definition/web:1`)
  })
})

test('tags of repositories decide conditions on them, live as in what collect wrote, whatever exceptions there are', async () => {
  const repositories = estate.accounts.get(account)?.regions.get(region)?.state.repositories
  const before = repositories?.get(publicRepository)
  const condition = { StringEquals: { 'aws:ResourceTag/stage': 'live' } }
  repositories?.set(
    publicRepository,
    policy({ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage', Condition: condition }),
  )
  tags.set(open, { stage: 'sandbox-1' })
  const answer = await live([])
  expect(reportOf(await throughFiles([]))).toBe(reportOf(answer))
  const verdicts = answer.report.findings.filter(({ resource }) => resource.arn === open)
  expect(verdicts.find(({ rule }) => rule === 'ecr-repository-not-public')?.compliance).toBe('COMPLIANT')
  repositories?.set(publicRepository, before ?? '')
})

describe('tags that must not be read', () => {
  const denied = { account: '*', region: '*', operation: 'tag:GetResources', nth: 'every', fault: 'denied' } as const
  const reason = 'its tags are not known: tag:GetResources failed with AccessDeniedException'

  test('change no verdict and no coverage; a failure they might except stands and says why', async () => {
    const before = await unsettled()
    tags.set(open, { stage: 'sandbox-1' })
    estate.plan = [denied]
    const exceptions = [byTag('ecr-repository-not-public', { resource: open })]
    const answer = await live(exceptions)
    expect(verdictsOf(answer)).toEqual(verdictsOf(before))
    expect(answer.report.coverage).toEqual(before.report.coverage)
    expect(exceptedOf(answer)).toEqual([])
    const assuming = answer.report.findings.filter(({ assumptions }) => assumptions.some((one) => one.includes(reason)))
    expect(assuming.map(({ rule, resource }) => `${rule} ${resource.arn}`)).toEqual([
      `ecr-repository-not-public ${open}`,
    ])
    expect(assuming[0]?.assumptions[0]).toBe(`assumes that no exception by tag covers it (${reason})`)
    // Nobody knows that it names nothing.
    expect(answer.report.exceptions?.map(({ status, failing }) => [status, failing])).toEqual([['active', 0]])
    expect(answer.exitCode).toBe(before.exitCode)
    expect(reportOf(await throughFiles(exceptions))).toBe(reportOf(answer))
  })

  test('leave exceptions by other things, and by tags of roles, as they are', async () => {
    estate.plan = [denied]
    const { tag: _, ...byName } = byTag('ecr-repository-not-public', { resource: open })
    const excepted = exceptedOf(await live([byName, byTag('iam-*'), byTag('ecs-*'), byTag('eks-*')]))
    expect(excepted).toContain(`ecr-repository-not-public ${open}`)
    expect(excepted.filter((one) => one.includes(':role/')).length).toBeGreaterThan(0)
  })

  test('do not stop a collection: it is complete, and says that they were not read', async () => {
    estate.plan = [denied]
    const directory = join(root, `files${serial++}`)
    const ended = await startCli(environmentOf(estate, account), ['collect', '--quiet', '--output', directory]).ended
    expect(ended.code).toBe(0)
    const [asked = []] = askedForTags(estate)
    expect(ended.stderr).toContain(
      `pullpath: tags of ${asked.length} resources in 1 account and region were not read (tag:GetResources failed with AccessDeniedException): exceptions by tag and conditions on tags of repositories are not decided by them\n`,
    )
    expect(ended.stderr).not.toContain('Not covered')
    expect(estate.calls.filter(({ service }) => service === 'tag')).toHaveLength(1)
  })
})

describe('the commands', () => {
  const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
  const rule = 'ecr-repository-not-public'
  async function audit(...exceptions: readonly Exception[]) {
    const settings = join(root, 'settings.yaml')
    await writeFile(settings, JSON.stringify({ exceptions }))
    const args = ['audit', '--live', '--quiet', '--format', 'json', '--rule', rule, '--settings', settings]
    const { code, stdout } = await startCli(environmentOf(estate, account), args).ended
    return { code, summary: JSON.parse(stdout).summary }
  }

  test('audit --live reads tags where its settings name one, and excepts by them', async () => {
    tags.set(open, { stage: 'sandbox-1' })
    const { code, summary } = await audit(byTag(rule, { expires: inAMonth }))
    expect([code, summary.excepted, summary.byCompliance.NON_COMPLIANT]).toEqual([0, 1, 0])
    expect(askedForTags(estate)).toHaveLength(1)
  })

  test('audit --live asks for tags of repositories alone where no exception of the rules that run is by tag', async () => {
    tags.set(open, { stage: 'sandbox-1' })
    const { tag: _, ...byName } = byTag(rule, { resource: `${open}x`, expires: inAMonth })
    expect((await audit(byName, byTag('vpc-*', { expires: inAMonth }))).code).toBe(1)
    expect(askedForTags(estate)).toHaveLength(1)
    expect(
      askedForTags(estate)
        .flat()
        .filter((arn) => !arn.includes(':repository/')),
    ).toEqual([])
  })

  test('collect always writes them', async () => {
    tags.set(open, { stage: 'sandbox-1' })
    const directory = join(root, `files${serial++}`)
    const ended = await startCli(environmentOf(estate, account), ['collect', '--quiet', '--output', directory]).ended
    const { configurationItems } = JSON.parse(await readFile(join(directory, account, `${region}.json`), 'utf8'))
    const written = configurationItems.find(({ arn }: { arn: string }) => arn === open)
    expect([ended.code, written.tags]).toEqual([0, { stage: 'sandbox-1' }])
    expect(ended.stderr).not.toContain('were not read')
  })
})

test('tags of repositories are read in any case, others where an exception of a rule that runs is by one, be it over or not', () => {
  const rules = selectRules(catalogue, defaultSettings, ['ecr-repository-not-public'])
  const needs = (...exceptions: readonly Exception[]) =>
    tagsToRead({ rules, settings: { ...defaultSettings, exceptions } })
  const { tag: _, ...byName } = byTag('ecr-*')
  const few = new Set(['AWS::ECR::Repository'])
  expect([needs(), needs(byName), needs(byTag('vpc-*'))]).toEqual([few, few, few])
  expect([needs(byName, byTag('ecr-*')), needs(byTag('ecr-*', { expires: '2020-01-01' }))]).toEqual([
    tagTypes,
    tagTypes,
  ])
})
