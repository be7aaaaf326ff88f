import type { PullTrace } from '../model/pull.ts'
import type { ManifestWorkload } from './manifest-types.ts'
import { pullsOfManifests } from './manifest-workloads.ts'
import { pullsOfInventory } from './pulls-of-inventory.ts'
import { remembering } from './remembered.ts'
import { tracePull } from './trace.ts'
import type { TraceWorld } from './trace-types.ts'

/** What is traced besides the inventory. */
export interface MorePulls {
  readonly manifests?: readonly ManifestWorkload[]
}

/**
 * Every pull of the inventory and of the manifests, traced: services and the images of their containers, node groups and
 * Fargate profiles and the add-ons of EKS. Those of the inventory are remembered.
 */
export function tracesOf(world: TraceWorld, { manifests = [] }: MorePulls = {}): readonly PullTrace[] {
  const ofManifests = pullsOfManifests(world.inventory, manifests).map((pull) => tracePull(world, pull))
  return [...tracesOfInventory(world).all, ...ofManifests]
}

/** The pulls that the inventory knows of a service, node group or Fargate profile, by its ARN, traced. Remembered. */
export function tracesOfWorkload(world: TraceWorld, arn: string): readonly PullTrace[] {
  return tracesOfInventory(world).byWorkload.get(arn) ?? []
}

interface Traces {
  readonly all: readonly PullTrace[]
  readonly byWorkload: ReadonlyMap<string, readonly PullTrace[]>
}

const remembered = remembering<Traces>()

function tracesOfInventory(world: TraceWorld): Traces {
  const { inventory, organization, centralEndpoints, now } = world
  return remembered([inventory, organization, centralEndpoints], String(now?.getTime()), () => {
    const all = pullsOfInventory(inventory, now).map((pull) => tracePull(world, pull))
    const byWorkload = new Map<string, PullTrace[]>()
    for (const trace of all) {
      const { arn } = trace.workload
      const before = byWorkload.get(arn)
      if (before === undefined) byWorkload.set(arn, [trace])
      else before.push(trace)
    }
    return { all, byWorkload }
  })
}
