import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const example = 'examples/organization'
const settings = ['--settings', `${example}/settings.yaml`]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-explain-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function explain(...args: readonly string[]): Promise<Outcome> {
  const options = { env: { ...process.env, LC_ALL: 'C.UTF-8', COLUMNS: '80' }, maxBuffer: 2 ** 26 }
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli/main.ts', 'explain', '--quiet', ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

interface Result {
  readonly code: number
  readonly verdict: string
  readonly pulls: readonly {
    readonly workload: { readonly name: string; readonly type: string; readonly accountId: string }
    readonly image: string
    readonly verdict: string
    readonly firstBrokenHop: string | null
    readonly hops: readonly {
      readonly hop: string
      readonly status: string
      readonly code: string
      readonly fix?: string
    }[]
    readonly nextFailures: readonly string[]
    readonly intermittent: readonly string[]
    readonly missing: readonly string[]
  }[]
}

async function asked(...args: readonly string[]): Promise<Result> {
  const { code, stdout, stderr } = await explain(...args, '--format', 'json', ...settings, example)
  expect(stderr).toBe('')
  return { code, ...(JSON.parse(stdout) as Omit<Result, 'code'>) }
}

function id(prefix: string, rest: string): string {
  return `${prefix}-0a1b2c3d4e5f${rest}`
}

const image = '222233334444.dkr.ecr.eu-central-1.amazonaws.com/logistics/router:v1'
const role = ['--role', 'arn:aws:iam::222233334444:role/router-execution']
const group = ['--security-group', id('sg', '61231')]

describe('a workload of the files', () => {
  test('that can pull is drawn and ends with exit code 0', async () => {
    const { code, stdout } = await explain('--workload', 'payments/api', ...settings, example)
    expect(code).toBe(0)
    expect(stdout).toContain('  ✓ s3-layers        ')
    expect(stdout).toContain('\n  can pull\n')
    // An ARN is there to be copied, and stays whole.
    const tooWide = stdout.split('\n').filter((line) => line.length > 80)
    expect(tooWide.filter((line) => !/^\W*arn:\S+$/.test(line))).toEqual([])
  })

  test('that cannot from one subnet names hop, subnet and fix, exit code 1', async () => {
    const result = await asked('--workload', 'picking')
    expect(result).toMatchObject({ code: 1, verdict: 'fail' })
    const [pull] = result.pulls
    expect(pull).toMatchObject({ verdict: 'fail', firstBrokenHop: 's3-layers', intermittent: [id('subnet', '61213')] })
    expect(pull?.hops.map(({ hop }) => hop)).toHaveLength(14)
    expect(pull?.hops.find(({ hop }) => hop === 's3-layers')).toMatchObject({
      status: 'fail',
      fix: `Associate route table ${id('rtb', '61223')} with gateway endpoint ${id('vpce', '61243')}`,
    })
  })

  test('of which something is not known says what, exit code 3', async () => {
    const result = await asked('--workload', 'arn:aws:ecs:eu-central-1:222233334444:service/depot/yard')
    expect(result).toMatchObject({ code: 3, verdict: 'unknown' })
    expect(result.pulls[0]?.missing[0]).toContain('custom DNS servers')
  })

  test('with several images is traced for each, and one can be picked', async () => {
    const all = await asked('--workload', 'api')
    expect(all.pulls.length).toBeGreaterThan(1)
    const name = all.pulls[0]?.image.replace(/:[^:]*$/, '') ?? ''
    const one = await asked('--workload', 'api', '--image', name)
    expect(one.pulls.map((pull) => pull.image)).toEqual([all.pulls[0]?.image])
  })

  test('can be asked about an image it does not use yet', async () => {
    const result = await asked('--workload', 'depot/packing', '--image', 'docker.io/library/nginx:1')
    expect(result.pulls.map((pull) => [pull.workload.name, pull.image])).toEqual([
      ['packing', 'docker.io/library/nginx:1'],
    ])
  })

  test('all of them come with those that fail first, and the worst decides the exit code', async () => {
    const result = await asked()
    const verdicts = result.pulls.map(({ verdict }) => verdict)
    const rank = (verdict: string) => ['fail', 'unknown', 'pass'].indexOf(verdict)
    expect(verdicts).toEqual(verdicts.toSorted((a, b) => rank(a) - rank(b)))
    expect(new Set(verdicts)).toEqual(new Set(['fail', 'unknown', 'pass']))
    expect(result.code).toBe(1)
    expect(result.pulls.filter(({ workload }) => workload.type === 'AWS::ECS::TaskDefinition')).toEqual([])
  })

  test('a task definition that no service uses is drawn when it is named', async () => {
    const result = await asked('--workload', 'tagged:1')
    expect(result.pulls.map(({ workload, verdict }) => [workload.type, verdict])).toEqual([
      ['AWS::ECS::TaskDefinition', 'unknown'],
    ])
  })
})

describe('a workload that does not exist yet', () => {
  const place = [...role, '--subnet', id('subnet', '61211'), '--image', image]

  test('can pull: exit code 0', async () => {
    const result = await asked(...place, ...group)
    expect(result).toMatchObject({ code: 0, verdict: 'pass' })
    expect(result.pulls[0]?.workload).toMatchObject({ name: 'new Fargate task', accountId: '222233334444' })
  })

  test('cannot pull from one of two subnets: exit code 1', async () => {
    const result = await asked(...place, ...group, '--subnet', id('subnet', '61213'))
    expect(result).toMatchObject({ code: 1 })
    expect(result.pulls[0]).toMatchObject({ firstBrokenHop: 's3-layers', intermittent: [id('subnet', '61213')] })
  })

  test('whose role is not there cannot pull: exit code 1', async () => {
    const result = await asked('--role', 'nobody', ...place.slice(2), ...group)
    expect(result.pulls[0]).toMatchObject({ verdict: 'fail', firstBrokenHop: 'principal' })
    expect(result.code).toBe(1)
  })

  test('in a subnet with a DNS server of its own cannot be told: exit code 3', async () => {
    const yard = ['--subnet', id('subnet', '61a11'), '--security-group', id('sg', '61a31')]
    const result = await asked(...role, ...yard, '--image', image)
    expect(result).toMatchObject({ code: 3, verdict: 'unknown' })
  })

  test('with a group of another VPC cannot be told: exit code 3', async () => {
    const result = await asked(...place, '--security-group', id('sg', '61a31'))
    expect(result).toMatchObject({ code: 3, verdict: 'unknown' })
    expect(JSON.stringify(result.pulls[0])).toContain(`${id('sg', '61a31')}: it belongs to ${id('vpc', '61a01')}`)
  })

  test('without a group is assumed to use the default one', async () => {
    const { stdout } = await explain(...place, ...settings, example)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      `assumes the default security group of ${id('vpc', '61201')}, because no --security-group is named`,
    )
  })

  test('on a node pulls with the role of the node', async () => {
    const nodeRole = ['--role', 'arn:aws:iam::222233334444:role/nodes-read-only']
    const where = ['--subnet', id('subnet', '60911'), '--security-group', id('sg', '60931')]
    const result = await asked(...nodeRole, ...where, '--compute', 'eks-node', '--image', image)
    expect(result.pulls[0]?.workload).toMatchObject({ type: 'AWS::EKS::Nodegroup', name: 'new pod on a node' })
    expect(result.pulls[0]?.hops.find(({ hop }) => hop === 'principal')?.status).toBe('pass')
    const asTask = await asked(...nodeRole, ...where, '--image', image)
    expect(asTask.pulls[0]).toMatchObject({ verdict: 'fail', firstBrokenHop: 'principal' })
  })
})

