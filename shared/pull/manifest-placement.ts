import { compileGlob, matchesGlob } from '../iam/match/wildcard.ts'
import type { FargateProfile, PodSelector } from '../inventory/eks.ts'
import { unknown } from '../model/fact.ts'
import type { KubernetesCluster, NodePlace, ProfilePlaceOfPods } from './manifest-clusters.ts'
import type { ManifestWorkload } from './manifest-types.ts'
import { selectionOf } from './node-selection.ts'
import type { PullToTrace } from './trace-types.ts'
import type { Workload } from './workloads.ts'

/** Where pods may run, as pulls need it. */
export interface Placed extends Pick<Workload, 'compute' | 'interfaces' | 'unplaced' | 'pullers'> {
  /** Of the node group or profile; of the cluster when no place is known. */
  readonly arn: string
  readonly assumptions: readonly string[]
  readonly profile: PullToTrace['profile']
}

/**
 * Where the pods of a manifest may run in a cluster. Pods that match a Fargate profile run there and nowhere else; all others
 * on the node groups whose labels fit their node selector. Taints and affinities are not looked at: like them, self-managed
 * nodes and Karpenter's may add or take away places.
 */
export function placesOfPods(manifest: ManifestWorkload, cluster: KubernetesCluster): readonly Placed[] {
  // Daemons do not run on Fargate.
  const profiles = manifest.kind === 'DaemonSet' ? [] : cluster.profiles
  const profile = chosenProfile(manifest, profiles)
  if (profile !== undefined) return [onProfile(profile, [])]
  const perhaps = profiles.filter((place) => place.profile.selectors.state === 'unknown')
  const places = [...perhaps.map(onPerhaps), ...onNodes(manifest, cluster)]
  return places.length > 0 ? places : [nowhereIn(manifest, cluster)]
}

const profileLabel = 'eks.amazonaws.com/fargate-profile'

/** Of several matching profiles EKS takes the one the pod names, else the first by name. */
function chosenProfile(
  manifest: ManifestWorkload,
  profiles: readonly ProfilePlaceOfPods[],
): ProfilePlaceOfPods | undefined {
  const matching = profiles.filter(({ profile }) => takes(profile, manifest))
  const named = matching.find(({ profile }) => profile.name === manifest.labels.get(profileLabel))
  return named ?? [...matching].sort((a, b) => (a.profile.name < b.profile.name ? -1 : 1))[0]
}

function takes({ selectors }: FargateProfile, manifest: ManifestWorkload): boolean {
  return selectors.state === 'known' && selectors.value.some((selector) => matches(selector, manifest))
}

function matches({ namespace, labels }: PodSelector, manifest: ManifestWorkload): boolean {
  if (!matchesGlob(compileGlob(namespace), manifest.namespace)) return false
  return [...labels].every(([key, wanted]) =>
    [...manifest.labels].some(
      ([name, value]) => matchesGlob(compileGlob(key), name) && matchesGlob(compileGlob(wanted), value),
    ),
  )
}

function onProfile({ profile, workload }: ProfilePlaceOfPods, assumptions: readonly string[]): Placed {
  const { ref, name, clusterName } = profile
  return { ...placed(workload), assumptions, profile: { arn: ref.arn, clusterName, name } }
}

function onPerhaps(place: ProfilePlaceOfPods): Placed {
  const { name } = place.profile
  return onProfile(place, [`assumes that Fargate profile ${name}, whose selectors are not known, takes the pods`])
}

function placed({ arn, compute, interfaces, unplaced, pullers }: Workload): Omit<Placed, 'assumptions' | 'profile'> {
  return { arn, compute, interfaces, unplaced, pullers }
}

/** Groups that fit, or may; only without any of them those whose labels lack what is asked for. */
function onNodes({ nodeSelector }: ManifestWorkload, { nodes }: KubernetesCluster): readonly Placed[] {
  const judged = nodes.map((node) => ({ node, ...selectionOf(nodeSelector, node) }))
  const likely = judged.filter(({ fit }) => fit === 'fits' || fit === 'open')
  const chosen = likely.length > 0 ? likely : judged.filter(({ fit }) => fit === 'lacks')
  return chosen.map(({ node, on }) => onNode(node, on))
}

function onNode({ group, workload }: NodePlace, label: string | undefined): Placed {
  const assumptions =
    label === undefined ? [] : [`assumes that nodes of node group ${group.name} carry the label ${label}`]
  const taken = workload.assumptions ?? []
  return { ...placed(workload), assumptions: [...taken, ...assumptions], profile: undefined }
}

function nowhereIn({ nodeSelector }: ManifestWorkload, { arn, name }: KubernetesCluster): Placed {
  const labels = [...nodeSelector].map(([key, value]) => `${key}=${value}`).join(', ')
  const why =
    labels === ''
      ? `no node group or Fargate profile of cluster ${name} is in the inventory`
      : `no node group of cluster ${name} has the labels ${labels}`
  return {
    arn,
    compute: 'node',
    interfaces: [],
    unplaced: why,
    pullers: unknown(`the role of the nodes: ${why}`),
    assumptions: [],
    profile: undefined,
  }
}
