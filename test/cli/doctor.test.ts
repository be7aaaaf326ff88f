import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Check } from '../../cli/doctor/check.ts'
import { ruleNamePrefix } from '../../cli/doctor/config-rules.ts'
import { actionsToTry } from '../../cli/doctor/permissions.ts'
import { ruleNamePrefix as deployedPrefix } from '../../infra/config.ts'
import { readerPermissions } from '../../shared/sources/reader-permissions.ts'
import { actionsCalled } from '../sources/readers.ts'
import { type FakeDoctor, serveDoctor } from '../support/fake-aws/doctor.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'

let fake: FakeAws
let account: FakeDoctor
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-doctor-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  fake = await startFakeAws()
  account = serveDoctor(fake)
})
afterEach(() => fake.close())

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command as a process of its own, from source, which sees no credentials but those of `env`. */
function doctor(args: readonly string[], env: Readonly<Record<string, string>> = keys): Promise<Outcome> {
  const { PATH = '' } = process.env
  const own = {
    PATH,
    NO_COLOR: '1',
    AWS_ENDPOINT_URL: fake.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    ...env,
  }
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli/main.ts', 'doctor', ...args], { env: own }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-central-1' }

/** The checks as `--format json` prints them, and the exit code. */
async function checked(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly checks: readonly Check[] }> {
  const { code, stdout } = await doctor(['--format', 'json', ...args])
  return { code, checks: JSON.parse(stdout).checks }
}

const one = (checks: readonly Check[], id: Check['id']) => checks.find((check) => check.id === id)
const statuses = (checks: readonly Check[]) => Object.fromEntries(checks.map(({ id, status }) => [id, status]))
const ran = (name: string, run: object) => {
  account.rules.push(name)
  account.runs.set(name, run)
}
const hoursAgo = (hours: number) => Math.floor(Date.now() / 1000) - hours * 3_600

const healthy = {
  credentials: 'ok',
  region: 'ok',
  recorder: 'ok',
  'delivery-channel': 'ok',
  'config-rules': 'ok',
  'security-hub': 'ok',
  agreement: 'ok',
  permissions: 'ok',
}

