import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reportSchema } from '../../shared/sinks/report/report-schema.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line as a process of its own, from source. */
function pullpath(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['cli/main.ts', ...args],
      { env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
      },
    )
  })
}

const account = '111122223333'
const everyone = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }],
}

function repository(name: string, configuration: object = {}): object {
  const arn = `arn:aws:ecr:us-east-1:${account}:repository/${name}`
  return {
    configuration: { Arn: arn, RepositoryName: name, RepositoryPolicyText: {}, ...configuration },
    supplementaryConfiguration: {},
    tags: {},
    configurationItemCaptureTime: '2026-01-01T00:00:00.000Z',
    awsAccountId: account,
    configurationItemStatus: 'OK',
    resourceType: 'AWS::ECR::Repository',
    resourceId: name,
    resourceName: name,
    ARN: arn,
    awsRegion: 'us-east-1',
  }
}

async function snapshot(name: string, ...items: readonly object[]): Promise<string> {
  const file = join(folder, name)
  const text = JSON.stringify({ fileVersion: '1.0', configSnapshotId: 'x', configurationItems: items })
  await writeFile(file, name.endsWith('.gz') ? gzipSync(text) : text)
  return file
}

const onlyPublic = ['--rule', 'ecr-repository-not-public'] as const

describe('exit codes', () => {
  test('0 when nothing is wrong', async () => {
    const file = await snapshot('good.json', repository('good'))
    expect(await pullpath('audit', file, ...onlyPublic)).toMatchObject({ code: 0, stderr: '' })
  })

  test('1 when something is at or above the threshold, 0 when fail-on is never', async () => {
    const file = await snapshot('open.json.gz', repository('open', { RepositoryPolicyText: JSON.stringify(everyone) }))
    const failed = await pullpath('audit', file, ...onlyPublic)
    expect(failed.code).toBe(1)
    expect(failed.stdout).toContain('CRITICAL      ecr-repository-not-public')
    expect(failed.stdout).not.toContain('\u001b')
    expect((await pullpath('audit', file, ...onlyPublic, '--fail-on', 'never')).code).toBe(0)
  })

  test('3 when a policy cannot be read, and the policy is named', async () => {
    const file = await snapshot('broken-policy.json', repository('dark', { RepositoryPolicyText: '{"Version":' }))
    const outcome = await pullpath('audit', file, ...onlyPublic)
    expect(outcome.code).toBe(3)
    expect(outcome.stdout).toContain('UNDETERMINED  ecr-repository-not-public')
  })

  test('a bad file among good ones is named, the good ones are audited', async () => {
    const good = await snapshot('beside.json', repository('good'))
    const bad = join(folder, 'bad.json')
    await writeFile(bad, '{"configurationItems":[{"resourceType":')
    const outcome = await pullpath('audit', good, bad, ...onlyPublic, '--format', 'json')
    expect(outcome.code).toBe(3)
    expect(outcome.stderr).toContain('bad.json')
    const report = reportSchema.parse(JSON.parse(outcome.stdout))
    expect(report.findings).toHaveLength(1)
    expect(report.coverage.find((row) => row.reason?.includes('bad.json'))).toMatchObject({ status: 'unknown' })
  })

  test('3 when an account that was asked for is not in the files', async () => {
    const file = await snapshot('one.json', repository('good'))
    const outcome = await pullpath('audit', file, ...onlyPublic, '--account', '999999999999')
    expect(outcome.code).toBe(3)
    expect(outcome.stdout).toContain('999999999999')
  })
})

test('4 when the report cannot be written, and the path is named', async () => {
  const outcome = await pullpath('audit', await snapshot('o.json', repository('a')), '--output', folder)
  expect(outcome.stderr).toBe(`pullpath: --output: ${folder}: cannot be written (EISDIR): it is a directory\n`)
  expect(outcome.stdout).toBe('')
  expect(outcome.code).toBe(4)
})

describe('bad input is one line and exit code 2', () => {
  const cases: readonly (readonly [string, () => Promise<readonly string[]>, RegExp])[] = [
    ['a missing path', async () => ['audit', join(folder, 'nowhere.json')], /nowhere\.json/],
    ['a file that is not JSON', async () => ['audit', await text('notes.json', 'hello')], /notes\.json.*expected/],
    [
      'a truncated gzip',
      async () => ['audit', await text('cut.json.gz', gzipSync('{"configurationItems":[]}').subarray(0, 20))],
      /cut\.json\.gz/,
    ],
    [
      'an unknown rule',
      async () => ['audit', await snapshot('r.json', repository('a')), '--rule', 'nope'],
      /--rule: unknown rule id "nope"/,
    ],
    [
      'a bad settings key',
      async () => [
        'audit',
        await snapshot('s.json', repository('a')),
        '--settings',
        await text('s.yaml', 'a: 1\nfoo: 2\n'),
      ],
      /s\.yaml:1: a: unknown key; expected one of/,
    ],
    [
      'missing settings',
      async () => ['audit', await snapshot('t.json', repository('a')), '--settings', join(folder, 'no.yaml')],
      /--settings: .*no\.yaml: cannot be read \(ENOENT\)/,
    ],
    ['an unknown option', async () => ['audit', folder, '--nope'], /unknown option '--nope'/],
    [
      'a misspelt option',
      async () => ['audit', folder, '--setings', 'x'],
      /unknown option '--setings' \(Did you mean --settings\?\)/,
    ],
    ['a bad fail-on', async () => ['audit', folder, '--fail-on', 'sometimes'], /--fail-on/],
    ['a bad account', async () => ['audit', folder, '--account', '12'], /12-digit account id/],
    ['no path', async () => ['audit'], /paths/],
    ['rules show of an unknown rule', async () => ['rules', 'show', 'nope'], /unknown rule id "nope"/],
  ]
  test.each(cases)('%s', async (_name, args, message) => {
    const outcome = await pullpath(...(await args()))
    expect(outcome.stderr).toMatch(message)
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1)
    expect(outcome.stdout).toBe('')
    expect(outcome.code).toBe(2)
  })

  async function text(name: string, content: string | Uint8Array): Promise<string> {
    const file = join(folder, name)
    await writeFile(file, content)
    return file
  }
})

