import { buildInventory } from '../shared/inventory/build.ts'
import type { ConfigurationItem } from '../shared/inventory/configuration-item.ts'
import type { Inventory } from '../shared/inventory/inventory.ts'
import { normalizeItem } from '../shared/inventory/normalize-item.ts'
import { known } from '../shared/model/fact.ts'
import type { JsonObject } from '../shared/model/json.ts'
import type { PullTrace } from '../shared/model/pull.ts'
import { tracePull } from '../shared/pull/trace.ts'
import type { PullToTrace, TraceWorld } from '../shared/pull/trace-types.ts'
import { generateNetwork } from './network-reach/generate-network.ts'

const region = 'eu-central-1'
const accountId = '111122223333'
const workloadCount = 250
const imagesEach = 20
const subnetsEach = 4
const repositoryCount = 300
const roleCount = 50
const aimPerSecond = 20_000
/** Traces without any memory are slow: a few tell enough. */
const coldTraces = 200

function item(resourceType: string, resourceId: string, ARN: string, configuration: JsonObject): ConfigurationItem {
  const answer = normalizeItem({
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: '2026-01-01T00:00:00.000Z',
    configurationItemStatus: 'OK',
    awsAccountId: accountId,
    awsRegion: resourceType.startsWith('AWS::IAM') ? 'global' : region,
    tags: {},
    supplementaryConfiguration: {},
    ...{ resourceType, resourceId, resourceName: resourceId, ARN, configuration },
  })
  if (!answer.ok || answer.deleted) throw new Error('not an item')
  return answer.item
}

/** Roles that may pull, every seventh without the layers. */
function roleItem(index: number): ConfigurationItem {
  const name = `role-${index}`
  const arn = `arn:aws:iam::${accountId}:role/${name}`
  const document = (statement: JsonObject) =>
    encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }))
  const layers = index % 7 === 0 ? [] : ['ecr:GetDownloadUrlForLayer']
  return item('AWS::IAM::Role', `AROA${index}`, arn, {
    path: '/',
    roleName: name,
    roleId: `AROA${index}`,
    arn,
    assumeRolePolicyDocument: document({
      Effect: 'Allow',
      Principal: { Service: 'ecs-tasks.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
    rolePolicyList: [
      {
        policyName: 'pull',
        policyDocument: document({
          Effect: 'Allow',
          Action: ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', ...layers],
          Resource: '*',
        }),
      },
    ],
    attachedManagedPolicies: [],
    permissionsBoundary: null,
    tags: [],
  })
}

function repositoryItem(index: number): ConfigurationItem {
  const name = `team/app-${index}`
  return item('AWS::ECR::Repository', name, `arn:aws:ecr:${region}:${accountId}:repository/${name}`, {
    RepositoryName: name,
    RepositoryPolicyText: {},
    LifecyclePolicy: {},
    ImageTagMutability: 'MUTABLE',
    EncryptionConfiguration: { EncryptionType: 'AES256' },
  })
}

function generateInventory(): Inventory {
  const types = ['AWS::ECR::Repository', 'AWS::ECR::RegistryPolicy', 'AWS::ECR::PullThroughCacheRule', 'AWS::IAM::Role']
  const inventory = buildInventory({
    items: [...indices(roleCount).map(roleItem), ...indices(repositoryCount).map(repositoryItem)],
    types,
    coverage: types.map((resourceType) => ({
      accountId,
      region: resourceType.startsWith('AWS::IAM') ? 'global' : region,
      resourceType,
      status: 'known' as const,
    })),
    assumeRecorded: true,
  })
  return { ...inventory, network: generateNetwork(workloadCount) }
}

/** Every workload in a VPC of its own, with images of the whole registry. */
function generatePulls(): readonly PullToTrace[] {
  const scope = { accountId, region }
  return indices(workloadCount).flatMap((number) => {
    const name = `service-${number}`
    const arn = `arn:aws:ecs:${region}:${accountId}:service/main/${name}`
    const interfaces = indices(subnetsEach).map((subnet) => ({
      scope,
      subnetId: `subnet-${number}-${subnet}`,
      securityGroupIds: [`sg-app-${number}`],
      hasPublicIp: false,
      usesIpv6: false,
    }))
    const roleName = `arn:aws:iam::${accountId}:role/role-${number % roleCount}`
    return indices(imagesEach).map(
      (image): PullToTrace => ({
        workload: { type: 'AWS::ECS::Service', arn, name, scope, compute: 'fargateTask', platformVersion: '1.4.0' },
        image: `${accountId}.dkr.ecr.${region}.amazonaws.com/team/app-${(number * 7 + image) % repositoryCount}:1`,
        interfaces,
        unplaced: undefined,
        pullers: known([{ roleName, puller: 'fargateTask' as const }]),
      }),
    )
  })
}

function indices(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}

function worldOf(inventory: Inventory): TraceWorld {
  const none = new Set<string>()
  return {
    inventory,
    organization: { ownAccounts: none, organizationAccounts: none, trustedAccounts: none },
    now: new Date('2026-11-21T00:00:00Z'),
    centralEndpoints: [],
  }
}

/** Seconds that work takes, once. */
function seconds(work: () => void): number {
  const start = performance.now()
  work()
  return (performance.now() - start) / 1000
}

/** Nothing that was remembered of one world counts in another. */
function best(rounds: number, pulls: readonly PullToTrace[], inventory: Inventory): number {
  const times = indices(rounds).map(() => {
    const world = worldOf({ ...inventory })
    return seconds(() => {
      for (const pull of pulls) tracePull(world, pull)
    })
  })
  return Math.min(...times)
}

function verdicts(traces: readonly PullTrace[]): string {
  const count = (wanted: PullTrace['verdict']) => traces.filter(({ verdict }) => verdict === wanted).length
  return `pass ${count('pass')}, fail ${count('fail')}, unknown ${count('unknown')}`
}

function main(): void {
  const inventory = generateInventory()
  const pulls = generatePulls()
  const triples = pulls.length * subnetsEach
  const world = worldOf(inventory)
  const traces = pulls.map((pull) => tracePull(world, pull))
  console.log(`${triples} (workload, image, subnet) triples in ${pulls.length} traces: ${verdicts(traces)}`)
  const once = best(5, pulls, inventory)
  const perSecond = Math.round(triples / once)
  console.log(
    `traced in ${once.toFixed(2)} s, ${perSecond} triples per second on one core (aim: at least ${aimPerSecond})`,
  )
  const some = pulls.filter((_, index) => index % Math.ceil(pulls.length / coldTraces) === 0)
  const cold = seconds(() => {
    for (const pull of some) tracePull(worldOf({ ...inventory }), pull)
  })
  const coldPerTriple = cold / (some.length * subnetsEach)
  const stringify = seconds(() => JSON.stringify(traces))
  console.log(
    `ratio to tracing each without memory: ${(coldPerTriple / (once / triples)).toFixed(0)}; to JSON.stringify of the traces: ${(once / stringify).toFixed(1)}`,
  )
  if (traces.every(({ verdict }) => verdict === traces[0]?.verdict)) throw new Error('the workloads are not mixed')
}

main()
