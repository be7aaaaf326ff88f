import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import { CreateRepositoryCommand, ECRClient, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { configQueryService, emptyConfig } from '../support/fake-aws/config-query.ts'
import { environmentOf, keysOf } from './accounts.ts'
import { type Moto, startMoto } from './moto-server.ts'
import { type Overlay, startOverlay } from './overlay.ts'

const management = '111122223333'
const region = 'eu-central-1'
const pageSize = 5
let groupIds: readonly string[] = []
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${management}:root` }, Action: 'sts:AssumeRole' }],
})
const denyUpload = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'ecr:PutImage', Resource: '*' }],
})

let moto: Moto
let overlay: Overlay
let folder: string
let environment: NodeJS.ProcessEnv
/** Accounts by name; `closed` lets nobody in. */
const ids = new Map<string, string>()
const idOf = (name: string) => ids.get(name) ?? ''
let ous: readonly string[] = []

beforeAll(async () => {
  moto = await startMoto()
  overlay = await startOverlay(moto.endpoint, pageSize)
  folder = await mkdtemp(join(tmpdir(), 'pullpath-organization-'))
  const keys = await keysOf(overlay.endpoint, management, 'auditor')
  environment = environmentOf(overlay.endpoint, keys)
  await makeOrganization(new OrganizationsClient({ region: 'us-east-1', endpoint: moto.endpoint, credentials: keys }))
  await makeAccount(management, 'auditor', [['management', 'only-here']])
  await makeAccount(idOf('payments'), 'pullpath-reader', [
    ['payments', 'app'],
    ...Array.from({ length: 11 }, (_, n): [string, string] => ['payments', `service-${n}`]),
  ])
  await makeAccount(idOf('storefront'), 'pullpath-reader', [['storefront', 'app']])
  groupIds = await makeSecurityGroups(idOf('storefront'))
  forgetfulConfig(idOf('payments'))
  overlay.closed.add(idOf('closed'))
})
afterAll(async () => {
  await overlay?.close()
  moto?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** root: payments in a unit below a unit, storefront and the closed account in another unit. */
async function makeOrganization(client: OrganizationsClient): Promise<void> {
  await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
  const { Roots } = await client.send(new ListRootsCommand({}))
  const root = Roots?.[0]?.Id ?? ''
  await client.send(new EnablePolicyTypeCommand({ RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' }))
  const unit = async (Name: string, ParentId: string) => {
    const made = await client.send(new CreateOrganizationalUnitCommand({ Name, ParentId }))
    return made.OrganizationalUnit?.Id ?? ''
  }
  const workloads = await unit('workloads', root)
  const cardholders = await unit('cardholders', workloads)
  const sandbox = await unit('sandbox', root)
  ous = [workloads, cardholders, sandbox]
  for (const [name, parent] of [
    ['payments', cardholders],
    ['storefront', sandbox],
    ['closed', sandbox],
  ] as const) {
    const made = await client.send(new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }))
    const AccountId = made.CreateAccountStatus?.AccountId ?? ''
    ids.set(name, AccountId)
    await client.send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: parent }))
  }
  const policy = await client.send(
    new CreatePolicyCommand({
      Name: 'no-upload',
      Description: '',
      Type: 'SERVICE_CONTROL_POLICY',
      Content: denyUpload,
    }),
  )
  const PolicyId = policy.Policy?.PolicySummary?.Id
  await client.send(new AttachPolicyCommand({ PolicyId, TargetId: workloads }))
}

/** A role that reads, and repositories `name` whose policy has `owner` as its statement id. */
async function makeAccount(
  accountId: string,
  roleName: string,
  repositories: readonly (readonly [owner: string, name: string])[],
): Promise<void> {
  const credentials = await keysOf(moto.endpoint, accountId, roleName)
  const shared = { region, endpoint: moto.endpoint, credentials }
  await new IAMClient(shared).send(new CreateRoleCommand({ RoleName: roleName, AssumeRolePolicyDocument: trust }))
  const ecr = new ECRClient(shared)
  for (const [owner, repositoryName] of repositories) {
    await ecr.send(new CreateRepositoryCommand({ repositoryName }))
    const Principal = { AWS: `arn:aws:iam::${accountId}:root` }
    const Statement = [{ Sid: owner, Effect: 'Allow', Principal, Action: 'ecr:BatchGetImage' }]
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement })
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }))
  }
}

/** More security groups than a page holds. */
async function makeSecurityGroups(accountId: string): Promise<readonly string[]> {
  const credentials = await keysOf(moto.endpoint, accountId, 'pullpath-reader')
  const ec2 = new EC2Client({ region, endpoint: moto.endpoint, credentials })
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}))
  const VpcId = Vpcs?.[0]?.VpcId
  for (let n = 0; n < 2 * pageSize; n++) {
    await ec2.send(new CreateSecurityGroupCommand({ GroupName: `group-${n}`, Description: 'one of many', VpcId }))
  }
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}))
  return SecurityGroups.map(({ GroupId = '' }) => GroupId)
}

/** A recorder of everything, whose queries return nothing. */
function forgetfulConfig(accountId: string): void {
  overlay
    .world(accountId, region)
    .state.services.set('config', configQueryService({ accountId, region }, emptyConfig()))
}

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function pullpath(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['cli/main.ts', ...args],
      { env: environment, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr }),
    )
  })
}

interface Item {
  readonly resourceType: string
  readonly resourceId: string
  readonly ARN?: string
  readonly arn?: string
  readonly awsAccountId?: string
  readonly accountId?: string
  readonly configuration: Record<string, unknown>
}

async function snapshot(...path: readonly string[]): Promise<{
  readonly configurationItems: readonly Item[]
  readonly pullpath: { readonly coverage: readonly Record<string, unknown>[] }
}> {
  return JSON.parse(await readFile(join(folder, 'collected', ...path), 'utf8'))
}

it('collects every account of an organization into its own files and names the one that cannot be entered', async () => {
  const output = join(folder, 'collected')
  const { code, stderr } = await pullpath(
    'collect',
    '--organization',
    '--region',
    region,
    '--output',
    output,
    '--quiet',
  )
  expect([...overlay.gaps]).toEqual([])
  const closed = idOf('closed')
  expect(stderr).toContain(closed)
  expect(code).toBe(3)

  const accounts = [management, idOf('payments'), idOf('storefront')].sort()
  const directories = (await readdir(output, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  expect(directories.map(({ name }) => name).sort()).toEqual(accounts)
  for (const accountId of accounts) {
    expect((await readdir(join(output, accountId))).sort()).toEqual([`${region}.json`, 'global.json'])
  }
  const { coverage } = (await snapshot('coverage.json')).pullpath
  expect(coverage).toMatchObject([{ accountId: closed, region: '*', resourceType: '*', status: 'unknown' }])
  expect(String(coverage[0]?.reason)).toContain(`arn:aws:iam::${closed}:role/pullpath-reader`)
})

it('keeps repositories of one name in two accounts apart, every page read', async () => {
  const repositories = await Promise.all(
    ['payments', 'storefront'].map(async (name) => {
      const { configurationItems } = await snapshot(idOf(name), `${region}.json`)
      return configurationItems.filter(({ resourceType }) => resourceType === 'AWS::ECR::Repository')
    }),
  )
  expect(repositories.map((list) => list.length)).toEqual([12, 1])
  const apps = repositories.map((list) => list.find(({ resourceId }) => resourceId === 'app'))
  expect(apps.map((app) => app?.ARN ?? app?.arn)).toEqual(
    ['payments', 'storefront'].map((name) => `arn:aws:ecr:${region}:${idOf(name)}:repository/app`),
  )
  expect(apps.map((app) => String(app?.configuration.RepositoryPolicyText))).toEqual([
    expect.stringContaining('"Sid":"payments"'),
    expect.stringContaining('"Sid":"storefront"'),
  ])
  const { configurationItems } = await snapshot(idOf('storefront'), `${region}.json`)
  const groups = configurationItems.filter(({ resourceType }) => resourceType === 'AWS::EC2::SecurityGroup')
  expect(groups.length).toBe(2 * pageSize + 1)
  expect(groups.map(({ resourceId }) => resourceId).sort()).toEqual([...groupIds].sort())
  expect([...overlay.cut].sort()).toEqual([
    'ec2:DescribeSecurityGroups',
    'ecr:DescribeRepositories',
    'organizations:ListTargetsForPolicy',
  ])
})

it('does not believe a recorder that has nothing of what is there', () => {
  const asked = overlay.calls.filter(({ operation }) => operation === 'SelectResourceConfig')
  expect(new Set(asked.map(({ accountId }) => accountId))).toEqual(new Set([idOf('payments')]))
})

it('reads units, accounts and the guardrail of the organization once, in the management account', async () => {
  const { configurationItems } = await snapshot(management, 'global.json')
  const of = (type: string) =>
    configurationItems.filter(({ resourceType }) => resourceType === `AWS::Organizations::${type}`)
  expect(
    of('Account')
      .map(({ resourceId }) => resourceId)
      .sort(),
  ).toEqual([management, ...ids.values()].sort())
  expect(
    of('OrganizationalUnit')
      .map(({ resourceId }) => resourceId)
      .sort(),
  ).toEqual([...ous].sort())
  const payments = of('Account').find(({ resourceId }) => resourceId === idOf('payments'))
  expect(payments?.configuration.ParentIds).toEqual([ous[1]])
  const guardrail = of('Policy').find(({ configuration }) => configuration.Name === 'no-upload')
  expect(guardrail?.configuration).toMatchObject({ TargetIds: [ous[0]], Type: 'SERVICE_CONTROL_POLICY' })
})

it('does not read again what a first run has, nor leave the refused account out in silence', async () => {
  const before = overlay.calls.length
  const output = join(folder, 'collected')
  const again = await pullpath('collect', '--organization', '--region', region, '--output', output)
  expect(again.code).toBe(3)
  const later = overlay.calls.slice(before)
  expect(later.filter(({ operation }) => operation === 'DescribeRepositories')).toEqual([])
  expect(later.some(({ operation }) => operation === 'AssumeRole')).toBe(true)
})

it('audits the accounts live as it audits their files, and says of both what is missing', async () => {
  const shared = ['--format', 'json', '--fail-on', 'never', '--quiet']
  const [live, files] = await Promise.all([
    pullpath('audit', '--live', '--organization', '--region', region, ...shared),
    pullpath('audit', join(folder, 'collected'), ...shared),
  ])
  expect([live.code, files.code]).toEqual([3, 3])
  const reports = [live, files].map(({ stdout }) => JSON.parse(stdout))
  const [ofLive, ofFiles] = reports.map(({ findings }) => findings.map(withoutTime))
  expect(ofLive.length).toBeGreaterThan(100)
  expect(ofLive).toEqual(ofFiles)
  for (const { coverage } of reports) {
    expect(coverage).toContainEqual(expect.objectContaining({ accountId: idOf('closed'), status: 'unknown' }))
  }
})

/** Each route reads at its own time. */
function withoutTime({ observedAt: _, ...finding }: Record<string, unknown>) {
  return finding
}
