import { execFileSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { auditInventory } from '../shared/engine/audit.ts'
import { organizationOf } from '../shared/engine/organization.ts'
import { selectRules, typesOf, wantedTypes } from '../shared/engine/plan.ts'
import { awsManagedPolicy } from '../shared/iam/aws-managed-policies/managed-policies.ts'
import { buildInventory } from '../shared/inventory/build.ts'
import { defaultSettings } from '../shared/model/settings.ts'
import type { Rule } from '../shared/rules/define-rule.ts'
import { rules as catalogue } from '../shared/rules/index.ts'
import { renderJson } from '../shared/sinks/report/json.ts'
import { readSnapshotFiles } from '../shared/sources/config-snapshot/read-snapshot-files.ts'

const itemCount = 100_000
const runs = 3

/** The work that is measured. */
const subjects: ReadonlyMap<string, (file: string) => Promise<number>> = new Map([
  ['parse', parseWhole],
  ['registries', (file) => audit(file, ({ area }) => area === 'ecr')],
  ['everything', (file) => audit(file, () => true)],
])

/** What everything is compared with: the whole file as one string, parsed. */
async function parseWhole(file: string): Promise<number> {
  const snapshot = JSON.parse(await readFile(file, 'utf8'))
  return snapshot.configurationItems.length
}

/** What `pullpath audit` does with the same file: read, build, judge with the default rules of these areas, render the JSON report. */
async function audit(file: string, isWanted: (rule: Rule) => boolean): Promise<number> {
  const rules = selectRules(catalogue, defaultSettings).filter(isWanted)
  let items = 0
  const snapshot = await readSnapshotFiles([file], {
    wantedTypes: wantedTypes(rules),
    onProgress: (progress) => {
      items = progress.items
    },
  })
  const inventory = buildInventory({
    ...snapshot,
    types: typesOf(rules),
    assumeRecorded: true,
    capturedPolicy: awsManagedPolicy,
  })
  const organization = organizationOf(inventory, defaultSettings)
  const findings = auditInventory({ inventory, rules, settings: defaultSettings, organization })
  if (inventory.repositories.length !== itemCount / 20) throw new Error(`${inventory.repositories.length} repositories`)
  const pieces = renderJson({
    tool: { name: 'bench', version: '0' },
    generatedAt: '',
    findings,
    coverage: inventory.coverage,
    pulls: [],
    why: new Map(),
  })
  for (const piece of pieces) if (piece === '') throw new Error('an empty piece')
  return items
}

interface Measurement {
  readonly seconds: number
  readonly peakMegabytes: number
}

/** Runs in the child: one subject, alone in its process, so that the peak memory is its own. */
async function measureHere(name: string, file: string): Promise<Measurement> {
  const subject = subjects.get(name)
  if (subject === undefined) throw new Error(`no subject ${name}`)
  const start = performance.now()
  const items = await subject(file)
  const seconds = (performance.now() - start) / 1000
  if (items !== itemCount) throw new Error(`${name} saw ${items} items`)
  return { seconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 }
}

function measureInChild(name: string, file: string): Measurement {
  const script = fileURLToPath(import.meta.url)
  return JSON.parse(execFileSync(process.execPath, [script, '--child', name, file], { encoding: 'utf8' }))
}

/** The fastest of several runs in time, the worst in memory. */
function measure(name: string, file: string): Measurement {
  const all = Array.from({ length: runs }, () => measureInChild(name, file))
  return {
    seconds: Math.min(...all.map((one) => one.seconds)),
    peakMegabytes: Math.max(...all.map((one) => one.peakMegabytes)),
  }
}

async function generate(file: string): Promise<void> {
  const stream = createWriteStream(file)
  stream.write('{"fileVersion":"1.0","configSnapshotId":"00000000-0000-0000-0000-000000000000","configurationItems":[')
  for (let i = 0; i < itemCount; i++) {
    const text = `${i === 0 ? '' : ','}${JSON.stringify(i % 20 === 0 ? repository(i) : otherItem(i))}`
    if (!stream.write(text)) await new Promise<void>((resolve) => stream.once('drain', resolve))
  }
  stream.end(']}')
  await finished(stream)
}

function envelope(i: number, type: string, id: string, arn: string, configuration: object, region: string): object {
  return {
    relatedEvents: [],
    relationships: [
      { resourceId: `vpc-${i}`, resourceName: null, resourceType: 'AWS::EC2::VPC', name: 'Is contained in Vpc' },
    ],
    configuration,
    supplementaryConfiguration: {},
    tags: { team: `team-${i % 40}`, 'aws:cloudformation:stack-name': `service-${i % 300}` },
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: new Date(1_767_225_600_000 + i * 1000).toISOString(),
    configurationStateId: 1_767_225_600_000 + i,
    awsAccountId: '111122223333',
    configurationItemStatus: 'OK',
    resourceType: type,
    resourceId: id,
    resourceName: null,
    ARN: arn,
    awsRegion: region,
    availabilityZone: 'Not Applicable',
    configurationStateMd5Hash: '',
    resourceCreationTime: '2026-01-01T00:00:00.000Z',
  }
}

function repository(i: number): object {
  const name = `team-${i % 40}/service-${i}`
  const arn = `arn:aws:ecr:eu-west-1:111122223333:repository/${name}`
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Pull',
        Effect: 'Allow',
        Principal: { AWS: [`arn:aws:iam::${444455556666 + (i % 50)}:root`] },
        Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
      },
    ],
  }
  const lifecycle = {
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 10 },
        action: { type: 'expire' },
      },
    ],
  }
  const configuration = {
    Arn: arn,
    RepositoryName: name,
    RepositoryUri: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/${name}`,
    ImageTagMutability: 'IMMUTABLE',
    ImageScanningConfiguration: { ScanOnPush: true },
    EncryptionConfiguration: { EncryptionType: 'AES256' },
    RepositoryPolicyText: JSON.stringify(policy, null, 2),
    LifecyclePolicy: { LifecyclePolicyText: JSON.stringify(lifecycle), RegistryId: '111122223333' },
    Tags: [],
  }
  return envelope(i, 'AWS::ECR::Repository', name, arn, configuration, 'eu-west-1')
}

function otherItem(i: number): object {
  return i % 3 === 0 ? role(i) : securityGroup(i)
}

function role(i: number): object {
  const arn = `arn:aws:iam::111122223333:role/service-${i}`
  const statement = (n: number) => ({
    Effect: 'Allow',
    Action: ['s3:GetObject', 'sqs:SendMessage'],
    Resource: `arn:aws:s3:::bucket-${i}-${n}/*`,
  })
  const document = { Version: '2012-10-17', Statement: [statement(1), statement(2), statement(3)] }
  const configuration = {
    path: '/',
    roleName: `service-${i}`,
    roleId: `AROA${i}`,
    arn,
    createDate: '2026-01-01T00:00:00.000Z',
    assumeRolePolicyDocument: encodeURIComponent(JSON.stringify(statement(0))),
    rolePolicyList: [{ policyName: 'inline', policyDocument: encodeURIComponent(JSON.stringify(document)) }],
    attachedManagedPolicies: [{ policyName: 'base', policyArn: 'arn:aws:iam::111122223333:policy/base' }],
    instanceProfileList: [],
    permissionsBoundary: null,
  }
  return envelope(i, 'AWS::IAM::Role', `AROA${i}`, arn, configuration, 'global')
}

function securityGroup(i: number): object {
  const permission = (port: number) => ({
    ipProtocol: 'tcp',
    fromPort: port,
    toPort: port,
    ipRanges: ['10.0.0.0/8'],
    ipv4Ranges: [{ cidrIp: '10.0.0.0/8', description: 'from the "inner" network' }],
    ipv6Ranges: [],
    prefixListIds: [],
    userIdGroupPairs: [{ groupId: `sg-${i % 1000}`, userId: '111122223333' }],
  })
  const configuration = {
    groupId: `sg-${i}`,
    groupName: `service-${i}`,
    description: 'Managed by the platform team',
    vpcId: `vpc-${i % 20}`,
    ownerId: '111122223333',
    ipPermissions: [permission(443), permission(8080), permission(9090)],
    ipPermissionsEgress: [permission(443)],
    tags: [{ key: 'team', value: `team-${i % 40}` }],
  }
  const arn = `arn:aws:ec2:eu-west-1:111122223333:security-group/sg-${i}`
  return envelope(i, 'AWS::EC2::SecurityGroup', `sg-${i}`, arn, configuration, 'eu-west-1')
}

function line(what: string, { seconds, peakMegabytes }: Measurement): string {
  const rate = Math.round(itemCount / seconds).toLocaleString('en')
  return `${what.padEnd(28)} ${seconds.toFixed(2)} s  ${rate.padStart(9)} items/s  peak ${Math.round(peakMegabytes)} MB`
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pullpath-bench-'))
  try {
    const file = join(folder, 'snapshot.json')
    await generate(file)
    const { size } = await stat(file)
    console.log(`${itemCount.toLocaleString('en')} items, ${(size / 1e6).toFixed(0)} MB, best of ${runs} runs`)
    const parse = measure('parse', file)
    const registries = measure('registries', file)
    const everything = measure('everything', file)
    console.log(line('JSON.parse of the whole file', parse))
    console.log(line('rules of area ecr: 5,000 repositories', registries))
    console.log(line('all rules: 47,500 roles too', everything))
    console.log(`area ecr ${ratio(registries, parse)} (aims: at most 1.5 times, 256 MB)`)
    console.log(`all rules ${ratio(everything, parse)}`)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function ratio({ seconds, peakMegabytes }: Measurement, parse: Measurement): string {
  return `${(seconds / parse.seconds).toFixed(2)} times JSON.parse, peak ${Math.round(peakMegabytes)} MB`
}

const [flag, name = '', file = ''] = process.argv.slice(2)
if (flag === '--child') console.log(JSON.stringify(await measureHere(name, file)))
else await main()
