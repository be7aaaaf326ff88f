import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AuditQuestion, auditSnapshot, typesToRead } from '../../cli/audit/audit-snapshot.ts'
import { type LiveSnapshot, liveSnapshot } from '../../cli/audit/live-snapshot.ts'
import type { CollectPlan } from '../../cli/collect/collect-plan.ts'
import { loadSettings } from '../../cli/input-files.ts'
import { selectRules } from '../../shared/engine/plan.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { readSnapshotFiles, type SnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'
import { leftOut, type Pair } from './left-out.ts'
import { collectInto, liveRun } from './live-run.ts'
import { loadOrganization } from './load-organization.ts'
import { readerRole } from './load-place.ts'
import { type Moto, startMoto } from './moto-server.ts'
import { type Overlay, startOverlay } from './overlay.ts'

const example = join(import.meta.dirname, '../../examples/organization')
const now = new Date('2026-11-20T09:00:00.000Z')
const asked = {
  scope: { kind: 'organization', roleName: readerRole },
  regions: { kind: 'named', names: ['eu-central-1', 'us-east-1'] },
} as const satisfies Omit<CollectPlan, 'choice'>
const choice = { images: false, config: true }
const allTypes: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true })

let moto: Moto
let overlay: Overlay
let folder: string
let question: AuditQuestion
let refused: readonly string[]
let snapshot: LiveSnapshot
let uncollected: readonly CoverageEntry[]
const findings = {
  files: [] as readonly Finding[],
  live: [] as readonly Finding[],
  collected: [] as readonly Finding[],
}

