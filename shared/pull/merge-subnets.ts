import type { Grade, Hop, HopName } from '../model/pull.ts'
import { privacyGrade } from './grades.ts'
import { type HopAnswer, hopOf, together, worst } from './hops/hop-answer.ts'
import type { HostReach } from './hops/host-reach.ts'
import { remembering } from './remembered.ts'
import {
  networkKeyOf,
  reachesInternet,
  type SubnetAnswers,
  type SubnetHop,
  type SubnetQuestion,
  traceSubnet,
} from './trace-subnet.ts'
import type { TraceWorld } from './trace-types.ts'

/** A hop of a trace with what would decide it. */
export interface TracedHop {
  readonly hop: Hop
  readonly missing: readonly string[]
}

/** What all subnets of a pull say, who pulls aside. */
export interface MergedSubnets {
  readonly hops: ReadonlyMap<SubnetHop, TracedHop>
  /** The ways from each subnet, those with the same ways together. */
  readonly ways: readonly SubnetWays[]
  /** Subnets with a hop that fails. */
  readonly failing: ReadonlySet<string>
  readonly privacy: Grade | undefined
  /** Whether a subnet has a way to the internet; undefined when not known. */
  readonly internet: ReadonlyMap<string, boolean | undefined>
}

/** Subnets from which the same ways lead to the hosts. */
export interface SubnetWays {
  readonly subnetIds: readonly string[]
  readonly hosts: readonly HostReach[]
}

const remembered = remembering<MergedSubnets>()

/** Traces a pull through all its interfaces. Remembered: pulls of one workload differ by their images alone. */
export function traceSubnets(world: TraceWorld, question: SubnetQuestion): MergedSubnets {
  const { interfaces, workload, startNeeds } = question.pull
  const key = `${networkKeyOf(question)}|${workload.compute}|${JSON.stringify(startNeeds)}`
  return remembered([world.inventory, world.centralEndpoints, interfaces], key, () => {
    const subnets = interfaces.map((source) => traceSubnet(world, question, source))
    const failing = subnets.filter(({ hops }) => worst(Object.values(hops).map(({ status }) => status)) === 'fail')
    return {
      hops: new Map(
        mergedHops.map((hop) => [
          hop,
          mergedHop(
            hop,
            subnets.map((one) => [one.subnetId, one.hops[hop]]),
          ),
        ]),
      ),
      ways: waysOf(subnets),
      failing: new Set(failing.map(({ subnetId }) => subnetId)),
      privacy: privacyGrade(subnets.map(({ hosts }) => hosts)),
      internet: new Map(interfaces.map((source) => [source.subnetId, reachesInternet(world, source)])),
    }
  })
}

const mergedHops = ['source', 'dns', 'ecr-api', 'ecr-dkr', 's3-layers', 'security', 'ancillary'] as const

/** Joins what subnets say of one hop. The scheduler may take any of them, so what fails in one fails. */
export function mergedHop(
  hop: HopName,
  subnets: readonly (readonly [subnetId: string, answer: HopAnswer])[],
): TracedHop {
  const [first, ...others] = subnets.map(([, answer]) => answer)
  if (first === undefined) throw new Error('there is at least one subnet')
  const merged = together([first, ...others])
  const { status, missing } = merged
  const those = subnets.filter(([, answer]) => answer.status === status).map(([subnetId]) => subnetId)
  const isShared = those.length === subnets.length || status === 'pass' || status === 'skipped'
  return { hop: hopOf(hop, merged, isShared ? undefined : those), missing }
}

function waysOf(subnets: readonly SubnetAnswers[]): readonly SubnetWays[] {
  const ways = new Map<string, { subnetIds: string[]; hosts: readonly HostReach[] }>()
  for (const { subnetId, hosts } of subnets) {
    const key = JSON.stringify(
      hosts.map(({ reach, path }) => [...reach.paths, path].map((one) => [one?.via, one?.verdict])),
    )
    const before = ways.get(key)
    if (before === undefined) ways.set(key, { subnetIds: [subnetId], hosts })
    else before.subnetIds.push(subnetId)
  }
  return [...ways.values()]
}
