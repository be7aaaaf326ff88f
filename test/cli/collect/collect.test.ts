import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { journalName } from '../../../cli/collect/run-journal.ts'
import { estateOf, readerRole, smallShape } from '../../support/fake-estate/estate.ts'
import { type FakeEstate, startFakeEstate } from '../../support/fake-estate/fake-estate.ts'
import { type Ended, environmentOf, filesOf, startCli } from './collecting.ts'

const [home, second, third] = ['111122223333', '222233334444', '333344445555'] as const
let estate: FakeEstate
let root: string
let serial = 0
beforeAll(async () => {
  estate = await startFakeEstate(estateOf(smallShape))
  root = await mkdtemp(join(tmpdir(), 'pullpath-collect-'))
})
afterEach(() => estate.restart())
afterAll(async () => {
  await estate.close()
  await rm(root, { recursive: true, force: true })
})

const wholeOrganization = ['--organization', '--external-id', readerRole.externalId, ...bothRegions()]

function bothRegions(): readonly string[] {
  return smallShape.regions.flatMap((region) => ['--region', region])
}

function fresh(): string {
  return join(root, `out${serial++}`)
}

function start(directory: string, ...args: readonly string[]) {
  return startCli(environmentOf(estate, home), ['collect', '--quiet', '--output', directory, ...args])
}

async function coverageOf(directory: string) {
  const { pullpath } = JSON.parse(await readFile(join(directory, 'coverage.json'), 'utf8'))
  return pullpath as {
    readonly coverage: readonly { accountId: string; region: string; resourceType: string; reason: string }[]
    readonly scopes: readonly { accountId: string; region: string; file: string | null }[]
  }
}

/** Rows of `Not covered` that speak of a whole account or region. */
async function wholeRows(directory: string): Promise<readonly string[]> {
  const { coverage } = await coverageOf(directory)
  return coverage.map(({ accountId, region, reason }) => `${accountId} ${region} ${reason}`)
}

describe('collect', () => {
  test('writes each account and region of the organization, and two runs write the same', async () => {
    const [one, two] = [fresh(), fresh()]
    const ended = await start(one, ...wholeOrganization).ended
    await start(two, ...wholeOrganization).ended
    const files = await filesOf(one)
    const names = [home, second, third].flatMap((id) =>
      ['eu-central-1', 'global', 'us-east-1'].map((name) => `${id}/${name}.json`),
    )
    expect([...files.keys()].filter((name) => !name.startsWith('.'))).toEqual([...names, 'coverage.json'])
    expect(withoutJournal(await filesOf(two))).toEqual(withoutJournal(files))
    expect(ended.code).toBe(0)
    expect(ended.stdout).toBe('')
    expect(ended.stderr.split('\n')[0]).toBe('account       regions  items  known  unknown  calls')
    expect((await coverageOf(one)).coverage).toEqual([])
  })

  test('reads one account when nothing else is said, in the region of the environment', async () => {
    const directory = fresh()
    expect((await start(directory).ended).code).toBe(0)
    expect(await readdir(directory)).toEqual(['.pullpath-collect', home, 'coverage.json'])
    expect(await readdir(join(directory, home))).toEqual(['eu-central-1.json', 'global.json'])
  })

  const usage: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no output', ['collect'], /--output <dir>/],
    [
      'a role without an organization',
      ['collect', '--output', 'x', '--role-name', 'r'],
      /--role-name: needs --organization/,
    ],
    [
      'regions and all regions',
      ['collect', '--output', 'x', '--region', 'us-east-1', '--all-regions'],
      /name one of them/,
    ],
    [
      'what is no region',
      ['collect', '--output', 'x', '--region', '../..'],
      /--region: \.\.\/\.\.: is not the name of a region/,
    ],
    ['what is no account', ['collect', '--output', 'x', '--organization', '--accounts', 'a'], /12-digit account ids/],
    ['no time', ['collect', '--output', 'x', '--timeout', '0'], /expected minutes/],
  ]
  test.each(usage)('refuses %s in one line', async (_name, args, message) => {
    const ended = await startCli(environmentOf(estate, home), args).ended
    expect(ended.stderr).toMatch(message)
    expect(ended.stderr.trim().split('\n')).toHaveLength(1)
    expect(ended.code).toBe(2)
    expect(estate.calls).toEqual([])
  })

  test('asks for a region when there is none', async () => {
    const { AWS_REGION: _none, ...env } = environmentOf(estate, home)
    const ended = await startCli(env, ['collect', '--output', fresh()]).ended
    expect(ended.stderr).toMatch(/^pullpath: no region: name one with --region/)
    expect(ended.code).toBe(2)
  })

  test('says that there are no credentials', async () => {
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, ...env } = environmentOf(estate, home)
    const ended = await startCli(env, ['collect', '--output', fresh()]).ended
    expect(ended.stderr).toMatch(/aws sso login/)
    expect(ended.stderr.trim().split('\n')).toHaveLength(1)
    expect(ended.code).toBe(2)
  })
})

