import { open } from 'node:fs/promises'
import type { ManifestWorkload } from '../../pull/manifest-types.ts'
import { readDocuments } from './documents.ts'
import { fileError, findManifestFiles } from './find-files.ts'
import { defaultManifestLimits, type ManifestLimits } from './limits.ts'
import { type ManifestObject, objectsIn } from './objects.ts'
import { type PodWorkload, serviceAccountsIn, workloadsIn } from './workloads.ts'

/** What the manifests of a directory say about pulls. */
export interface ManifestFiles {
  readonly workloads: readonly ManifestWorkload[]
  /** One line each, `file:line: what`, for a person; never the content of a document. */
  readonly problems: readonly string[]
  /** Files of which at least the beginning was read. */
  readonly filesRead: number
  /** Kubernetes objects of any kind. */
  readonly objects: number
}

/**
 * Reads plain Kubernetes manifests, YAML or JSON: nothing is rendered, so templates of Helm are problems. A document that
 * cannot be read costs only itself.
 * @throws InputError when the path does not exist or is neither file nor directory.
 */
export async function readManifests(path: string, limits: Partial<ManifestLimits> = {}): Promise<ManifestFiles> {
  const bounds = { ...defaultManifestLimits, ...limits }
  const found = await findManifestFiles(path, bounds)
  const problems = [...found.problems]
  const objects: ManifestObject[] = []
  let filesRead = 0
  let bytes = 0
  for (const file of found.files) {
    const text = await textOf(file, bounds)
    if (typeof text !== 'string') {
      problems.push(`${file}: ${text.problem}`)
      continue
    }
    bytes += text.length
    if (bytes > bounds.totalBytes || objects.length >= bounds.objects) {
      problems.push(`${file}: more manifests than can be read, this file and those after it are not`)
      break
    }
    filesRead++
    readFile(file, text, bounds, objects, problems)
  }
  const { workloads, problems: broken } = workloadsIn(objects)
  return {
    workloads: joined(workloads, objects),
    problems: [...problems, ...broken],
    filesRead,
    objects: objects.length,
  }
}

async function textOf(file: string, { fileBytes }: ManifestLimits): Promise<string | { readonly problem: string }> {
  try {
    await using handle = await open(file, 'r')
    const stats = await handle.stat()
    // A pipe or device has no size and may never end.
    if (!stats.isFile()) return { problem: 'not a regular file' }
    if (stats.size > fileBytes) return { problem: `larger than ${fileBytes} bytes, not read` }
    return await handle.readFile('utf8')
  } catch (error) {
    return { problem: fileError(error) }
  }
}

function readFile(
  file: string,
  text: string,
  limits: ManifestLimits,
  objects: ManifestObject[],
  problems: string[],
): void {
  for (const reading of readDocuments(text, file.toLowerCase().endsWith('.json'), limits)) {
    if (!reading.ok) {
      problems.push(`${file}:${reading.line}: ${reading.reason}`)
      continue
    }
    for (const object of objectsIn(reading.document, file)) {
      if (objects.length >= limits.objects) {
        problems.push(`${file}:${object.line}: more than ${limits.objects} objects, the others are not read`)
        return
      }
      objects.push(object)
    }
  }
}

/** Service accounts and secrets may stand in any file. */
function joined(workloads: readonly PodWorkload[], objects: readonly ManifestObject[]): readonly ManifestWorkload[] {
  const accounts = serviceAccountsIn(objects)
  return workloads.map((workload) => accounts.complete(workload))
}
