import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { ECRClient } from '@aws-sdk/client-ecr'
import type { ECSClient, Service } from '@aws-sdk/client-ecs'
import type { IAMClient } from '@aws-sdk/client-iam'
import type { Route53Client } from '@aws-sdk/client-route-53'
import { buildInventory } from '../../shared/inventory/build.ts'
import type { Inventory } from '../../shared/inventory/inventory.ts'
import { normalizeItem } from '../../shared/inventory/normalize-item.ts'
import type { ForeignRepositories } from '../../shared/live/foreign-repositories.ts'
import type { LiveSource } from '../../shared/live/live-source.ts'
import { readRoles } from '../../shared/live/sources/iam.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import type { Scope } from '../../shared/model/resource.ts'
import { pullsOfInventory } from '../../shared/pull/pulls-of-inventory.ts'
import { readVpc } from '../../shared/sources/ec2/read-vpc.ts'
import { vpcOf } from '../../shared/sources/ec2/vpc-of.ts'
import { listCapacityProviders } from '../../shared/sources/ecs/capacity-providers.ts'
import { readTaskDefinition } from '../../shared/sources/ecs/task-definitions.ts'
import { listAutoScalingGroups } from '../../shared/sources/instances/auto-scaling-groups.ts'
import { listInstanceProfiles } from '../../shared/sources/instances/instance-profiles.ts'
import { listLaunchTemplates } from '../../shared/sources/instances/launch-templates.ts'
import { type Gap, joinReadings, notListed, type Reader, type Reading } from '../../shared/sources/reading.ts'
import { readOneService } from './read-service.ts'
import { readNamedRepositories } from './repositories.ts'

/** The clients that show a workload and everything its pull meets. */
export interface GroundClients {
  readonly autoScaling: AutoScalingClient
  readonly ec2: EC2Client
  readonly ecr: ECRClient
  readonly ecs: ECSClient
  readonly iam: IAMClient
  readonly route53: Route53Client
}

/** What a pull is traced for. */
export interface Traced {
  /** As ECS shows it; undefined for tasks that no service runs. */
  readonly service: Service | undefined
  readonly taskDefinitionArn: string
}

/** What was read, as traces see it, and what could not be. */
export interface ReadGround {
  readonly inventory: Inventory
  readonly gaps: readonly Gap[]
}

const none: Reading = { items: [], coverage: [], gaps: [] }
const definitionType = 'AWS::ECS::TaskDefinition'
const repositoryType = 'AWS::ECR::Repository'

/** What others say: the organization that a hub publishes, and the repositories of other registries. */
export interface Beside {
  readonly published: readonly LiveSource[]
  readonly foreign?: ForeignRepositories
}

/** Reads what the pulls of one workload rest on, and nothing of the others. What was not read is unknown, never absent. */
export async function readGround(
  clients: GroundClients,
  reader: Reader,
  traced: Traced,
  { published, foreign }: Beside,
): Promise<ReadGround> {
  const workload = joinReadings(
    await Promise.all([
      readDefinition(clients, reader, traced.taskDefinitionArn),
      traced.service === undefined ? none : readOneService({ ...reader, client: clients.ecs }, traced.service),
      runsOnInstances(traced) ? readInstances(clients, reader) : none,
    ]),
  )
  const pulls = pullsOfInventory(inventoryOf(workload, reader), new Date(reader.readAt))
  const subnets = pulls.flatMap(({ interfaces }) => interfaces.map(({ subnetId }) => subnetId))
  const roles = pulls.flatMap(({ pullers }) => (pullers.state === 'known' ? pullers.value : []))
  const all = joinReadings([
    workload,
    ...(await Promise.all([
      readNetwork(clients, reader, subnets),
      readRoles({ ...reader, client: clients.iam }, [...new Set(roles.map(({ roleName }) => roleName))]),
      readNamedRepositories(
        { ...reader, client: clients.ecr },
        pulls.map(({ image }) => image),
      ),
      ...published.map((source) => source.list(reader, source.types)),
      ...(foreign === undefined ? [] : [foreign.alongside(reader, [repositoryType], workload)]),
    ])),
  ])
  return { inventory: inventoryOf(all, reader), gaps: all.gaps }
}

async function readDefinition({ ecs }: GroundClients, reader: Reader, arn: string): Promise<Reading> {
  const found = await readTaskDefinition({ ...reader, client: ecs }, arn)
  const coverage = notListed(reader, [definitionType])
  switch (found.state) {
    case 'present':
      return { items: [found.item], coverage, gaps: found.gaps }
    case 'gone':
      return { items: [], coverage, gaps: [] }
    case 'unknown':
      return { items: [], coverage, gaps: [found.gap] }
    default:
      return found satisfies never
  }
}

function runsOnInstances({ service }: Traced): boolean {
  const isFargate = (name: string | undefined) => name === 'FARGATE' || name === 'FARGATE_SPOT'
  const strategy = service?.capacityProviderStrategy ?? []
  const all = strategy.length > 0 ? strategy.map((one) => one.capacityProvider) : [service?.launchType]
  return service !== undefined && !all.every(isFargate)
}

async function readInstances(clients: GroundClients, at: Reader): Promise<Reading> {
  const reader = { ...at, ec2: clients.ec2, autoScaling: clients.autoScaling, iam: clients.iam }
  const [providers, groups, profiles] = await Promise.all([
    listCapacityProviders({ ...at, client: clients.ecs }),
    listAutoScalingGroups(reader),
    listInstanceProfiles(reader),
  ])
  return joinReadings([providers, groups.reading, profiles, await listLaunchTemplates(reader, groups.templates)])
}

/** All subnets of a workload are in one VPC. */
async function readNetwork(clients: GroundClients, reader: Reader, subnets: readonly string[]): Promise<Reading> {
  const [subnet] = subnets
  if (subnet === undefined) return none
  const { ec2, route53 } = clients
  const place = await vpcOf({ ...reader, client: ec2 }, 'AWS::EC2::Subnet', subnet)
  if (place.state === 'unknown') return { ...none, gaps: [place.gap] }
  if (place.state === 'gone') return none
  const found = await readVpc({ ...reader, ec2, route53 }, place.vpcId)
  if (found.state === 'unknown') return { ...none, gaps: found.gaps }
  return found.state === 'gone' ? none : found.reading
}

/** Every type is read by us or unknown: nothing is taken for absent because no row speaks of it. */
function inventoryOf({ items, coverage }: Reading, { accountId, region }: Scope): Inventory {
  return buildInventory({
    items: items.map(itemOf),
    types: [...new Set(coverage.map(({ resourceType }) => resourceType))],
    coverage,
    assumeRecorded: false,
    scopesSeen: [{ accountId, region, recordedByConfig: false }],
  })
}

function itemOf(raw: JsonObject) {
  const normalized = normalizeItem(raw)
  if (!normalized.ok) throw new Error(`an item is not as expected: ${normalized.reason}`)
  if (normalized.deleted) throw new Error('an item says that its resource is deleted')
  return normalized.item
}