test('B4 an account that cannot be entered is named, the others are read, and the exit code is 3', async () => {
  estate.plan = [
    { account: home, region: '*', operation: 'sts:AssumeRole', nth: 'every', about: second, fault: 'denied' },
  ]
  const directory = fresh()
  const ended = await start(directory, ...wholeOrganization).ended
  expect(ended.code).toBe(3)
  const rows = await wholeRows(directory)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatch(
    new RegExp(`^${second} \\* sts:AssumeRole of arn:aws:iam::${second}:role/pullpath-reader failed`),
  )
  expect(ended.stderr).toContain(`${second} * nothing was read: sts:AssumeRole of`)
  expect((await readdir(directory)).sort()).toEqual(['.pullpath-collect', home, third, 'coverage.json'])
})

test('B5 a region that refuses an identity other regions know is "not enabled", not "bad credentials"', async () => {
  const directory = fresh()
  const ended = await start(directory, '--region', 'eu-central-1', '--region', 'us-west-2').ended
  expect(ended.code).toBe(3)
  expect(await wholeRows(directory)).toEqual([`${home} us-west-2 region us-west-2 is not enabled in account ${home}`])
})

test('B5 a home region that is not enabled does not keep the others from being read', async () => {
  const directory = fresh()
  await start(directory, '--region', 'us-east-1', '--region', 'eu-central-1').ended
  expect(await wholeRows(directory)).toEqual([])
  expect(await readdir(join(directory, home))).toEqual(['eu-central-1.json', 'global.json', 'us-east-1.json'])
})

describe('B2 a throttle that outlasts the time', () => {
  test('leaves that part unknown, keeps the rest, and the next run completes it', async () => {
    estate.plan = [
      { account: home, region: 'us-east-1', operation: 'ecr:DescribeRepositories', nth: 'every', fault: 'throttle' },
    ]
    const [directory, undisturbed] = [fresh(), fresh()]
    const began = performance.now()
    const ended = await start(directory, ...bothRegions(), '--timeout', '0.08').ended
    expect(performance.now() - began).toBeLessThan(15_000)
    expect(ended.code).toBe(3)
    expect(ended.stderr).toContain('pullpath: the time limit of 0.08 minutes was reached; run it again to go on')
    const text = await readFile(join(directory, home, 'us-east-1.json'), 'utf8')
    const rows = JSON.parse(text).pullpath.coverage as { resourceType: string; status: string }[]
    expect(rows.find(({ resourceType }) => resourceType === 'AWS::ECR::Repository')?.status).toBe('unknown')
    expect(rows.find(({ resourceType }) => resourceType === 'AWS::EC2::VPC')?.status).toBe('known')
    estate.restart()
    await start(directory, ...bothRegions()).ended
    await start(undisturbed, ...bothRegions()).ended
    expect(withoutJournal(await filesOf(directory))).toEqual(withoutJournal(await filesOf(undisturbed)))
  })
})

test('D2 the time limit stops new work, saves what was read, and says so', async () => {
  estate.plan = [{ account: second, region: 'us-east-1', operation: '*', nth: 'every', fault: 'hang' }]
  const directory = fresh()
  const ended = await start(directory, ...wholeOrganization, '--timeout', '0.08').ended
  expect(ended.code).toBe(3)
  expect(ended.stderr).toContain('pullpath: the time limit of 0.08 minutes was reached; run it again to go on')
  expect(await wholeRows(directory)).toEqual([
    `${second} us-east-1 not read: the time limit of 0.08 minutes was reached`,
  ])
  expect(await readdir(join(directory, home))).toEqual(['eu-central-1.json', 'global.json', 'us-east-1.json'])
})

describe('D1 a process killed at any moment', () => {
  let undisturbed: ReadonlyMap<string, string>
  let requests: number
  beforeAll(async () => {
    const directory = fresh()
    await start(directory, ...wholeOrganization).ended
    undisturbed = withoutJournal(await filesOf(directory))
    requests = estate.calls.length
    estate.restart()
  })

  test.each([0, 0.02, 0.2, 0.5, 0.8, 0.99])(
    'after %d of its requests leaves nothing that a second run does not finish',
    async (part) => {
      const last = 1 + Math.floor(part * (requests - 1))
      const directory = fresh()
      const first = start(directory, ...wholeOrganization)
      estate.onCall = () => {
        if (estate.calls.length === last) first.process.kill('SIGKILL')
      }
      expect((await first.ended).code).toBeUndefined()
      estate.restart()
      await start(directory, ...wholeOrganization).ended
      expect(withoutJournal(await filesOf(directory))).toEqual(undisturbed)
    },
  )
})

