import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reportSchema } from '../../shared/sinks/report/report-schema.ts'

const account = '111122223333'
const arn = `arn:aws:ecr:us-east-1:${account}:repository/open`
const everyone = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }],
}
const open = {
  configuration: { Arn: arn, RepositoryName: 'open', RepositoryPolicyText: JSON.stringify(everyone) },
  supplementaryConfiguration: {},
  tags: { exempt: 'true', 'compliance-exempt': 'yes' },
  configurationItemCaptureTime: '2026-01-01T00:00:00.000Z',
  awsAccountId: account,
  configurationItemStatus: 'OK',
  resourceType: 'AWS::ECR::Repository',
  resourceId: 'open',
  resourceName: 'open',
  ARN: arn,
  awsRegion: 'us-east-1',
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-exceptions-'))
  const document = { fileVersion: '1.0', configSnapshotId: 'x', configurationItems: [open] }
  await writeFile(join(folder, 'snapshot.json'), JSON.stringify(document))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Audits the one open repository, with an exception where `expires` gives it an end. */
async function audit(expires: string | undefined, ...more: readonly string[]) {
  const settings = join(folder, 'settings.yaml')
  const entry = {
    rule: 'ecr-repository-not-public',
    resource: arn,
    reason: 'moves soon',
    owner: 'o@example.org',
    expires,
  }
  await writeFile(settings, JSON.stringify({ exceptions: expires === undefined ? [] : [entry] }))
  const args = ['audit', join(folder, 'snapshot.json'), '--rule', 'ecr-repository-not-public', '--settings', settings]
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, NO_COLOR: '1' }
    execFile(process.execPath, ['cli/main.ts', ...args, ...more], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

test('a failure that an exception covers does not fail the run, and is listed apart with its owner and end', async () => {
  const end = inDays(30)
  const { code, stdout } = await audit(end)
  expect([code, stdout.includes('Exceptions  1 finding excepted')]).toEqual([0, true])
  expect(stdout).toContain(`until  ${end}, owner o@example.org`)
  expect(stdout).toContain('0 noncompliant (0 critical, 0 high, 0 medium, 0 low), 1 excepted,')
})

test('the JSON report keeps the verdict and the id of an excepted finding', async () => {
  const plain = reportSchema.parse(JSON.parse((await audit(undefined, '--format', 'json')).stdout))
  const excepted = reportSchema.parse(JSON.parse((await audit(inDays(30), '--format', 'json')).stdout))
  expect(excepted.findings).toEqual(
    plain.findings.map((finding) => ({
      ...finding,
      exception: { reason: 'moves soon', owner: 'o@example.org', expires: inDays(30) },
    })),
  )
  expect(excepted.summary).toMatchObject({ byCompliance: { NON_COMPLIANT: 0 }, excepted: 1 })
})

test('without an exception, or with one that is over, the run fails; tags of the resource excuse nothing', async () => {
  expect((await audit(undefined)).code).toBe(1)
  expect((await audit(inDays(-1))).code).toBe(1)
})
