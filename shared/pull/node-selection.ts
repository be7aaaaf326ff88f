import type { NodePlace } from './manifest-clusters.ts'

/**
 * Whether nodes of a group carry the labels a pod asks for. `lacks`: nothing says that they do, though a start script or a
 * controller may have added them; `differs`: one has another value; `open`: a label that is not known beforehand.
 */
export interface Selection {
  readonly fit: 'fits' | 'open' | 'lacks' | 'differs'
  /** `disk=ssd`: the label that decided; undefined when it fits. */
  readonly on: string | undefined
}

/** Labels the kubelet or a cloud controller sets per node, so that a group has several values of them. */
const perNode: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/zone',
  'topology.k8s.aws/zone-id',
  'topology.ebs.csi.aws.com/zone',
  'eks.amazonaws.com/nodegroup-image',
  'node.kubernetes.io/windows-build',
])

const badness = { fits: 0, open: 1, lacks: 2, differs: 3 } as const

/** How well a node group fits a node selector: the worst of its labels decides. */
export function selectionOf(selector: ReadonlyMap<string, string>, place: NodePlace): Selection {
  let worst: Selection = { fit: 'fits', on: undefined }
  for (const [key, wanted] of selector) {
    const fit = fitOf(key, wanted, place)
    if (badness[fit] > badness[worst.fit]) worst = { fit, on: `${key}=${wanted}` }
  }
  return worst
}

function fitOf(key: string, wanted: string, place: NodePlace): Selection['fit'] {
  const { labels } = place.group
  const value = labels?.get(key) ?? ownLabel(key, place)
  if (value !== undefined) return value === wanted ? 'fits' : 'differs'
  return labels === undefined || isOpen(key) ? 'open' : 'lacks'
}

/** Set by EKS or the kubelet, though perhaps not known here. */
function isOpen(key: string): boolean {
  return perNode.has(key) || derived.has(key)
}

type Derive = (place: NodePlace) => string | undefined

const operatingSystem: Derive = ({ platform }) => platform?.split('/')[0]
const architecture: Derive = ({ platform }) => platform?.split('/')[1]

const derived: ReadonlyMap<string, Derive> = new Map<string, Derive>([
  ['eks.amazonaws.com/nodegroup', ({ group }) => group.name],
  ['eks.amazonaws.com/capacityType', ({ group }) => group.capacityType],
  ['topology.kubernetes.io/region', ({ group }) => group.ref.region],
  ['failure-domain.beta.kubernetes.io/region', ({ group }) => group.ref.region],
  ['kubernetes.io/os', operatingSystem],
  ['beta.kubernetes.io/os', operatingSystem],
  ['kubernetes.io/arch', architecture],
  ['beta.kubernetes.io/arch', architecture],
])

function ownLabel(key: string, place: NodePlace): string | undefined {
  // eksctl writes this label into the node group; where labels were not read, its name tells.
  if (key === 'alpha.eksctl.io/nodegroup-name' && place.group.labels === undefined) return place.group.name
  return derived.get(key)?.(place)
}
