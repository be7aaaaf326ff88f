import { isJsonObject, type JsonObject, ownList, ownObject, ownString } from '../../model/json.ts'
import type { ManifestDocument } from './documents.ts'

/** A Kubernetes object of a manifest and where it stands. */
export interface ManifestObject {
  readonly kind: string
  /** `apps/v1`; empty when the manifest names none. */
  readonly apiVersion: string
  readonly namespace: string
  readonly name: string
  readonly annotations: JsonObject
  readonly content: JsonObject
  readonly file: string
  readonly line: number
}

/** Lists in lists that are looked into; kubectl writes one. */
const deepestList = 4

/** The objects of a document in their order; a list gives its members. What has no kind is no Kubernetes object. */
export function objectsIn({ value, lineOf }: ManifestDocument, file: string): readonly ManifestObject[] {
  const objects: ManifestObject[] = []
  const waiting: { readonly value: unknown; readonly path: readonly (string | number)[] }[] = [{ value, path: [] }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value: content, path } = next
    if (!isJsonObject(content)) continue
    const items = membersOf(content)
    if (items === undefined) objects.push(...objectOf(content, file, () => lineOf(path)))
    else if (path.length < 2 * deepestList) {
      for (const [index, item] of [...items.entries()].reverse()) {
        waiting.push({ value: item, path: [...path, 'items', index] })
      }
    }
  }
  return objects
}

/** `List` of kubectl, or a typed one such as `DeploymentList`. */
function membersOf(content: JsonObject): readonly unknown[] | undefined {
  return ownString(content, 'kind')?.endsWith('List') === true && Object.hasOwn(content, 'items')
    ? ownList(content, 'items')
    : undefined
}

function objectOf(content: JsonObject, file: string, line: () => number): readonly ManifestObject[] {
  const kind = ownString(content, 'kind')
  if (kind === undefined) return []
  const metadata = ownObject(content, 'metadata')
  const text = (key: string) => metadata && ownString(metadata, key)
  return [
    {
      kind,
      apiVersion: ownString(content, 'apiVersion') ?? '',
      namespace: text('namespace') ?? 'default',
      name: text('name') ?? text('generateName') ?? '(no name)',
      annotations: (metadata && ownObject(metadata, 'annotations')) ?? {},
      content,
      file,
      line: line(),
    },
  ]
}

/** The entries whose value is a text; numbers and booleans somebody forgot to quote are taken as written. */
export function textEntries(object: JsonObject | undefined): ReadonlyMap<string, string> {
  const entries = Object.entries(object ?? {})
  return new Map(entries.flatMap(([key, value]) => (isPlain(value) ? [[key, String(value)]] : [])))
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