test('what a killed run has not read of one account is not covered, and what it has read is not asked for again', async () => {
  const directory = fresh()
  // The last region hangs until the process is killed.
  estate.plan = [
    { account: home, region: 'us-east-1', operation: 'ecr:DescribeRepositories', nth: 'every', fault: 'hang' },
  ]
  const run = start(directory, ...bothRegions())
  // What is read counts once the journal says so, just after the file is there.
  const isRead = async () => (await readFile(join(directory, journalName), 'utf8')).includes('eu-central-1.json')
  await vi.waitFor(async () => expect(await isRead()).toBe(true), { timeout: 20_000, interval: 20 })
  run.process.kill('SIGKILL')
  await run.ended
  expect(await wholeRows(directory)).toContain(`${home} us-east-1 not read: the collection has not ended`)
  estate.restart()
  await start(directory, ...bothRegions()).ended
  const asked = ({ region, operation }: (typeof estate.calls)[number]) => `${region} ${operation}`
  expect(estate.calls.map(asked)).not.toContain('eu-central-1 DescribeRepositories')
  expect(estate.calls.map(asked)).toContain('us-east-1 DescribeRepositories')
})

describe('D4 an output that cannot be written', () => {
  test('because it is a file ends with code 4 and its path', async () => {
    const path = fresh()
    await writeFile(path, 'mine')
    const ended = await start(path).ended
    expect(ended.stderr).toBe(`pullpath: --output: ${path}: is not a directory\n`)
    expect(ended.code).toBe(4)
    expect(await readFile(path, 'utf8')).toBe('mine')
  })

  test('because the directory is read-only ends with code 4 and its path', async () => {
    const parent = fresh()
    await mkdir(parent, { mode: 0o555 })
    await chmod(root, 0o755)
    const path = join(parent, 'out')
    // Nothing is read-only for root.
    const somebody = process.getuid?.() === 0 ? { uid: 65_534 } : {}
    const command = [process.execPath] as const
    const ended = await startCli(environmentOf(estate, home), ['collect', '--output', path], command, somebody).ended
    expect(ended.stderr).toBe(`pullpath: --output: ${path}: cannot be written (EACCES): permission denied\n`)
    expect(ended.code).toBe(4)
    expect(await readdir(parent)).toEqual([])
    expect(estate.calls).toEqual([])
  })

  test.runIf(process.platform === 'linux')(
    'because no file system would make the directory ends with code 4 and its path',
    async () => {
      const ended = await start('/proc/pullpath/out').ended
      expect(ended.stderr).toMatch(/^pullpath: --output: \/proc\/pullpath\/out: cannot be written \(E[A-Z]+\)/)
      expect(ended.code).toBe(4)
    },
  )

  test('because the disk is full ends with code 4 and its path, without half a file', async () => {
    const directory = fresh()
    const command = ['bash', '-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath] as const
    const ended = await startCli(environmentOf(estate, home), ['collect', '--output', directory], command).ended
    expect(ended.stderr).toMatch(
      new RegExp(`^pullpath: --output: ${directory}/${home}/[a-z0-9-]+\\.json: cannot be written \\(EFBIG\\)`),
    )
    expect(ended.code).toBe(4)
    const names = [...(await filesOf(directory)).keys()]
    expect(names.filter((name) => name.endsWith('.part'))).toEqual([])
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      JSON.parse(await readFile(join(directory, name), 'utf8'))
    }
  })
})

describe('D5 a signal', () => {
  test.each([
    ['SIGINT', 130, 'interrupted (SIGINT)'],
    ['SIGTERM', 143, 'terminated (SIGTERM)'],
  ] as const)('%s ends the run within five seconds, with what was read and code %d', async (signal, code, why) => {
    estate.plan = [{ account: home, region: 'us-east-1', operation: '*', nth: 'every', fault: 'hang' }]
    const directory = fresh()
    const running = start(directory, ...bothRegions())
    await until(() => estate.calls.filter(({ region }) => region === 'us-east-1').length > 5)
    await until(async () =>
      (await readdir(join(directory, home)).catch((): string[] => [])).includes('eu-central-1.json'),
    )
    const began = performance.now()
    running.process.kill(signal)
    const ended: Ended = await running.ended
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(ended.code).toBe(code)
    expect(ended.stderr).toContain(`  ${home} us-east-1 nothing was read: not read: ${why}`)
    expect(ended.stderr).toContain(`pullpath: ${why}; run it again to go on\n`)
    expect(await wholeRows(directory)).toEqual([`${home} us-east-1 not read: ${why}`])
  })
})

function withoutJournal(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...files].filter(([name]) => name !== journalName))
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20))
}