describe('manifests', () => {
  test('are traced on the nodes they may run on', async () => {
    const file = join(folder, 'shop.yaml')
    const container = `{ name: web, image: "${image}" }`
    await writeFile(
      file,
      `apiVersion: v1\nkind: Pod\nmetadata: { name: shop, namespace: prod }\nspec: { containers: [${container}] }\n`,
    )
    const { code, pulls } = await asked('--manifests', folder, '--workload', 'prod/shop')
    expect(code).toBe(1)
    expect(new Set(pulls.map(({ workload }) => workload.type))).toEqual(new Set(['Kubernetes::Pod']))
    expect(pulls.map((pull) => pull.image)).toContain(image)
  })
})

test.each<[string, readonly string[], string]>([
  ['an unknown workload', ['--workload', 'nope'], '--workload: nope: no workload has this ARN or name'],
  ['an image nobody uses', ['--image', 'nope:1'], '--image: nope:1: no workload uses it; name one with --workload'],
  ['an empty image', ['--image', ''], '--image: expected the URI of an image'],
  ['a role alone', ['--role', 'x'], '--image, --subnet: missing; a workload that does not exist yet needs'],
  [
    'a workload with a role',
    ['--workload', 'web', '--role', 'x'],
    '--workload: says itself where and as whom it pulls',
  ],
  [
    'a user for a role',
    ['--role', 'arn:aws:iam::222233334444:user/x', '--subnet', 'subnet-1', '--image', image],
    '--role: "arn:aws:iam::222233334444:user/x": expected the ARN or the name of an IAM role',
  ],
  [
    'a subnet the files do not hold',
    [...role, '--subnet', 'subnet-9', '--image', image],
    '--subnet: subnet-9: the files hold no such subnet',
  ],
  [
    'subnets of two VPCs',
    [...role, '--subnet', id('subnet', '61211'), '--subnet', id('subnet', '60911'), '--image', image],
    'expected one VPC',
  ],
  ['a subnet of another form', ['--subnet', 'here'], 'expected subnet-….'],
  ['a group of another form', ['--security-group', 'here'], 'expected sg-….'],
  ['an unknown compute', ['--compute', 'lambda'], 'Allowed choices are fargate, ecs-ec2, eks-node, eks-fargate'],
  ['manifests that are not there', ['--manifests', '/nowhere/at/all'], 'no such file or directory'],
])('%s is refused in one line with exit code 2', async (_, args, message) => {
  const { code, stdout, stderr } = await explain(...args, example)
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})

test('files without a workload are refused with what can be asked instead', async () => {
  const file = join(folder, 'empty.json')
  await writeFile(file, JSON.stringify({ fileVersion: '1.0', configSnapshotId: 'x', configurationItems: [] }))
  const { code, stderr } = await explain(file)
  expect(stderr).toContain('ask about one that does not exist yet with --role, --image and --subnet')
  expect(code).toBe(2)
})
