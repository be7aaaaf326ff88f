import type { TaskDefinition } from '../inventory/ecs.ts'
import type { Role } from '../inventory/iam.ts'
import { type Fact, mapFact } from '../model/fact.ts'
import { canPull, type PrivateImage } from './can-pull.ts'
import { parseImageReference } from './image-reference.ts'
import { placesOf, type TaskPlaces } from './task-pullers.ts'
import type { PullAnswer, Puller, PullWorld } from './types.ts'

/** One role that may have to pull for a task definition, and whether it can. */
export interface RolePull {
  readonly puller: Puller
  /** As the definition or the instance profile names it. */
  readonly roleName: string
  /** Absent: the account's roles were listed and it is not among them. */
  readonly answer: Fact<PullAnswer>
}

/** Who pulls for a task definition. */
export interface TaskPulls {
  readonly places: TaskPlaces
  readonly execution: Fact<RolePull>
  readonly instances: Fact<readonly RolePull[]>
}

/** Images of private ECR registries that a role has to fetch: containers with credentials of their own need none. */
export function privateImagesOf(definition: TaskDefinition): Fact<readonly PrivateImage[]> {
  return mapFact(definition.containers, (containers) =>
    containers.flatMap(({ image, repositoryCredentials }) => {
      const reference = parseImageReference(image)
      return reference.kind === 'ecrPrivate' && repositoryCredentials === undefined ? [reference] : []
    }),
  )
}

/** Images that name a private ECR registry and that no registry would take, one reason for each container. */
export function unreadableImagesOf({ containers }: TaskDefinition): readonly string[] {
  if (containers.state !== 'known') return []
  return containers.value.flatMap(({ name, image, repositoryCredentials }) => {
    if (repositoryCredentials !== undefined || !/dkr[.-]ecr/i.test(image)) return []
    const reference = parseImageReference(image)
    return reference.kind === 'invalid' ? [`image of container ${name}: ${reference.reason}`] : []
  })
}

/** Decides for every role that may pull for a task definition whether it can. */
export function taskPulls(world: PullWorld, definition: TaskDefinition, images: readonly PrivateImage[]): TaskPulls {
  const places = placesOf(world.inventory, definition)
  const puller = places.needsExecutionRole ? 'fargateTask' : 'ecsInstanceExecutionRole'
  const pull = (roleName: string, as: Puller) => rolePull(world, definition, roleName, as, images)
  return {
    places,
    execution: mapFact(definition.executionRoleArn, (roleName) => pull(roleName, puller)),
    instances: mapFact(places.instanceRoles, (names) => names.map((roleName) => pull(roleName, 'ecsInstance'))),
  }
}

function rolePull(
  world: PullWorld,
  definition: TaskDefinition,
  roleName: string,
  puller: Puller,
  images: readonly PrivateImage[],
): RolePull {
  const { region } = definition.ref
  const role = world.inventory.role(roleName, definition.ref)
  return {
    puller,
    roleName,
    answer: mapFact(role, (value: Role) => canPull(world, { role: value, puller, region, images })),
  }
}
