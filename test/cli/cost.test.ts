import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rules } from '../../shared/rules/index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-cost-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line as a process of its own, from source. */
function cost(...args: readonly string[]): Promise<Outcome> {
  const env = { ...process.env, COLUMNS: '100' }
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli/main.ts', 'cost', ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

interface CostDocument {
  readonly rules: readonly string[]
  readonly aim: { readonly perAccount: number }
  readonly deployments: readonly {
    readonly accounts: number
    readonly total: number
    readonly perAccount: number
    readonly aimMet: boolean
    readonly lines: readonly { readonly service: string; readonly what: string; readonly usd: number }[]
    readonly dailyByOneRulePerType: { readonly usd: number }
  }[]
  readonly assumptions: readonly { readonly name: string; readonly value: number; readonly source: string }[]
  readonly prices: readonly {
    readonly name: string
    readonly usd: number
    readonly source: string
    readonly status: string
  }[]
}

async function document(...args: readonly string[]): Promise<CostDocument> {
  const { code, stdout, stderr } = await cost('--format', 'json', ...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as CostDocument
}

describe('pullpath cost', () => {
  // `vitest run test/cli/cost.test.ts -u` writes the page anew.
  it('prints the table that docs/cost.md shows', async () => {
    const page = await readFile('docs/cost.md', 'utf8')
    const block = /(```console\n\$ pullpath (cost [^\n]+)\n)[\s\S]*?```/
    const [, , command = ''] = block.exec(page) ?? []
    expect(command).toBe('cost --accounts 10,100,1000 --regions 4')
    const { stdout } = await cost(...command.split(' ').slice(1))
    await expect(page.replace(block, (_all, head: string) => `${head}${stdout}\`\`\``)).toMatchFileSnapshot(
      '../../docs/cost.md',
    )
  })

  it('compares numbers of accounts, and says of each whether the aim is met', async () => {
    const { deployments, aim } = await document('--accounts', '1,1000', '--regions', '4')
    expect(deployments.map(({ accounts }) => accounts)).toEqual([1, 1_000])
    for (const { aimMet, perAccount, total, accounts } of deployments) {
      expect(aimMet).toBe(perAccount < aim.perAccount)
      expect(perAccount).toBeCloseTo(total / accounts, 9)
    }
    expect(deployments[1]!.dailyByOneRulePerType.usd).toBeCloseTo(28_860, 6)
  })

  it('takes numbers of the user, and says that they are stated', async () => {
    const { assumptions, deployments } = await document(
      '--count',
      'repositories=1000',
      '--changed',
      'roles=0.5',
      '--rate',
      'reports=4',
    )
    const rowOf = (name: string) => assumptions.find((row) => row.name === name)
    expect(rowOf('repositories')).toMatchObject({ value: 1_000, source: 'stated' })
    expect(rowOf('roles changed')).toMatchObject({ value: 0.5, source: 'stated' })
    expect(rowOf('reports')).toMatchObject({ value: 4, source: 'stated' })
    expect(rowOf('policies')).toMatchObject({ value: 60, source: 'assumed as roles' })
    expect(deployments[0]!.dailyByOneRulePerType.usd).toBeCloseTo(30 * (1_000 + 3 + 150) * 0.001, 6)
  })

  it('takes prices of the user', async () => {
    const { prices, deployments } = await document('--price', 'alarm=1', '--price', 'dashboard=0', '--no-hub')
    expect(prices.find(({ name }) => name === 'alarm')).toMatchObject({ usd: 1, source: '--price' })
    const alarms = deployments[0]!.lines.find(({ what }) => what === 'alarms')!
    expect(alarms.usd).toBe(7)
  })

  it('counts the rules that settings and sets leave on', async () => {
    const settings = join(folder, 'settings.yaml')
    await writeFile(settings, 'rules:\n  ecr-repository-not-public: {enabled: false}\n')
    const { rules: counted } = await document(
      '--settings',
      settings,
      '--rule-sets',
      'ecr=all,role=none,vpc=none,image=none',
    )
    const ofArea = rules.filter(({ area, id }) => area === 'ecr' && id !== 'ecr-repository-not-public')
    expect(counted).toEqual(ofArea.map(({ id }) => id))
  })

  it('shows what it rests on when asked', async () => {
    const { stdout } = await cost('--verbose')
    expect(stdout).toContain('  repositories changed: 5 % a month (docs/cost.md)\n')
    expect(stdout).toContain('  policies changed: 20 % a month (assumed)\n')
    expect(stdout.replace(/\n +/g, ' ')).toContain(
      'config-item: $0.003 per configuration item, recorded continuously (SECONDARY, ',
    )
    expect(stdout.split('\n').every((line) => line.length <= 100)).toBe(true)
  })

  it('prints CSV with a row for each line and the source of its price', async () => {
    const { stdout } = await cost('--format', 'csv', '--accounts', '2,3', '--no-hub')
    const [head, first, ...rest] = stdout.trimEnd().split('\r\n')
    expect(head).toBe('accounts,regions,service,what,quantity,unit,usd,price,price_status,price_source')
    expect(first).toMatch(
      /^2,1,AWS Config,evaluations after changes,[\d.]+,rule evaluation,[\d.]+,0\.001,read,aws\.amazon\.com/,
    )
    const numbers = rest.flatMap((row) => row.match(/(?<=,)[\d.]+(?=,)/g) ?? [])
    expect(numbers.filter((text) => text.replace('.', '').replace(/^0+/, '').length > 12)).toEqual([])
    expect(rest.filter((row) => row.startsWith('3,'))).toHaveLength((rest.length + 1) / 2)
  })

  it.each([
    [['--accounts', '0'], 'expected whole numbers from 1 to 100000'],
    [['--accounts', '1,x'], 'expected whole numbers'],
    [['--rate', 'drift=101'], '--rate: drift: expected at most 100 percent'],
    [['--regions', '2,3'], '--regions: expected one number'],
    [['--count', 'repositories'], 'expected name=number'],
    [['--count', 'repositories=-1'], 'expected name=number'],
    [['--count', 'nope=1'], '--count: unknown name "nope"; known: repositories'],
    [['--rate', '__proto__=1'], 'expected name=number'],
    [['--price', 'nope=1'], '--price: unknown name "nope"; known: config-evaluation'],
    [['--rule-sets', 'ecr=some'], 'expected ecr, role, vpc, image'],
    [['--settings', 'no-such-file'], '--settings: no-such-file: cannot be read (ENOENT)'],
    [['--alarms', 'loud'], 'Allowed choices are none, evidence, all'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await cost(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})
