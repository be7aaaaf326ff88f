import type { HopName } from '../../model/pull.ts'
import type { Reach, ReachPath, ReachStep } from '../../network/types.ts'

/** The hop that stands for a host. */
export type HostHop = Extract<HopName, 'ecr-api' | 'ecr-dkr' | 's3-layers'>

/** Whether an interface reaches one host of a pull, and by which way that is judged. */
export interface HostReach {
  readonly hop: HostHop
  readonly reach: Reach
  /** The way a request takes, or the one whose mending is the smallest change. Undefined when no way is known at all. */
  readonly path: ReachPath | undefined
}

/** A host with the way by which it is judged. */
export function hostReach(hop: HostHop, reach: Reach): HostReach {
  return { hop, reach, path: tellingPath(reach) }
}

const filters: ReadonlySet<ReachStep['step']> = new Set([
  'sourceSecurityGroup',
  'sourceNetworkAcl',
  'targetSecurityGroup',
  'targetNetworkAcl',
])

/** Of blocked ways the one that leads there and only filters stop; else the best. */
function tellingPath({ verdict, paths }: Reach): ReachPath | undefined {
  const same = paths.filter((path) => path.verdict === verdict)
  if (verdict !== 'blocked') return same[0] ?? paths[0]
  return (
    same.find(({ steps }) => steps.every((step) => step.verdict !== 'blocked' || filters.has(step.step))) ?? same[0]
  )
}

/** The hop a step of a path belongs to. Names that lead to S3's interface endpoint are S3's matter: its gateway needs none. */
export function hopOfStep({ hop, path }: HostReach, { step }: ReachStep): HopName {
  if (filters.has(step)) return 'security'
  if (step !== 'dns') return hop
  return hop === 's3-layers' && path?.kind === 'privateEndpoint' ? hop : 'dns'
}
