import { ecrDkr } from '../../shared/network/destinations.ts'
import type { Destination, ReachPath, ReachVerdict } from '../../shared/network/types.ts'
import type { HostReach } from '../../shared/pull/hops/host-reach.ts'
import { home } from '../support/builders.ts'

/** A way to a host, open unless it says otherwise; behind a NAT gateway perhaps through an endpoint. */
export type Way = readonly [kind: ReachPath['kind'], via: string, verdict?: ReachVerdict, through?: string]

/** The registry of home. */
export const registry = ecrDkr(home.region, home.accountId)

/** A host reached by these ways, of which the first tells. */
export function hostBy(
  ways: readonly Way[],
  verdict: ReachVerdict = 'reachable',
  destination: Destination = registry,
  hop: HostReach['hop'] = 'ecr-dkr',
): HostReach {
  const paths = ways.map(pathBy)
  return { hop, path: paths[0], reach: { destination, verdict, paths, shadowed: [], assumptions: [], missing: [] } }
}

function pathBy([kind, via, verdict = 'reachable', through]: Way): ReachPath {
  const decidedBy = { step: 'route', verdict, code: 'code', reason: 'reason', evidence: [] } as const
  const path = { kind, via, verdict, steps: [decidedBy], decidedBy }
  return through === undefined ? path : { ...path, through }
}