test('--all lists what is compliant, the default does not', async () => {
  const file = await snapshot('all.json', repository('fine'))
  expect((await pullpath('audit', file, ...onlyPublic)).stdout).not.toContain('fine')
  expect((await pullpath('audit', file, ...onlyPublic, '--all')).stdout).toContain('fine')
})

test('--account and --region narrow what is judged', async () => {
  const file = await snapshot('narrow.json', repository('app'))
  const report = async (...args: readonly string[]) =>
    reportSchema.parse(JSON.parse((await pullpath('audit', file, ...onlyPublic, '--format', 'json', ...args)).stdout))
  expect((await report('--account', account, '--region', 'us-east-1')).findings).toHaveLength(1)
  expect((await report('--region', 'eu-west-1')).findings).toHaveLength(0)
})

test('--output writes the report to the file and nothing to stdout', async () => {
  const file = await snapshot('out.json', repository('app'))
  const output = join(folder, 'report.json')
  const outcome = await pullpath('audit', file, ...onlyPublic, '--format', 'json', '--output', output)
  expect(outcome.stdout).toBe('')
  expect(reportSchema.parse(JSON.parse(await readFile(output, 'utf8'))).findings).toHaveLength(1)
})

test('a rule is switched off, and its severity changed, in settings', async () => {
  const file = await snapshot('settings.json', repository('open', { RepositoryPolicyText: JSON.stringify(everyone) }))
  const settings = join(folder, 'low.yaml')
  await writeFile(settings, 'rules: { ecr-repository-not-public: { severity: LOW } }\n')
  expect((await pullpath('audit', file, ...onlyPublic, '--settings', settings, '--fail-on', 'medium')).code).toBe(0)
  await writeFile(settings, 'rules: { ecr-repository-not-public: { enabled: false } }\n')
  const outcome = await pullpath('audit', file, '--settings', settings)
  expect(outcome.stdout).not.toContain('ecr-repository-not-public')
})

test('rules list names every rule, rules show one', async () => {
  expect((await pullpath('rules', 'list')).stdout).toContain('ecr-repository-not-public')
  expect((await pullpath('rules', 'show', 'ecr-repository-not-public')).stdout).toContain('CRITICAL')
})

describe('pulls', () => {
  const example = ['examples/organization', '--settings', 'examples/organization/settings.yaml', '--quiet']

  test('are traced in a whole audit, and the report of them keeps its contract', async () => {
    const { stdout } = await pullpath('audit', ...example, '--format', 'json')
    const { pulls, findings } = reportSchema.parse(JSON.parse(stdout))
    const picking = pulls.find(({ workload }) => workload.name === 'picking')
    expect(picking).toMatchObject({ verdict: 'fail', firstBrokenHop: 's3-layers', nextFailures: [] })
    const finding = findings.find(
      ({ rule, resource }) => rule === 'image-pull-path' && resource.arn === picking?.workload.arn,
    )
    expect(finding).toMatchObject({ compliance: 'NON_COMPLIANT' })
  })

  test('are counted in the table', async () => {
    const { stdout } = await pullpath('audit', ...example)
    expect(stdout).toMatch(/^Pulls {2}\d+ traced: \d+ fail, \d+ unknown, \d+ pass$/m)
  })

  test('are left out where the rules do not read what they rest on', async () => {
    const { stdout } = await pullpath('audit', ...example, '--format', 'json', '--rule', 'ecr-repository-scanned')
    expect(reportSchema.parse(JSON.parse(stdout)).pulls).toEqual([])
  })

  test('of other accounts are left out like findings', async () => {
    const { stdout } = await pullpath('audit', ...example, '--format', 'json', '--account', '777788889999')
    const { pulls } = reportSchema.parse(JSON.parse(stdout))
    expect(new Set(pulls.map(({ workload }) => workload.accountId))).toEqual(new Set(['777788889999']))
  })

  test('of manifests are traced whatever the rules', async () => {
    const manifests = await mkdtemp(join(folder, 'manifests-'))
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'shop' } }
    const spec = {
      containers: [{ name: 'a', image: '222233334444.dkr.ecr.eu-central-1.amazonaws.com/logistics/router:v1' }],
    }
    await writeFile(join(manifests, 'pod.json'), JSON.stringify({ ...pod, spec }))
    await writeFile(join(manifests, 'torn.yaml'), 'kind: [')
    const args = ['--format', 'json', '--rule', 'ecr-repository-scanned', '--fail-on', 'high', '--manifests', manifests]
    const { stdout, code } = await pullpath('audit', ...example, ...args)
    const { pulls, coverage } = reportSchema.parse(JSON.parse(stdout))
    expect(pulls.map(({ workload }) => workload.name)).toContain('default/shop')
    expect(coverage.filter(({ reason }) => reason?.startsWith(join(manifests, 'torn.yaml:1: ')))).toMatchObject([
      { accountId: 'unknown', region: 'unknown', resourceType: '*', status: 'unknown' },
    ])
    expect(code).toBe(1)
  })
})
