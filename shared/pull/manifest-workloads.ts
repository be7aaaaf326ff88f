import type { Inventory } from '../inventory/inventory.ts'
import { type Fact, unknown } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import { type ImageReference, parseImageReference } from './image-reference.ts'
import { clustersOf, type KubernetesCluster } from './manifest-clusters.ts'
import { credentialsOf } from './manifest-credentials.ts'
import { type Placed, placesOfPods } from './manifest-placement.ts'
import type { ManifestContainer, ManifestWorkload } from './manifest-types.ts'
import type { PullToTrace } from './trace-types.ts'
import type { WorkloadPuller } from './workloads.ts'

/**
 * The pulls of Kubernetes manifests: each image on each node group or Fargate profile its pods may run on, in each cluster of
 * the inventory. A manifest names no cluster, so with several clusters it is asked about in all of them and every pull says
 * what it assumes; with none, and where no node fits, the pull is unplaced and says why. Images with the policy `Never` are
 * not pulled. The ARN of a pull's workload is that of the node group or profile, `#`, and the object's kind, namespace and name.
 */
export function pullsOfManifests(inventory: Inventory, manifests: readonly ManifestWorkload[]): readonly PullToTrace[] {
  if (manifests.length === 0) return []
  const clusters = clustersOf(inventory)
  if (clusters.length === 0) return manifests.flatMap((manifest) => ofNoCluster(inventory, manifest))
  return manifests.flatMap((manifest) => clusters.flatMap((cluster) => inCluster(manifest, cluster, clusters.length)))
}

function inCluster(manifest: ManifestWorkload, cluster: KubernetesCluster, clusters: number): readonly PullToTrace[] {
  const images = imagesOf(manifest)
  const general = [...ofClusters(manifest, cluster, clusters), ...assumptionsOf(manifest)]
  return placesOfPods(manifest, cluster).flatMap((place) =>
    images.map(({ image }) => pullOf(manifest, cluster.scope, place, image, general)),
  )
}

function ofClusters(manifest: ManifestWorkload, { name }: KubernetesCluster, clusters: number): readonly string[] {
  return clusters === 1
    ? []
    : [`assumes that ${titleOf(manifest)} runs in cluster ${name}: the inventory holds ${clusters} clusters`]
}

/** What nobody read and what rarely matters. */
function assumptionsOf({
  serviceAccountRead,
  serviceAccount,
  namespace,
  imagePullSecrets,
  runtimeClass,
}: ManifestWorkload) {
  const account = `${namespace}/${serviceAccount}`
  return [
    ...(serviceAccountRead || imagePullSecrets.length > 0
      ? []
      : [`assumes that service account ${account}, which is in no manifest, brings no image pull secret`]),
    ...(runtimeClass === undefined ? [] : [`assumes that runtime class ${runtimeClass} chooses no other nodes`]),
  ]
}

/** Each image once: containers that share it share the pull. */
function imagesOf({ images }: ManifestWorkload): readonly ManifestContainer[] {
  const pulled = images.filter(({ pullPolicy }) => pullPolicy !== 'Never')
  return [...new Map(pulled.map((container) => [container.image, container])).values()]
}

function titleOf({ kind, namespace, name }: ManifestWorkload): string {
  return `${kind} ${namespace}/${name}`
}

function pullOf(
  manifest: ManifestWorkload,
  scope: Scope,
  place: Placed,
  image: string,
  general: readonly string[],
): PullToTrace {
  const { kind, namespace, name } = manifest
  const credentials = credentialsOf(manifest, parseImageReference(image))
  const assumptions = [...general, ...place.assumptions]
  return {
    workload: {
      type: `Kubernetes::${kind}`,
      arn: `${place.arn}#${kind}/${namespace}/${name}`,
      name: `${namespace}/${name}`,
      scope,
      compute: place.compute,
      platformVersion: undefined,
    },
    image,
    interfaces: place.interfaces,
    unplaced: place.unplaced,
    pullers: pullersOf(manifest, place),
    ...(credentials === undefined ? {} : { credentials }),
    ...(assumptions.length === 0 ? {} : { assumptions }),
    ...(place.profile === undefined ? {} : { profile: place.profile }),
  }
}

/** Nodes pull with their own role unless the kubelet is set up to use that of the service account, which no API of AWS tells. */
function pullersOf(
  { ecrRoleAnnotation, namespace, serviceAccount }: ManifestWorkload,
  { pullers }: Placed,
): Fact<readonly WorkloadPuller[]> {
  if (ecrRoleAnnotation === undefined) return pullers
  const account = `service account ${namespace}/${serviceAccount}`
  return unknown(`whether the nodes' credential provider uses the role ${ecrRoleAnnotation} that ${account} names`)
}

/** The account of the image is the best guess at that of the workload, and says that it is one. */
function ofNoCluster(inventory: Inventory, manifest: ManifestWorkload): readonly PullToTrace[] {
  const why = 'no EKS cluster is in the inventory'
  return imagesOf(manifest).map(({ image }) => {
    const scope = likelyScope(inventory, parseImageReference(image))
    const place: Placed = {
      arn: 'kubernetes',
      compute: 'node',
      interfaces: [],
      unplaced: why,
      pullers: unknown(`the role of the nodes: ${why}`),
      assumptions: [`assumes that ${titleOf(manifest)} runs in account ${scope.accountId}, ${scope.region}: ${why}`],
      profile: undefined,
    }
    return pullOf(manifest, scope, place, image, assumptionsOf(manifest))
  })
}

function likelyScope({ scopes }: Inventory, image: ImageReference): Scope {
  if (image.kind === 'ecrPrivate') return { accountId: image.accountId, region: image.region }
  return scopes.find(({ region }) => region !== 'global') ?? { accountId: 'unknown', region: 'unknown' }
}
