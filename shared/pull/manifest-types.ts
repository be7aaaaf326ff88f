/** One container of a pod template: a pull for each node that starts it. */
export interface ManifestContainer {
  readonly container: string
  /** As written. */
  readonly image: string
  /** True of `initContainers`, sidecars that start there included. */
  readonly init: boolean
  /** `Always`, `IfNotPresent`, `Never`, or what the manifest says; undefined when Kubernetes decides by the tag. */
  readonly pullPolicy: string | undefined
}

/**
 * A Kubernetes object that starts pods, as a manifest describes it. Its service account and image pull secrets are looked up
 * among the other objects that were read. All text is untrusted.
 */
export interface ManifestWorkload {
  /** `Deployment`, `DaemonSet`, `StatefulSet`, `ReplicaSet`, `ReplicationController`, `Job`, `CronJob`, `Pod`, `PodTemplate`. */
  readonly kind: string
  /** `default` when the manifest names none. */
  readonly namespace: string
  readonly name: string
  /** Path of the file as it was found. */
  readonly file: string
  /** Line of the object's first key, from 1. */
  readonly line: number
  readonly images: readonly ManifestContainer[]
  /** `default` when the manifest names none. */
  readonly serviceAccount: string
  /** False: no manifest holds the service account, so that what it brings is not known. */
  readonly serviceAccountRead: boolean
  /** Names of the secrets the kubelet uses: those of the pod, else those of its service account. */
  readonly imagePullSecrets: readonly string[]
  /** Registry hosts each of those secrets holds a login for; a secret that is in no manifest is not a key. Never the logins. */
  readonly secretHosts: ReadonlyMap<string, readonly string[]>
  readonly nodeSelector: ReadonlyMap<string, string>
  readonly runtimeClass?: string
  /**
   * Role in the annotation `eks.amazonaws.com/ecr-role-arn` of the service account (KEP-4412). The better known
   * `eks.amazonaws.com/role-arn` has no influence on image pulls and is not kept.
   */
  readonly ecrRoleAnnotation?: string
  /** Labels of the pods: Fargate profiles select by them. */
  readonly labels: ReadonlyMap<string, string>
}
