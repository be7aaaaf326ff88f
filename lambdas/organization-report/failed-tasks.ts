import { isJsonObject, type JsonValue, own, ownList, ownObject, ownString } from '../../shared/model/json.ts'
import type { Scope } from '../../shared/model/resource.ts'
import { type BucketReader, getText } from '../../shared/sources/published/get-text.ts'

/** Most bytes of a file that Step Functions has written: as many failed tasks as an organization may have. */
const MAX_BYTES = 64 * 2 ** 20

/**
 * Why tasks failed, by `account region`, as the map has written it down: names of errors, no text of them. A file that cannot be
 * read costs reasons and nothing else: a task that left no result has failed either way.
 */
export async function failedTasks(
  reader: BucketReader,
  details: { readonly Bucket: string; readonly Key: string } | undefined,
): Promise<ReadonlyMap<string, string>> {
  // What Step Functions says comes from its own state, and is read from our bucket only.
  if (details === undefined || details.Bucket !== reader.bucket.name) return new Map()
  const manifest = await jsonIn(reader, details.Key)
  const files = isJsonObject(manifest) ? ownObject(manifest, 'ResultFiles') : undefined
  if (files === undefined) return new Map()
  const classes = new Map<string, string>()
  for (const status of ['FAILED', 'PENDING']) {
    for (const file of ownList(files, status)) {
      const key = isJsonObject(file) ? ownString(file, 'Key') : undefined
      const tasks = key === undefined ? undefined : await jsonIn(reader, key)
      for (const task of Array.isArray(tasks) ? (tasks as readonly JsonValue[]) : []) note(classes, task, status)
    }
  }
  return classes
}

async function jsonIn(reader: BucketReader, key: string): Promise<JsonValue | undefined> {
  const found = await getText(reader, key, MAX_BYTES)
  return found.state === 'known' ? parsed(found.value.text) : undefined
}

function note(classes: Map<string, string>, task: JsonValue, status: string): void {
  if (!isJsonObject(task)) return
  const place = placeOf(parsed(ownString(task, 'Input') ?? ''))
  if (place === undefined) return
  const error = ownString(task, 'Error') ?? ownString(task, 'Status') ?? ''
  const name = /^[A-Za-z][\w.]{0,80}$/.test(error) ? error : status
  classes.set(`${place.accountId} ${place.region}`, name)
}

function placeOf(input: JsonValue | undefined): Scope | undefined {
  const shard = isJsonObject(input) ? own(input, 'shard') : undefined
  if (!isJsonObject(shard)) return undefined
  const [accountId, region] = [ownString(shard, 'accountId'), ownString(shard, 'region')]
  return accountId === undefined || region === undefined ? undefined : { accountId, region }
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
