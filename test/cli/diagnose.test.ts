import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-diagnose-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function run(args: readonly string[], stdin = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['cli/main.ts', 'diagnose', ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(stdin)
  })
}

const registry = '111122223333.dkr.ecr.eu-central-1.amazonaws.com'
const blocked = `CannotPullContainerError: Head "https://${registry}/v2/app/manifests/1": dial tcp 10.0.0.7:443: i/o timeout`

interface Result {
  readonly candidates: readonly { readonly hop: string; readonly code: string }[]
}

function codes({ stdout }: Outcome): readonly string[] {
  return (JSON.parse(stdout) as Result).candidates.map(({ hop, code }) => `${hop} ${code}`)
}

const expected = ['security endpoint-blocks-443', 'ecr-dkr no-route-to-registry']

describe('where the text comes from', () => {
  test('an argument', async () => {
    const outcome = await run([blocked, '--format', 'json'])
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    expect(codes(outcome)).toEqual(expected)
  })

  test('a file', async () => {
    const file = join(folder, 'error.log')
    await writeFile(file, `2026-01-01T00:00:00Z all well\n2026-01-01T00:00:01Z ${blocked}\n`)
    expect(codes(await run(['--file', file, '--format', 'json']))).toEqual(expected)
  })

  test.each([[['-']], [['--file', '-']], [[]]])('standard input, with %j', async (args) => {
    expect(codes(await run([...args, '--format', 'json'], blocked))).toEqual(expected)
  })

  test('a stopped event of ECS', async () => {
    const event = { detail: { stoppedReason: blocked, containers: [{ image: `${registry}/app:1` }] } }
    expect(codes(await run(['-', '--format', 'json'], JSON.stringify(event)))).toEqual(expected)
  })
})

describe('what it prints', () => {
  test('JSON holds the fields of every candidate', async () => {
    const outcome = await run([blocked, '--format', 'json'])
    const { candidates } = JSON.parse(outcome.stdout) as Result
    expect(Object.keys(candidates[0] ?? {})).toEqual(['hop', 'code', 'meaning', 'confidence', 'checks', 'commands'])
  })

  test('text names the hop, what to check and the commands, each on a line of its own', async () => {
    const { code, stdout } = await run([blocked])
    const lines = stdout.split('\n')
    expect(code).toBe(0)
    expect(lines[0]).toBe('1. security  endpoint-blocks-443  90 %')
    expect(lines).toContain('   check')
    expect(lines).toContain(`     dig +short ${registry}`)
    expect(stdout).not.toContain('\u001b')
  })

  test('control characters of the text come out nowhere', async () => {
    const outcome = await run(['-'], `\u001b]0;owned\u0007${blocked}\u001b[2J\u0000`)
    expect(outcome.code).toBe(0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(outcome.stdout + outcome.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })
})

describe('with an inventory', () => {
  const files = 'examples/organization'
  const settings = 'examples/organization/settings.yaml'
  const image = '222233334444.dkr.ecr.eu-central-1.amazonaws.com/logistics/router:v1'
  const timeout = `Failed to pull image "${image}": Head "https://222233334444.dkr.ecr.eu-central-1.amazonaws.com/v2/logistics/router/manifests/v1": dial tcp 10.42.2.9:443: i/o timeout`

  interface Judged {
    readonly candidates: readonly {
      readonly hop: string
      readonly verdict: string
      readonly confirmedBy?: { readonly workload: string; readonly code: string }
    }[]
    readonly pulls: readonly { readonly firstBrokenHop: string | null }[]
  }

  async function judged(text: string, ...args: readonly string[]): Promise<Judged> {
    const { stdout } = await run([text, '--inventory', files, '--settings', settings, '--format', 'json', ...args])
    return JSON.parse(stdout) as Judged
  }

  test('the hop that fails confirms its candidate, one that passes contradicts', async () => {
    const { candidates, pulls } = await judged(timeout, '--workload', 'returns')
    expect(candidates.map(({ hop, verdict }) => [hop, verdict])).toEqual([
      ['security', 'confirmed'],
      ['ecr-dkr', 'contradicted'],
    ])
    expect(candidates[0]?.confirmedBy).toMatchObject({
      workload: expect.stringMatching(/service\/.*returns$/),
      code: 'no-ingress-443',
    })
    expect(pulls).toMatchObject([{ firstBrokenHop: 'security' }])
  })

  test('a text that fits several workloads says so', async () => {
    const outcome = await run([timeout, '--inventory', files, '--quiet'])
    expect(outcome.code).toBe(0)
    expect(outcome.stderr).toMatch(/^pullpath: the text fits \d+ workloads of the files; --workload names one\n$/)
  })

  test('a text that names nothing of the files leaves everything undecided', async () => {
    const outcome = await run([blocked, '--inventory', files, '--quiet', '--format', 'json'])
    expect(outcome.stderr).toBe(
      'pullpath: the text names no workload, image or role of the files; --workload names one\n',
    )
    expect((JSON.parse(outcome.stdout) as Judged).candidates.map(({ verdict }) => verdict)).toEqual([
      'undecided',
      'undecided',
    ])
  })

  test('another broken hop is named when none is confirmed', async () => {
    const { stdout } = await run([timeout, '--inventory', files, '--workload', 'customs'])
    expect(stdout).toContain('The configuration shows another broken hop\n')
    expect(stdout).toContain('breaks at dns')
  })

  test('a workload the files do not hold is bad input', async () => {
    const { code, stderr } = await run([timeout, '--inventory', files, '--workload', 'nobody'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^pullpath: --workload: nobody: the files hold no .*\n$/)
  })
})

describe('text that is no failed pull', () => {
  test('ends with 3, no candidates and one line that says so', async () => {
    const outcome = await run(['Essential container in task exited', '--format', 'json'])
    expect(outcome).toEqual({
      code: 3,
      stdout: '{\n  "candidates": []\n}\n',
      stderr: 'pullpath: nothing in the text is a known error of an image pull\n',
    })
  })

  test('prints nothing but that line as text', async () => {
    expect((await run(['hello'])).stdout).toBe('')
  })
})

describe('bad input ends with 2 and one line', () => {
  test.each([
    ['an empty text', ['-'], ''],
    ['text and file', ['x', '--file', 'y'], ''],
    ['a file that is not there', ['--file', 'no/such/file'], ''],
    ['a folder', ['--file', '.'], ''],
    ['a workload without files', [blocked, '--workload', 'x'], ''],
    ['an unknown format', [blocked, '--format', 'xml'], ''],
    ['an inventory that is not there', [blocked, '--inventory', 'no/such/folder'], ''],
  ])('%s', async (_, args, stdin) => {
    const { code, stdout, stderr } = await run(args, stdin)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})
