import type { ReachPath, ReachStep, ReachVerdict } from '../../shared/network/types.ts'
import { type Answer, type Leg, verdictsBySubnet } from './answer.ts'

/** The JSON output. */
export interface ReachResult {
  readonly verdict: ReachVerdict
  readonly from: string
  readonly to: string
  readonly subnets: readonly { readonly id: string; readonly verdict: ReachVerdict }[]
  readonly paths: readonly ResultPath[]
  /** What has to change, when blocked and a change is known that would do. */
  readonly fix?: string
  readonly shadowed: readonly string[]
  readonly assumptions: readonly string[]
  /** Facts without which nobody can tell. */
  readonly missing: readonly string[]
}

interface ResultPath {
  readonly kind: ReachPath['kind']
  readonly verdict: ReachVerdict
  readonly host: string
  readonly subnet: string
  readonly via: string
  readonly steps: readonly ReachStep[]
}

/** The answer as it is written in JSON. */
export function resultOf(answer: Answer): ReachResult {
  const { verdict, origin, target, legs } = answer
  const fixes = verdict === 'blocked' ? distinct(legs.flatMap(({ fix }) => fix ?? [])) : []
  return {
    verdict,
    from: origin.name,
    to: target,
    subnets: [...verdictsBySubnet(answer)].map(([id, ofSubnet]) => ({ id, verdict: ofSubnet })),
    paths: legs.flatMap(pathsOf),
    ...(fixes.length === 0 ? {} : { fix: fixes.join('; ') }),
    shadowed: distinct(legs.flatMap((leg) => leg.reach.shadowed)),
    assumptions: distinct(legs.flatMap((leg) => leg.reach.assumptions)),
    missing: distinct([...origin.unplaced, ...legs.flatMap((leg) => leg.reach.missing)]),
  }
}

function pathsOf({ reach, subnetId }: Leg): readonly ResultPath[] {
  const { host } = reach.destination
  return reach.paths.map(({ kind, verdict, via, steps }) => ({ kind, verdict, host, subnet: subnetId, via, steps }))
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
