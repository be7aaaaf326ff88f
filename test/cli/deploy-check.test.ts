import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeployCheck } from '../../shared/deploy-check/check.ts'
import { memberStack } from '../infra/synthesised.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-deploy-check-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line as a process of its own, from source. */
function deployCheck(...args: readonly string[]): Promise<Outcome> {
  const env = { ...process.env, COLUMNS: '100' }
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli/main.ts', 'deploy-check', ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

async function written(name: string, text: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

const example = 'examples/organization/settings.yaml'
const planned = ['--accounts', '1000', '--regions', 'eu-central-1,us-east-1', '--home-region', 'eu-central-1']

describe('pullpath deploy-check', () => {
  it('finds the example fit to be deployed', async () => {
    const { code, stdout, stderr } = await deployCheck(
      '--settings',
      example,
      ...planned,
      '--organizational-units',
      'r-ab12',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n').filter((line) => /^(warning|error)/.test(line.trimStart()))).toEqual([])
    expect(stdout).toContain('ok       stack-instances  1000 accounts × 2 regions: 2,000 of at most 100,000')
  })

  it('prints the types to record, one a line', async () => {
    const { stdout } = await deployCheck('--settings', example)
    const types = stdout.split('\n').filter((line) => /^ +AWS::[A-Z]/.test(line))
    expect(types.map((line) => line.trim())).toContain('AWS::ECR::Repository')
    expect(types.map((line) => line.trim())).toEqual([...types.map((line) => line.trim())].sort())
  })

  it('names every mistake, makes it safe for a terminal, and exits with 1', async () => {
    const settings = await written('bad.yaml', 'organizationId: bogus\n"no\\e[31mpe": 1\n')
    const { code, stdout } = await deployCheck('--settings', settings, ...planned)
    expect(code).toBe(1)
    expect(stdout).toContain('error    settings         2 mistakes: what depends on settings is not checked')
    expect(stdout.replace(/\s+/g, '')).toContain('bad.yaml:1:organizationId:expectedanorganizationid(o-…)')
    expect(stdout).not.toContain('\u001b')
    expect(stdout).toContain('ok       stack-instances')
  })

  it('warns without failing', async () => {
    const { code, stdout } = await deployCheck('--settings', example, '--regions', 'eu-south-1')
    expect(code).toBe(0)
    expect(stdout).toContain('warning  regions          1 warning\n')
  })

  it('prints JSON with the gravest status', async () => {
    const { code, stdout } = await deployCheck(
      '--settings',
      example,
      '--regions',
      'eu-central-1,cn-north-1',
      '--format',
      'json',
    )
    expect(code).toBe(1)
    const { status, checks } = JSON.parse(stdout) as { status: string; checks: DeployCheck[] }
    expect(status).toBe('error')
    expect(checks.map((check) => `${check.status} ${check.id}`)).toEqual([
      'ok settings',
      'ok settings-size',
      'ok exceptions',
      'ok rules',
      'ok recorder',
      'ok organization',
      'error regions',
      'error home-region',
    ])
  })

  it('finds the template of the member stack within every limit', async () => {
    const { template } = memberStack()
    const file = await written('template.json', JSON.stringify(template))
    const parameters = await written(
      'parameters.json',
      '{"OrganizationId":"o-exampleorg1","HomeRegion":"eu-central-1"}',
    )
    const { code, stdout } = await deployCheck(
      ...['--settings', example, '--template', file, '--parameters', parameters],
      ...['--regions', 'eu-central-1,us-east-1', '--format', 'json'],
    )
    const { checks } = JSON.parse(stdout) as { checks: DeployCheck[] }
    expect(checks.filter(({ status }) => status === 'error')).toEqual([])
    expect(checks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['template', 'parameters', 'functions', 'config-rules', 'event-rules', 'home-region']),
    )
    const functions = checks.find(({ id }) => id === 'functions')!
    expect(functions.items!.length).toBeGreaterThanOrEqual(12)
    expect(code).toBe(0)
  }, 60_000)

  it('takes the parameters of a hub for those of a hub: it publishes settings, and may itself be at home', async () => {
    const accounts = Array.from({ length: 200 }, (_, n) => `"${111122220000 + n}"`)
    const settings = await written('many.yaml', `trustedAccounts: [${accounts.join(', ')}]\n`)
    const parameters = await written(
      'hub.json',
      '["OrganizationId=o-exampleorg1","OrganizationalUnits=r-ab12","Regions=eu-central-1,us-east-1","EcrRules=none"]',
    )
    const args = ['--settings', settings, '--parameters', parameters, '--format', 'json']
    const statuses = async (...more: readonly string[]) => {
      const { stdout } = await deployCheck(...args, ...more)
      const { checks } = JSON.parse(stdout) as { checks: DeployCheck[] }
      return checks.map(({ id, status }) => `${status} ${id}`)
    }
    const regions = ['--regions', 'eu-central-1,us-east-1']
    expect(await statuses(...regions)).toEqual([
      ...['ok settings', 'ok settings-size', 'ok exceptions', 'ok rules', 'ok recorder', 'ok organization'],
      ...['ok regions', 'warning parameters'],
    ])
    expect(await statuses(...regions, '--home-region', 'eu-central-1')).toContain('ok home-region')
    expect(await statuses(...regions, '--home-region', 'eu-west-1')).toContain('error home-region')
  })

  it.each([
    [[], "required option '--settings <file>' not specified"],
    [['--settings', 'no-such-file'], '--settings: no-such-file: cannot be read (ENOENT)'],
    [['--settings', example, '--template', 'package.json'], '--template: package.json: no template of CloudFormation'],
    [['--settings', example, '--parameters', 'README.md'], '--parameters: README.md: no JSON'],
    [['--settings', example, '--parameters', 'biome.json'], '--parameters: biome.json: expected {"Name":"value"}'],
    [['--settings', example, '--accounts', 'many'], 'expected a whole number from 1 to 1000000'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await deployCheck(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })
})
