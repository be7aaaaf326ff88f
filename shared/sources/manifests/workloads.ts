import { ownObject, ownString } from '../../model/json.ts'
import type { ManifestWorkload } from '../../pull/manifest-types.ts'
import { type ManifestObject, textEntries } from './objects.ts'
import { containersOf, namesIn, podTemplateOf } from './pod-templates.ts'
import { secretHosts } from './secret-hosts.ts'

/** A workload before its service account and secrets were looked up. */
export type PodWorkload = Omit<ManifestWorkload, 'serviceAccountRead' | 'secretHosts' | 'ecrRoleAnnotation'>

const ecrRoleAnnotation = 'eks.amazonaws.com/ecr-role-arn'

/** The objects that start pods, and what is wrong with those that should. */
export function workloadsIn(objects: readonly ManifestObject[]): {
  readonly workloads: readonly PodWorkload[]
  readonly problems: readonly string[]
} {
  const workloads: PodWorkload[] = []
  const problems: string[] = []
  for (const object of objects) {
    const template = podTemplateOf(object)
    if (template === undefined) continue
    const where = `${object.file}:${object.line}: ${object.kind} ${object.namespace}/${object.name}`
    if (typeof template === 'string') {
      problems.push(`${where}: ${template}`)
      continue
    }
    const { images, without } = containersOf(template.spec)
    problems.push(...without.map((container) => `${where}: container ${container} names no image`))
    workloads.push(workloadOf(object, template, images))
  }
  return { workloads, problems }
}

function workloadOf(
  { kind, namespace, name, file, line }: ManifestObject,
  template: Exclude<ReturnType<typeof podTemplateOf>, string | undefined>,
  images: ManifestWorkload['images'],
): PodWorkload {
  const { spec } = template
  const runtimeClass = ownString(spec, 'runtimeClassName')
  return {
    kind,
    namespace,
    name,
    file,
    line,
    images,
    serviceAccount: ownString(spec, 'serviceAccountName') ?? ownString(spec, 'serviceAccount') ?? 'default',
    imagePullSecrets: namesIn(spec, 'imagePullSecrets'),
    nodeSelector: textEntries(ownObject(spec, 'nodeSelector')),
    ...(runtimeClass === undefined ? {} : { runtimeClass }),
    labels: template.labels,
  }
}

/** The service accounts and registry secrets of all manifests. */
export function serviceAccountsIn(objects: readonly ManifestObject[]): {
  complete(workload: PodWorkload): ManifestWorkload
} {
  const accounts = new Map<string, ManifestObject>()
  const hosts = new Map<string, readonly string[]>()
  for (const object of objects) {
    const key = `${object.namespace}/${object.name}`
    const ofSecret = secretHosts(object)
    if (object.kind === 'ServiceAccount' && object.apiVersion === 'v1') accounts.set(key, object)
    if (ofSecret !== undefined) hosts.set(key, ofSecret)
  }
  return {
    complete: (workload) => {
      const account = accounts.get(`${workload.namespace}/${workload.serviceAccount}`)
      const role = account && ownString(account.annotations, ecrRoleAnnotation)
      const own = workload.imagePullSecrets
      // Kubernetes adds the secrets of the service account to pods that name none.
      const inherits = own.length === 0 && account !== undefined
      const imagePullSecrets = inherits ? namesIn(account.content, 'imagePullSecrets') : own
      return {
        ...workload,
        serviceAccountRead: account !== undefined,
        imagePullSecrets,
        secretHosts: hostsOf(imagePullSecrets, workload.namespace, hosts),
        ...(role === undefined ? {} : { ecrRoleAnnotation: role }),
      }
    },
  }
}

function hostsOf(
  names: readonly string[],
  namespace: string,
  hosts: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    names.flatMap((name) => {
      const known = hosts.get(`${namespace}/${name}`)
      return known === undefined ? [] : [[name, known] as const]
    }),
  )
}
