import type { TaskDefinition } from '../inventory/ecs.ts'
import type { Role } from '../inventory/iam.ts'
import { globalRegion } from '../inventory/recordable-types.ts'
import type { Fact } from '../model/fact.ts'
import type { MissingFact } from '../model/verdict.ts'
import { isDenied, type PrivateImage } from './can-pull.ts'
import { roleTrust } from './role-trust.ts'
import { privateImagesOf } from './task-can-pull.ts'
import type { PullWorld } from './types.ts'

/** What current task definitions do with an execution role. */
export interface ExecutionRoleUse {
  /** Images of private registries that are pulled with it. */
  readonly images: readonly PrivateImage[]
  /** Regions of the task definitions; empty when none uses the role. */
  readonly regions: readonly string[]
  /** Why there may be more of both. */
  readonly unclear: readonly MissingFact[]
}

/** The current task definitions, in every region of its account, that have the role as execution role. */
export function useOfExecutionRole(world: PullWorld, role: Role): ExecutionRoleUse {
  const current = world.inventory.currentTaskDefinitions(world.now)
  const users = current.filter((definition) => isExecutionRole(role, definition))
  const images = users.map(privateImagesOf)
  return {
    images: images.flatMap((fact) => (fact.state === 'known' ? fact.value : [])),
    regions: [...new Set(users.map(({ ref }) => ref.region))],
    unclear: [...images.flatMap((fact) => because('containers', fact)), ...unknownUsers(world, role, current)],
  }
}

function isExecutionRole({ ref, name }: Role, definition: TaskDefinition): boolean {
  const { executionRoleArn } = definition
  if (executionRoleArn.state !== 'known' || definition.ref.accountId !== ref.accountId) return false
  return executionRoleArn.value === ref.arn || executionRoleArn.value === name
}

/** Why task definitions may use the role without our knowing; none can where ECS may not assume it. */
function unknownUsers(world: PullWorld, role: Role, current: readonly TaskDefinition[]): readonly MissingFact[] {
  const { inventory } = world
  const { accountId } = role.ref
  const listings = inventory.scopes
    .filter((scope) => scope.accountId === accountId && scope.region !== globalRegion)
    .flatMap((scope) => {
      const listing = inventory.listing('AWS::ECS::TaskDefinition', scope)
      return because(`task definitions in ${scope.region}`, listing).map((fact) => ({ region: scope.region, fact }))
    })
  const definitions = current
    .filter(({ ref }) => ref.accountId === accountId)
    .flatMap(({ ref, executionRoleArn }) =>
      because('execution role', executionRoleArn).map((fact) => ({ region: ref.region, fact })),
    )
  const gaps = [...listings, ...definitions]
  const regions = [...new Set(gaps.map(({ region }) => region))].filter((region) => maySomeTask(world, role, region))
  return gaps.flatMap(({ region, fact }) => (regions.includes(region) ? [fact] : []))
}

/** False when no task of the region can have the role. */
function maySomeTask(world: PullWorld, role: Role, region: string): boolean {
  return !isDenied(roleTrust(world, { role, region }, 'ecs-tasks').decision.decision)
}

function because(what: string, fact: Fact<unknown>): readonly MissingFact[] {
  return fact.state === 'unknown' ? [{ reason: `${what}: ${fact.reason}`, transience: fact.transience }] : []
}