beforeAll(async () => {
  // Roles of the example hold policies of AWS.
  process.env.MOTO_IAM_LOAD_MANAGED_POLICIES = 'true'
  moto = await startMoto()
  overlay = await startOverlay(moto.endpoint, 10)
  folder = await mkdtemp(join(tmpdir(), 'pullpath-routes-'))
  const settings = await loadSettings(join(example, 'settings.yaml'))
  const everywhere = { isJudged: () => true, isReported: () => true, missing: () => [], failOn: 'low' as const }
  question = { rules: selectRules(catalogue, settings, []), settings, now, ...everywhere }
  refused = await loadOrganization(overlay, await readSnapshotFiles([example], { wantedTypes: allTypes }))
  await readAllRoutes(join(folder, 'collected'))
}, 180_000)
afterAll(async () => {
  await overlay?.close()
  moto?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function readAllRoutes(directory: string): Promise<void> {
  const wantedTypes = typesToRead(question)
  const { endpoint } = overlay
  const beginning = {
    ...{ endpoint, accountId: '111122223333', roleName: 'OrganizationAuditor' },
    homeRegion: 'eu-central-1',
  }
  const plan = { ...asked, choice: { ...choice, types: wantedTypes } }
  snapshot = await liveSnapshot(liveRun(beginning, plan, now), wantedTypes)
  uncollected = await collectInto(directory, liveRun(beginning, { ...asked, choice }, now))
  findings.files = audited(await readSnapshotFiles([example], { wantedTypes }))
  findings.live = audited(snapshot.files)
  findings.collected = audited(await readSnapshotFiles([directory], { wantedTypes }))
}

function audited(files: SnapshotFiles): readonly Finding[] {
  return auditSnapshot(files, question).report.findings
}

it('loads the example into moto but for what moto refuses', () => {
  expect(refused).toEqual([
    'attached arn:aws:iam::aws:policy/AmazonECSFutureWorkloadAccess arn:aws:iam::222233334444:role/future-task: NoSuchEntityException',
    'attached arn:aws:iam::aws:policy/AmazonEKSFutureNodePolicy arn:aws:iam::222233334444:role/nodes-future: NoSuchEntityException',
    'attached arn:aws:iam::aws:policy/AmazonEKSFuturePodExecutionRolePolicy arn:aws:iam::222233334444:role/fargate-pods-future: NoSuchEntityException',
    'lifecycle arn:aws:ecr:eu-central-1:123456789012:repository/storefront/search: InvalidParameterException',
    'policy arn:aws:ecr:eu-central-1:777788889999:repository/payments/broken-import: InvalidParameterException',
    'registry policy arn:aws:ecr:us-east-1:111122223333:registry-policy/111122223333: InvalidParameterException',
    'registry policy arn:aws:ecr:us-east-1:777788889999:registry-policy/777788889999: InvalidParameterException',
  ])
})

it('reads every account, region and type, page by page', () => {
  expect(snapshot.ledger.uncovered('not read')).toEqual([])
  expect(snapshot.ledger.unknown).toEqual([])
  expect(uncollected).toEqual([])
  expect([...overlay.gaps]).toEqual([])
  expect([...overlay.cut].sort()).toEqual([
    'ec2:DescribeNetworkAcls',
    'ec2:DescribeRouteTables',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcEndpoints',
    'ec2:DescribeVpcs',
    'ecr:DescribeRepositories',
    'ecs:ListServices',
    'ecs:ListTaskDefinitionFamilies',
    'iam:GetAccountAuthorizationDetails',
  ])
})

it('gives byte-identical findings live and from what was collected', () => {
  expect(findings.live.length).toBeGreaterThan(1_000)
  expect(JSON.stringify(findings.collected)).toBe(JSON.stringify(findings.live))
})

it('gives the verdicts of the files of the example for everything moto models', () => {
  const pairs = pairsOf(findings.files, findings.live)
  const compared = pairs.filter(isCompared)
  const disagreements = compared
    .filter(({ files, live }) => files?.compliance !== live?.compliance)
    .map((pair) => `${pair.rule} ${pair.arn}: files ${wordsOf(pair.files)}; live ${wordsOf(pair.live)}`)
  expect(disagreements).toEqual([])

  const count = (compliance: Finding['compliance']) =>
    compared.filter((one) => one.live?.compliance === compliance).length
  expect(compared.length).toBeGreaterThan(1_250)
  expect(count('COMPLIANT')).toBeGreaterThan(650)
  expect(count('NON_COMPLIANT')).toBeGreaterThan(170)
  expect(pairs.length - compared.length).toBeLessThan(pairs.length / 12)
})

it('says of networks what the files say, word for word and with the ids of the example', () => {
  const compared = pairsOf(findings.files, findings.live).filter((pair) => isCompared(pair) && isOfNetworks(pair))
  const differing = compared.filter(({ files, live }) => wordsOf(files) !== wordsOf(live))
  expect(differing.map((pair) => `${pair.rule} ${pair.arn}: ${wordsOf(pair.files)}; ${wordsOf(pair.live)}`)).toEqual([])

  const verdicts = Map.groupBy(compared, ({ live }) => live?.compliance)
  expect(compared.length).toBeGreaterThan(160)
  expect(verdicts.get('COMPLIANT')?.length).toBeGreaterThan(70)
  expect(verdicts.get('NON_COMPLIANT')?.length).toBeGreaterThan(28)
  expect(verdicts.get('UNDETERMINED')?.length).toBeGreaterThan(8)
  expect(new Set(compared.map(({ rule }) => rule)).size).toBe(8)
})

it.each(leftOut)('leaves something out because $reason', ({ has }) => {
  expect(pairsOf(findings.files, findings.live).filter(has)).not.toEqual([])
})

function isCompared(pair: Pair): boolean {
  return !leftOut.some(({ has }) => has(pair))
}

function isOfNetworks({ rule }: Pair): boolean {
  return rule.startsWith('vpc-') || rule === 'image-pull-path'
}

function pairsOf(files: readonly Finding[], live: readonly Finding[]): readonly Pair[] {
  const [ofFiles, ofLive] = [files, live].map((list) => new Map(list.map((one) => [cellOf(one), one])))
  return [...new Set([...(ofFiles?.keys() ?? []), ...(ofLive?.keys() ?? [])])].sort().map((cell) => {
    const [rule = '', arn = ''] = cell.split(' ')
    return { rule, arn, files: ofFiles?.get(cell), live: ofLive?.get(cell) }
  })
}

/** The last part of these ARNs is an id that moto makes itself. */
function cellOf({ rule, resource }: Finding): string {
  return `${rule} ${resource.arn.replace(/(?<=:(?:nodegroup|fargateprofile)\/[^/]+\/[^/]+)\/.*/, '')}`
}

function wordsOf(finding: Finding | undefined): string {
  return finding === undefined ? 'say nothing' : `${finding.compliance} (${finding.reason})`
}
