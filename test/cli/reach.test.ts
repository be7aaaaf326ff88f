import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const example = 'examples/organization'
const settings = ['--settings', `${example}/settings.yaml`]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-reach-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function reach(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli/main.ts', 'reach', '--quiet', ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

interface Result {
  readonly verdict: string
  readonly subnets: readonly { readonly id: string; readonly verdict: string }[]
  readonly paths: readonly {
    readonly kind: string
    readonly verdict: string
    readonly host: string
    readonly subnet: string
    readonly via: string
    readonly steps: readonly { readonly step: string; readonly verdict: string; readonly code: string }[]
  }[]
  readonly fix?: string
  readonly assumptions: readonly string[]
  readonly missing: readonly string[]
}

async function asked(from: string, to: string, ...args: readonly string[]): Promise<Result & { code: number }> {
  const { code, stdout, stderr } = await reach('--from', from, '--to', to, '--format', 'json', ...args, example)
  expect(stderr).toBe('')
  return { code, ...(JSON.parse(stdout) as Result) }
}

function service(name: string, account = '222233334444'): string {
  return `arn:aws:ecs:eu-central-1:${account}:service/${name}`
}

function id(prefix: string, rest: string): string {
  return `${prefix}-0a1b2c3d4e5f${rest}`
}

describe('a reachable host', () => {
  test('of a private VPC is reached by its endpoint from every subnet, exit code 0', async () => {
    const result = await asked(service('payments/api', '777788889999'), 'ecr')
    expect(result).toMatchObject({ code: 0, verdict: 'reachable' })
    expect(result.subnets).toEqual([
      { id: id('subnet', '60711'), verdict: 'reachable' },
      { id: id('subnet', '60712'), verdict: 'reachable' },
    ])
    expect(result).not.toHaveProperty('fix')
    expect(result.paths.map(({ kind, host, via }) => [kind, host, via])).toEqual([
      ['privateEndpoint', 'api.ecr.eu-central-1.amazonaws.com', id('vpce', '60741')],
      ['privateEndpoint', 'api.ecr.eu-central-1.amazonaws.com', id('vpce', '60741')],
      ['privateEndpoint', '*.dkr.ecr.eu-central-1.amazonaws.com', id('vpce', '60742')],
      ['privateEndpoint', '*.dkr.ecr.eu-central-1.amazonaws.com', id('vpce', '60742')],
    ])
  })

  test('is the layer bucket of a subnet that uses the main route table', async () => {
    const result = await asked(service('depot/packing'), 's3')
    expect(result).toMatchObject({ code: 0, verdict: 'reachable' })
    expect(result.paths[0]).toMatchObject({ kind: 'gatewayEndpoint', via: id('vpce', '61343'), verdict: 'reachable' })
  })

  test('is reached through a NAT gateway by a node group', async () => {
    const nodes =
      'arn:aws:eks:eu-central-1:123456789012:nodegroup/storefront/general/0a1b2c3d-1111-4222-8333-123456789012'
    const result = await asked(nodes, 'ecr')
    expect(result).toMatchObject({ code: 0, verdict: 'reachable' })
    expect(new Set(result.paths.map(({ kind }) => kind))).toEqual(new Set(['natGateway']))
  })

  test('is reached from a shared subnet by the endpoint of its owner', async () => {
    const result = await asked(
      service('storefront-web/web', '123456789012'),
      '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
    )
    expect(result).toMatchObject({ code: 0, verdict: 'reachable' })
    expect(result.paths[0]).toMatchObject({ kind: 'privateEndpoint', via: id('vpce', '60941') })
  })

  test('is reached by the central endpoint that the settings state, as an assumption', async () => {
    const result = await asked(service('depot/tariffs'), 'ecr', ...settings)
    expect(result).toMatchObject({ code: 0, verdict: 'reachable' })
    expect(result.paths[0]).toMatchObject({ kind: 'centralEndpoint', verdict: 'reachable' })
    expect(result.assumptions.join()).toContain('as the settings state')
  })

  test('from a subnet depends on the group that is named', async () => {
    const open = await asked(id('subnet', '61911'), 's3', '--security-group', id('sg', '61930'))
    expect(open).toMatchObject({ code: 0, verdict: 'reachable' })
    const closed = await asked(id('subnet', '61911'), 's3', '--security-group', id('sg', '61931'))
    expect(closed).toMatchObject({ code: 1, verdict: 'blocked' })
  })

  test('a group of another VPC leaves the answer open', async () => {
    const result = await asked(id('subnet', '61011'), 'ecr', '--security-group', id('sg', '61131'))
    expect(result).toMatchObject({ code: 3, verdict: 'unknown' })
    expect(result.missing.join()).toContain(`${id('sg', '61131')} belongs to ${id('vpc', '61101')}`)
  })
})

describe('a blocked host', () => {
  test('names the closed group of the endpoint and the fix, although a NAT gateway is there: exit code 1', async () => {
    const result = await asked(service('depot/returns'), 'api.ecr.eu-central-1.amazonaws.com')
    expect(result).toMatchObject({ code: 1, verdict: 'blocked' })
    expect(result.paths.map(({ kind }) => kind)).toEqual(['privateEndpoint'])
    expect(result.paths[0]!.steps.filter(({ verdict }) => verdict === 'blocked').map(({ step }) => step)).toEqual([
      'targetSecurityGroup',
    ])
    expect(result.fix).toContain(id('sg', '61132'))
  })

  test('is blocked from one subnet of three, which is named', async () => {
    const result = await asked(service('depot/picking'), 's3')
    expect(result).toMatchObject({ code: 1, verdict: 'blocked' })
    expect(result.subnets.map(({ verdict }) => verdict)).toEqual(['reachable', 'reachable', 'blocked'])
    const { stdout, code } = await reach('--from', service('depot/picking'), '--to', 's3', example)
    expect(code).toBe(1)
    expect(stdout).toContain('  differs   by subnet: ')
    expect(stdout).toMatch(/\n {4}fix {7}\S/)
  })

  test('is blocked by private DNS that is off', async () => {
    const result = await asked(service('depot/customs'), 'ecr')
    expect(result).toMatchObject({ code: 1, verdict: 'blocked' })
    expect(result.paths[0]!.steps.find(({ verdict }) => verdict === 'blocked')?.step).toBe('dns')
  })

  test('is blocked by VPC Block Public Access behind a NAT gateway', async () => {
    const nodes = 'arn:aws:eks:eu-central-1:888877776666:nodegroup/sandbox/default/fd63d0da-1111-4222-8333-e2bc2fb32689'
    const result = await asked(nodes, 'ecr')
    expect(result).toMatchObject({ code: 1, verdict: 'blocked' })
    expect(result.paths[0]!.steps.find(({ verdict }) => verdict === 'blocked')?.step).toBe('blockPublicAccess')
  })

  test('is blocked by the policy of the gateway endpoint, the last step of the way', async () => {
    const result = await asked(service('depot/invoices'), 's3')
    expect(result).toMatchObject({ code: 1, verdict: 'blocked' })
    expect(result.paths[0]!.steps.at(-1)).toMatchObject({ step: 'policy', verdict: 'blocked', code: 'policy-denies' })
    expect(result.fix).toContain(id('vpce', '61843'))
  })

  test('is blocked in a subnet with IPv6 only', async () => {
    expect(await asked(service('depot/sensors'), 'ecr')).toMatchObject({ code: 1, verdict: 'blocked' })
  })
})

describe('a host of which nobody can tell', () => {
  test('lies behind a transit gateway: exit code 3, and the missing fact is named', async () => {
    const result = await asked(service('depot/positions'), 'ecr')
    expect(result).toMatchObject({ code: 3, verdict: 'unknown' })
    expect(result.missing.length).toBeGreaterThan(0)
    expect(result).not.toHaveProperty('fix')
  })

  test('lies behind DNS servers of their own', async () => {
    expect(await asked(service('depot/yard'), 'ecr')).toMatchObject({ code: 3, verdict: 'unknown' })
  })

  test('is asked for from a subnet without saying with which groups', async () => {
    expect(await asked(id('subnet', '61911'), 's3')).toMatchObject({ code: 3, verdict: 'unknown' })
  })
})

describe('an interface', () => {
  test('brings its own subnet and groups', async () => {
    const file = join(folder, 'interface.json')
    await writeFile(
      file,
      JSON.stringify({ fileVersion: '1.0', configSnapshotId: 'x', configurationItems: [interfaceItem] }),
    )
    expect(await asked('eni-0a1', 's3', file)).toMatchObject({ code: 1, verdict: 'blocked' })
  })
})

const interfaceItem = {
  configurationItemCaptureTime: '2026-11-20T07:00:00.000Z',
  configurationItemStatus: 'OK',
  awsAccountId: '222233334444',
  awsRegion: 'eu-central-1',
  resourceType: 'AWS::EC2::NetworkInterface',
  resourceId: 'eni-0a1',
  ARN: 'arn:aws:ec2:eu-central-1:222233334444:network-interface/eni-0a1',
  configuration: {
    networkInterfaceId: 'eni-0a1',
    subnetId: id('subnet', '61911'),
    vpcId: id('vpc', '61901'),
    ownerId: '222233334444',
    groups: [{ groupId: id('sg', '61931'), groupName: 'scales-tasks' }],
    privateIpAddresses: [],
  },
}

describe('bad input', () => {
  test.each([
    [['--from', 'web', '--to', 'ecr', example], '--from: "web": expected subnet-…, eni-… or the ARN of '],
    [['--from', 'subnet-1', '--to', 'x', example], '--to: "x": expected ecr, s3 or a host name such as '],
    [['--from', 'subnet-1', '--to', 'ecr', example], '--from: subnet-1: the files hold no such subnet'],
    [['--from', 'eni-1', '--to', 'ecr', example], '--from: eni-1: the files hold no such network interface'],
    [['--from', service('depot/none'), '--to', 'ecr', example], 'the files hold no ECS service, EKS node group or '],
    [['--from', service('depot/yard'), '--public-ip', '--to', 'ecr', example], '--public-ip: only goes with a subnet'],
    [['--from', 'subnet-1', '--security-group', 'web', '--to', 'ecr', example], 'expected sg-…'],
    [['--from', 'subnet-1', '--to', 'ecr', 'no/such/folder'], 'no/such/folder'],
    [['--from', 'subnet-1', '--to', 'ecr'], 'missing required argument'],
    [['--to', 'ecr', example], "required option '--from <source>' not specified"],
    [
      ['--from', 'subnet-1', '--to', 'ecr', '--settings', 'none.yaml', example],
      '--settings: none.yaml: cannot be read',
    ],
  ])('%j ends with exit code 2 and one line', async (args, message) => {
    const { code, stdout, stderr } = await reach(...args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
