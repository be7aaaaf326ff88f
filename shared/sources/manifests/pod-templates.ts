import { isJsonObject, type JsonObject, ownList, ownObject, ownString } from '../../model/json.ts'
import type { ManifestContainer } from '../../pull/manifest-types.ts'
import { type ManifestObject, textEntries } from './objects.ts'

/** The pods an object starts. */
export interface PodTemplate {
  readonly labels: ReadonlyMap<string, string>
  readonly spec: JsonObject
}

/** API groups of each kind that starts pods, and the way to its pod template. Other groups use the same words for other things. */
const kinds: ReadonlyMap<string, { readonly groups: readonly string[]; readonly template: readonly string[] }> =
  new Map([
    ['Deployment', { groups: ['apps', 'extensions'], template: ['spec', 'template'] }],
    ['DaemonSet', { groups: ['apps', 'extensions'], template: ['spec', 'template'] }],
    ['StatefulSet', { groups: ['apps'], template: ['spec', 'template'] }],
    ['ReplicaSet', { groups: ['apps', 'extensions'], template: ['spec', 'template'] }],
    ['ReplicationController', { groups: [''], template: ['spec', 'template'] }],
    ['Job', { groups: ['batch'], template: ['spec', 'template'] }],
    ['CronJob', { groups: ['batch'], template: ['spec', 'jobTemplate', 'spec', 'template'] }],
    ['Pod', { groups: [''], template: [] }],
    ['PodTemplate', { groups: [''], template: ['template'] }],
  ])

/** The pod template of an object; undefined when its kind starts no pods, a sentence when it should have one and has none. */
export function podTemplateOf({ kind, apiVersion, content }: ManifestObject): PodTemplate | string | undefined {
  const known = kinds.get(kind)
  if (known === undefined) return undefined
  if (apiVersion === '') return `${kind} without an apiVersion`
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  if (!known.groups.includes(group)) return undefined
  const template = known.template.reduce<JsonObject | undefined>((at, key) => at && ownObject(at, key), content)
  const spec = template && ownObject(template, 'spec')
  if (template === undefined || spec === undefined) return `${kind} without a pod template`
  const metadata = ownObject(template, 'metadata')
  return { labels: textEntries(metadata && ownObject(metadata, 'labels')), spec }
}

const lists = [
  { key: 'initContainers', init: true },
  { key: 'containers', init: false },
  { key: 'ephemeralContainers', init: false },
] as const

/** The containers of a pod that name an image, in the order they start, and the names of those that do not. */
export function containersOf(spec: JsonObject): {
  readonly images: readonly ManifestContainer[]
  readonly without: readonly string[]
} {
  const images: ManifestContainer[] = []
  const without: string[] = []
  for (const { key, init } of lists) {
    for (const entry of ownList(spec, key)) {
      const container = isJsonObject(entry) ? ownString(entry, 'name') : undefined
      const image = isJsonObject(entry) ? ownString(entry, 'image') : undefined
      const name = container ?? '(no name)'
      if (!isJsonObject(entry) || image === undefined) without.push(name)
      else images.push({ container: name, image: image.trim(), init, pullPolicy: ownString(entry, 'imagePullPolicy') })
    }
  }
  return { images, without }
}

/** Names in a list of `{name}`. */
export function namesIn(object: JsonObject, key: string): readonly string[] {
  const names = ownList(object, key).flatMap((entry) => (isJsonObject(entry) ? (ownString(entry, 'name') ?? []) : []))
  return [...new Set(names)]
}
