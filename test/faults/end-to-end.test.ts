import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Finding } from '../../shared/model/finding.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import { accountIds, estateOf, publicRepository, readerRole, repositoryArn } from '../support/fake-estate/estate.ts'
import { type FakeEstate, startFakeEstate } from '../support/fake-estate/fake-estate.ts'
import { keysOf } from '../support/fake-estate/identity.ts'

const region = 'eu-central-1'
const [account = '', member = ''] = accountIds(2)
const open = repositoryArn(account, region, publicRepository)
let estate: FakeEstate
let folder: string
beforeAll(async () => {
  estate = await startFakeEstate(estateOf({ accounts: 2, regions: [region] }))
  folder = await mkdtemp(join(tmpdir(), 'pullpath-end-'))
})
afterAll(async () => {
  await estate.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => estate.restart())

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line as a process of its own against the estate. */
function pullpath(...args: readonly string[]): Promise<Outcome> {
  const { accessKeyId, secretAccessKey } = keysOf(account)
  const { PATH = '', HOME = '' } = process.env
  const env = {
    ...{ PATH, HOME, NO_COLOR: '1', AWS_ENDPOINT_URL: estate.endpoint, AWS_REGION: region },
    ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
  }
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli/main.ts', ...args], { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

interface Report {
  readonly findings: readonly Finding[]
  readonly coverage: readonly CoverageEntry[] | { readonly unknown: readonly CoverageEntry[] }
}

const audit = async (...args: readonly string[]) => {
  const outcome = await pullpath('audit', ...args, '--format', 'json', '--quiet', '--all', '--fail-on', 'never')
  return { ...outcome, report: JSON.parse(outcome.stdout) as Report, text: outcome.stdout }
}
const about = (report: Report) =>
  report.findings
    .filter(({ rule, resource }) => rule === 'ecr-repository-not-public' && resource.arn === open)
    .map(({ compliance }) => compliance)

describe('GetRepositoryPolicy denied for a public repository with an open finding', () => {
  const deny = () => {
    estate.plan = [
      {
        account: '*',
        region: '*',
        operation: 'ecr:GetRepositoryPolicy',
        nth: 'every',
        about: publicRepository,
        fault: 'denied',
      },
    ]
  }
  const reason = 'ecr:GetRepositoryPolicy failed with AccessDeniedException'
  it('audit --live: nothing is cleared, the coverage names the repository, exit 3', async () => {
    const before = await audit('--live', '--region', region)
    expect(about(before.report)).toEqual(['NON_COMPLIANT'])
    estate.restart()
    deny()
    const after = await audit('--live', '--region', region)
    expect(about(after.report)).toEqual(['UNDETERMINED'])
    expect(JSON.stringify(after.report.coverage)).toContain(open)
    expect(JSON.stringify(after.report.coverage)).toContain(reason)
    expect(after.code).toBe(3)
  })
  it('collect, then audit: the same', async () => {
    deny()
    const output = join(folder, 'denied')
    const collected = await pullpath('collect', '--region', region, '--output', output, '--quiet')
    expect([collected.code, collected.stderr.includes(open) || collected.stderr.includes(reason)]).toEqual([3, true])
    const file = JSON.parse(await readFile(join(output, account, `${region}.json`), 'utf8'))
    const rows: CoverageEntry[] = file.pullpath.coverage
    expect(rows.filter(({ resourceArn }) => resourceArn === open)).toEqual([
      {
        accountId: account,
        region,
        resourceType: 'AWS::ECR::Repository',
        resourceArn: open,
        status: 'unknown',
        reason,
      },
    ])
    const after = await audit(output)
    expect(about(after.report)).toEqual(['UNDETERMINED'])
    expect(JSON.stringify(after.report.coverage)).toContain(open)
    expect(after.code).toBe(3)
  })
})

describe('an organization of which something cannot be read', () => {
  const whole = [
    '--region',
    region,
    '--organization',
    '--role-name',
    readerRole.roleName,
    '--external-id',
    readerRole.externalId,
  ]
  it('B4 an account that lets nobody in is named, the others are read, exit 3', async () => {
    estate.plan = [
      { account: '*', region: '*', operation: 'sts:AssumeRole', nth: 'every', about: member, fault: 'denied' },
    ]
    const { code, report } = await audit('--live', ...whole)
    expect(code).toBe(3)
    expect(JSON.stringify(report.coverage)).toContain(member)
    expect(about(report)).toEqual(['NON_COMPLIANT'])
    expect(report.findings.filter(({ resource }) => resource.accountId === member)).toEqual([])
  })
  it('P7 accounts that nobody could list are said to be missing, exit 3', async () => {
    estate.plan = [
      { account: '*', region: '*', operation: 'organizations:ListAccountsForParent', nth: 'every', fault: 'denied' },
    ]
    const { code, report } = await audit('--live', ...whole, '--rule', 'ecr-repository-not-public')
    expect(JSON.stringify(report.coverage)).toContain('AWS::Organizations::Account')
    expect(code).toBe(3)
  })
  it('P7 everything read: nothing is missing, exit 0', async () => {
    const { code, report } = await audit('--live', ...whole, '--rule', 'ecr-repository-not-public')
    expect(report.findings.map(({ resource }) => resource.accountId)).toEqual([
      ...Array(3).fill(account),
      ...Array(3).fill(member),
    ])
    expect(code).toBe(0)
  })
})
