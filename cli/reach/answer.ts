import { fixFor } from '../../shared/network/explain.ts'
import { type ReachOptions, reach } from '../../shared/network/reach.ts'
import { topologyOf } from '../../shared/network/topology.ts'
import type { Destination, Reach, ReachVerdict } from '../../shared/network/types.ts'
import type { PullWorld } from '../../shared/pull/types.ts'
import { withEndpointPolicies } from './endpoint-policies.ts'
import type { Origin } from './origin.ts'

/** One subnet and one host. */
export interface Leg {
  readonly subnetId: string
  readonly reach: Reach
  readonly fix: string | undefined
}

/** The answer to one question. */
export interface Answer {
  readonly origin: Origin
  readonly target: string
  /** Reachable when every host is from every subnet; blocked when one is not: the scheduler may pick that subnet. */
  readonly verdict: ReachVerdict
  /** Host by host, in the order a pull meets them. */
  readonly legs: readonly Leg[]
}

/** Asks for every host from every subnet. */
export function answerOf(
  origin: Origin,
  target: string,
  destinations: readonly Destination[],
  world: PullWorld,
  options: ReachOptions,
): Answer {
  const topology = topologyOf(world.inventory)
  const legs = destinations.flatMap((destination) =>
    origin.sources.map((source) => {
      const found = withEndpointPolicies(reach(topology, source, destination, options), origin.workloads, world)
      const fix = found.verdict === 'blocked' ? fixFor(found) : undefined
      return { subnetId: source.subnetId, reach: found, fix }
    }),
  )
  const verdicts = legs.map((leg) => leg.reach.verdict)
  const open = origin.unplaced.length > 0 || verdicts.length === 0
  return { origin, target, verdict: worstOf(open ? [...verdicts, 'unknown'] : verdicts), legs }
}

/** What every subnet comes to, in the order they were named. */
export function verdictsBySubnet({ legs }: Answer): ReadonlyMap<string, ReachVerdict> {
  const subnets = [...new Set(legs.map((leg) => leg.subnetId))]
  const verdictsOf = (id: string) => legs.filter((leg) => leg.subnetId === id).map((leg) => leg.reach.verdict)
  return new Map(subnets.map((id) => [id, worstOf(verdictsOf(id))]))
}

function worstOf(verdicts: readonly ReachVerdict[]): ReachVerdict {
  if (verdicts.includes('blocked')) return 'blocked'
  return verdicts.includes('unknown') ? 'unknown' : 'reachable'
}