describe('pullpath doctor', () => {
  test('an account that is set up is well, and every call made is one that is stated', async () => {
    ran('pullpath-ecr-repository-not-public', { LastSuccessfulEvaluationTime: hoursAgo(1) })
    const { code, checks } = await checked()
    expect([code, statuses(checks)]).toEqual([0, healthy])
    expect(one(checks, 'credentials')?.reason).toBe('111122223333 as arn:aws:iam::111122223333:user/auditor')
    const stated = [...readerPermissions.member, ...readerPermissions.doctor].map(({ action }) => action)
    expect(actionsCalled(fake)).toEqual([...new Set(stated)].sort())
  }, 30_000)

  test('permissions that are missing are named with the statement to add, and nothing else fails', async () => {
    const refused = ['GetRepositoryPolicy', 'DescribeRouteTables']
    fake.state.plan = (operation) =>
      refused.includes(operation)
        ? { error: operation.startsWith('Get') ? 'AccessDeniedException' : 'UnauthorizedOperation', status: 403 }
        : undefined
    const { code, checks } = await checked()
    expect([code, statuses(checks)]).toEqual([1, { ...healthy, 'config-rules': 'warn', permissions: 'fail' }])
    const permissions = one(checks, 'permissions')
    expect(permissions?.reason).toBe(`2 of ${actionsToTry(true).length} actions are refused`)
    expect(permissions?.items?.filter(({ status }) => status !== 'ok')).toEqual([
      {
        name: 'ec2:DescribeRouteTables',
        status: 'fail',
        reason: 'refused',
        statement: {
          Sid: 'ReadWhatTakesNoResource',
          Effect: 'Allow',
          Action: ['ec2:DescribeRouteTables'],
          Resource: ['*'],
        },
      },
      {
        name: 'ecr:GetRepositoryPolicy',
        status: 'fail',
        reason: 'refused',
        statement: {
          Sid: 'ReadRepositories',
          Effect: 'Allow',
          Action: ['ecr:GetRepositoryPolicy'],
          Resource: ['arn:aws:ecr:*:111122223333:repository/*'],
        },
      },
    ])
  }, 30_000)

  test('each type that is not recorded is named', async () => {
    const [recorder] = account.config.recorders
    recorder.recordingGroup = {
      allSupported: false,
      includeGlobalResourceTypes: false,
      recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
      exclusionByResourceTypes: { resourceTypes: ['AWS::ECR::Repository', 'AWS::IAM::Role', 'AWS::EC2::NatGateway'] },
    }
    const { code, checks } = await checked()
    const found = one(checks, 'recorder')
    expect([code, found?.status]).toEqual([1, 'fail'])
    expect(found?.items?.filter(({ status }) => status !== 'ok')).toEqual([
      { name: 'AWS::EC2::NatGateway', status: 'warn', reason: 'not recorded' },
      { name: 'AWS::ECR::Repository', status: 'fail', reason: 'not recorded: not judged' },
      { name: 'AWS::IAM::Role', status: 'warn', reason: 'not recorded here: one region has to' },
    ])
  }, 30_000)

  test('a recorder that is off, a missing delivery channel and a hub that is not enabled are told apart', async () => {
    account.config.recorderStatuses[0].recording = false
    account.channels.length = 0
    account.hubArn = undefined
    const { code, checks } = await checked('--security-hub')
    expect(code).toBe(1)
    expect(checks.filter(({ status }) => status === 'fail').map(({ id, reason }) => [id, reason])).toEqual([
      ['recorder', 'the configuration recorder is off'],
      ['delivery-channel', 'there is no delivery channel: the recorder cannot run and no files are written'],
      ['security-hub', 'not enabled: findings go to AWS Config only'],
    ])
  }, 30_000)

  test('without --security-hub a hub that is not enabled is worth a warning', async () => {
    account.hubArn = undefined
    const { code, checks } = await checked()
    expect([code, one(checks, 'security-hub')?.status]).toEqual([0, 'warn'])
  }, 30_000)

  test('no recorder at all', async () => {
    account.config.recorders.length = 0
    const { checks } = await checked()
    expect(one(checks, 'recorder')).toMatchObject({ status: 'fail', reason: 'there is no configuration recorder' })
  }, 30_000)

  test('rules on every page are looked at: failed, late, never evaluated', async () => {
    account.pageSize = 20
    const failed = { LastSuccessfulEvaluationTime: 1_767_225_600, LastFailedEvaluationTime: 1_767_229_200 }
    for (let n = 10; n < 70; n++) ran(`pullpath-fine-${n}`, { LastSuccessfulEvaluationTime: hoursAgo(25) })
    ran('somebody-elses', {})
    ran('pullpath-late', { LastSuccessfulEvaluationTime: 1_767_225_600 })
    ran('pullpath-never', {})
    ran('pullpath-broken', { ...failed, LastErrorCode: 'AccessDenied', LastErrorMessage: 'x' })
    const { code, checks } = await checked()
    const found = one(checks, 'config-rules')
    expect([code, found?.status, found?.reason]).toEqual([1, 'fail', '3 of 63 rules are not evaluated as it should be'])
    expect(found?.items?.filter(({ status }) => status !== 'ok')).toEqual([
      {
        name: 'pullpath-broken',
        status: 'fail',
        reason: 'last evaluation failed with AccessDenied at 2026-01-01T01:00:00.000Z',
      },
      {
        name: 'pullpath-late',
        status: 'warn',
        reason: 'last evaluated at 2026-01-01T00:00:00.000Z, more than 26 hours ago',
      },
      { name: 'pullpath-never', status: 'warn', reason: 'never evaluated' },
    ])
    expect(found?.items).toHaveLength(63)
    expect(ruleNamePrefix).toBe(deployedPrefix)
  }, 30_000)

  test('C12 shows where AWS Config and Security Hub differ about a rule', async () => {
    const hold = (rule: string, Status: string, count: number, more: object = {}) => {
      for (let n = 0; n < count; n++) {
        const Id = `pullpath/${rule}/${Status}/${n}/${JSON.stringify(more)}`
        const place = { AwsAccountId: '111122223333', Region: 'eu-central-1', Resources: [{ Type: 'Other', Id }] }
        const finding = { GeneratorId: `pullpath/${rule}`, RecordState: 'ACTIVE', Compliance: { Status } }
        fake.findings.set(Id, { Id, ...place, ...finding, ...more })
      }
    }
    const shows = (name: string, count: number) => {
      ran(name, { LastSuccessfulEvaluationTime: hoursAgo(1) })
      account.bad.set(name, count)
    }
    shows('pullpath-ecr-repository-not-public', 2)
    hold('ecr-repository-not-public', 'FAILED', 2)
    hold('ecr-repository-not-public', 'PASSED', 5)
    hold('ecr-repository-not-public', 'FAILED', 1, { RecordState: 'ARCHIVED' })
    hold('ecr-repository-not-public', 'FAILED', 1, { Region: 'us-east-1' })
    shows('pullpath-ecr-repository-tags-immutable-conformance-pack-abc123', 40)
    hold('ecr-repository-tags-immutable', 'FAILED', 120)
    shows('pullpath-ecr-repository-scanned', 1)
    hold('ecr-repository-scanned', 'WARNING', 3)
    shows('pullpath-ecr-repository-encrypted-with-cmk', 3)
    hold('ecr-repository-encrypted-with-cmk', 'FAILED', 2)
    shows('pullpath-ecr-repository-lifecycle-policy', 0)
    hold('ecr-repository-lifecycle-policy', 'FAILED', 1)
    shows('pullpath-eks-node-role-can-pull', 1)
    hold('eks-node-role-can-pull', 'FAILED', 7)
    const { code, checks } = await checked()
    const found = one(checks, 'agreement')
    expect([code, found?.status, found?.reason]).toEqual([
      0,
      'warn',
      'AWS Config and Security Hub differ about 2 of 5 rules',
    ])
    expect(found?.items?.map(({ name, status, reason }) => [name.slice(9, 44), status, reason])).toEqual([
      ['ecr-repository-not-public', 'ok', 'AWS Config shows 2 not compliant, Security Hub 2 failed and 0 open'],
      [
        'ecr-repository-tags-immutable-confo',
        'ok',
        'AWS Config shows more than 25 not compliant, Security Hub 120 failed and 0 open',
      ],
      ['ecr-repository-scanned', 'ok', 'AWS Config shows 1 not compliant, Security Hub 0 failed and 3 open'],
      [
        'ecr-repository-encrypted-with-cmk',
        'warn',
        'AWS Config shows 3 not compliant, Security Hub 2 failed and 0 open',
      ],
      ['ecr-repository-lifecycle-policy', 'warn', 'AWS Config shows 0 not compliant, Security Hub 1 failed and 0 open'],
    ])
  }, 30_000)

  test('a check that cannot be made leaves the others as they are', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeConfigRules' || operation === 'DescribeHub'
        ? { error: 'InternalFailure', status: 500 }
        : undefined
    const { code, checks } = await checked()
    expect([code, statuses(checks)]).toEqual([
      3,
      { ...healthy, 'config-rules': 'unknown', 'security-hub': 'unknown', permissions: 'unknown' },
    ])
    expect(one(checks, 'config-rules')?.reason).toBe('config:DescribeConfigRules failed with InternalFailure')
  }, 60_000)

  test('when nothing of AWS answers, every check says so', async () => {
    await fake.close()
    const { code, stdout, stderr } = await doctor(['--format', 'json'])
    expect([code, stderr]).toEqual([3, ''])
    const { status, checks } = JSON.parse(stdout)
    expect([status, new Set(checks.map((check: Check) => check.status))]).toEqual(['unknown', new Set(['unknown'])])
    expect(checks).toHaveLength(8)
  }, 60_000)

  test('an SSO session that has expired: sign in again, exit 2, nothing else is asked', async () => {
    const config = join(folder, 'sso-config')
    await writeFile(
      config,
      [
        '[profile audit]',
        'sso_session = corp',
        'sso_account_id = 111122223333',
        'sso_role_name = Auditor',
        'region = eu-central-1',
        '[sso-session corp]',
        'sso_region = eu-central-1',
        'sso_start_url = https://example.invalid/start',
      ].join('\n'),
    )
    const env = { AWS_CONFIG_FILE: config, HOME: folder }
    const { code, stdout } = await doctor(['--profile', 'audit', '--format', 'json'], env)
    const { checks } = JSON.parse(stdout)
    expect([code, checks[0].status, checks[0].reason]).toEqual([
      2,
      'fail',
      'profile audit: the SSO session has expired; run aws sso login --profile audit',
    ])
    expect([checks[1].region, checks[1].status, checks[1].reason]).toEqual([
      'eu-central-1',
      'unknown',
      'not asked: there are no credentials to ask with',
    ])
    expect(fake.calls).toEqual([])
  }, 30_000)

  test('credentials that AWS does not know: exit 2', async () => {
    fake.state.plan = () => ({ error: 'InvalidClientTokenId', status: 403 })
    const { code, stdout } = await doctor(['--format', 'json'])
    const { checks } = JSON.parse(stdout)
    expect([code, checks[0]]).toMatchObject([2, { id: 'credentials', status: 'fail' }])
    expect(checks[0].reason).toBe(
      'sts:GetCallerIdentity failed with InvalidClientTokenId: the credentials are not valid',
    )
  }, 30_000)

  test('a region the account has not enabled is told from bad credentials', async () => {
    // First asked in the region, then in the oldest one of the partition, then in the region again.
    fake.state.plan = (operation, n) =>
      operation === 'GetCallerIdentity' && n !== 2 ? { error: 'InvalidClientTokenId', status: 403 } : undefined
    const { code, stdout } = await doctor(['--format', 'json', '--region', 'ap-east-1'])
    const { checks } = JSON.parse(stdout)
    expect([code, checks[0].status]).toEqual([1, 'ok'])
    expect(checks[1]).toEqual({
      id: 'region',
      region: 'ap-east-1',
      status: 'fail',
      reason: 'region ap-east-1 is not enabled in account 111122223333',
      fix: 'enable the region for the account, or leave it out',
    })
    expect(checks[2]).toMatchObject({
      id: 'recorder',
      status: 'unknown',
      reason: 'not asked: region ap-east-1 is not enabled in account 111122223333',
    })
  }, 30_000)

  test('several regions: what is the same in all of them is asked once', async () => {
    const { checks } = await checked('--region', 'eu-central-1', '--region', 'eu-west-1')
    expect(checks.filter(({ id }) => id === 'permissions').map(({ region, items }) => [region, items?.length])).toEqual(
      [
        ['eu-central-1', actionsToTry(true).length],
        ['eu-west-1', actionsToTry(false).length],
      ],
    )
    expect(fake.calls.filter(({ operation }) => operation === 'GetAccountAuthorizationDetails')).toHaveLength(1)
  }, 30_000)

  test('the table names what is not well and what to do, in the words of the terminal', async () => {
    fake.state.plan = (operation) =>
      operation === 'GetRepositoryPolicy' ? { error: 'AccessDeniedException', status: 400 } : undefined
    account.channels[0].s3BucketName = 'files\u001b[31m'
    const { code, stdout } = await doctor([])
    expect(code).toBe(1)
    expect(stdout).toContain('  ok       delivery-channel  files go to the bucket files\\u{1b}[31m\n')
    expect(stdout).toContain(
      [
        `  fail     permissions       1 of ${actionsToTry(true).length} actions are refused`,
        '           fail     ecr:GetRepositoryPolicy: refused',
        '             {"Sid":"ReadRepositories","Effect":"Allow","Action":["ecr:GetRepositoryPolicy"],"Resource":["arn:aws:ecr:*:111122223333:repository/*"]}',
        '           to do: add the statements, or attach what pullpath permissions prints',
        '',
      ].join('\n'),
    )
  }, 30_000)

  test.each([
    [['--region', "x' OR '1'='1"], 'expected the name of a region'],
    [['--format', 'yaml'], 'Allowed choices are table, json'],
  ])('%j is refused in one line', async (args, words) => {
    const { code, stdout, stderr } = await doctor(args)
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1])
    expect(stderr).toContain(words)
  })

  test('without a region anywhere, one is asked for', async () => {
    const { AWS_REGION: _, ...noRegion } = keys
    const { code, stderr } = await doctor([], noRegion)
    expect([code, stderr]).toEqual([
      2,
      'pullpath: --region: name a region; neither AWS_REGION nor the profile states one\n',
    ])
  })
})
