import type { TaskDefinition } from '../inventory/ecs.ts'
import { taskDefinitionName } from '../inventory/ecs-task-definition.ts'
import type { Nodegroup } from '../inventory/eks.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { PullToTrace } from './trace-types.ts'

type Platforms = ReadonlyMap<string, string | undefined>

const remembered = new WeakMap<Inventory, Platforms>()

/**
 * What the compute of a pull runs, such as `linux/arm64`; undefined when the inventory does not tell: instances of ECS,
 * node groups with an image of their own. Workloads of manifests carry the ARN of their node group before a `#`.
 */
export function platformOf(
  inventory: Inventory,
  { arn, compute }: Pick<PullToTrace['workload'], 'arn' | 'compute'>,
): string | undefined {
  switch (compute) {
    case 'fargatePod':
      // EKS on Fargate offers neither Arm nor Windows.
      return 'linux/amd64'
    case 'node':
    case 'fargateTask':
      return platformsIn(inventory).get(arn.split('#', 1)[0] ?? arn)
    case 'containerInstance':
      return undefined
    default:
      return compute satisfies never
  }
}

/** True when an image for `offered` runs where `wanted` does; variants such as `/v8` do not matter for 64-bit platforms. */
export function runsOn(offered: string, wanted: string): boolean {
  return plain(offered) === plain(wanted)
}

function plain(platform: string): string {
  const [system = '', architecture = ''] = platform.trim().toLowerCase().split('/')
  return `${system}/${architectures.get(architecture) ?? architecture}`
}

const architectures: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['aarch64', 'arm64'],
])

function platformsIn(inventory: Inventory): Platforms {
  const before = remembered.get(inventory)
  if (before !== undefined) return before
  const platforms = new Map<string, string | undefined>([
    ...inventory.nodegroups.map((group) => [group.ref.arn, platformOfNodegroup(group)] as const),
    ...inventory.taskDefinitions.map((definition) => [definition.ref.arn, platformOfTask(definition)] as const),
  ])
  const tasks = newestRevisions(inventory)
  for (const { ref, taskDefinitionArn } of inventory.ecsServices) {
    const named = taskDefinitionArn === undefined ? undefined : taskDefinitionName(taskDefinitionArn)
    if (named === undefined) continue
    const key = (revision: number | string) => `${ref.accountId} ${ref.region} ${named.family}:${revision}`
    const definition = tasks.get(key(named.revision ?? 'newest'))
    platforms.set(ref.arn, definition && platformOfTask(definition))
  }
  remembered.set(inventory, platforms)
  return platforms
}

function newestRevisions({ taskDefinitions }: Inventory): ReadonlyMap<string, TaskDefinition> {
  const found = new Map<string, TaskDefinition>()
  for (const definition of taskDefinitions) {
    const { ref, family, revision, status } = definition
    const prefix = `${ref.accountId} ${ref.region} ${family}`
    found.set(`${prefix}:${revision}`, definition)
    const isActive = status === undefined || status === 'ACTIVE'
    const newest = found.get(`${prefix}:newest`)?.revision ?? -1
    if (isActive && newest < revision) found.set(`${prefix}:newest`, definition)
  }
  return found
}

/** Of tasks on Fargate, where what is not stated is Linux on x86. */
function platformOfTask({ operatingSystemFamily, cpuArchitecture }: TaskDefinition): string {
  const system = operatingSystemFamily?.toUpperCase().startsWith('WINDOWS') === true ? 'windows' : 'linux'
  return `${system}/${cpuArchitecture?.toUpperCase() === 'ARM64' ? 'arm64' : 'amd64'}`
}

/** `WINDOWS_CORE_2022_x86_64`, `AL2023_ARM_64_STANDARD`, `BOTTLEROCKET_x86_64`; `CUSTOM` says nothing. */
function platformOfNodegroup({ amiType }: Nodegroup): string | undefined {
  if (amiType === undefined) return undefined
  const system = systems.find(([prefix]) => amiType.startsWith(prefix))?.[1]
  const architecture = amiType.includes('_ARM_64') ? 'arm64' : amiType.includes('_x86_64') ? 'amd64' : undefined
  return system === undefined || architecture === undefined ? undefined : `${system}/${architecture}`
}

const systems = [
  ['WINDOWS', 'windows'],
  ['AL', 'linux'],
  ['BOTTLEROCKET', 'linux'],
] as const
