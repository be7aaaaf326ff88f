import { isJsonObject, type JsonValue, ownString } from '../../shared/model/json.ts'
import { putStream } from '../../shared/sinks/bucket/put-stream.ts'
import { putText } from '../../shared/sinks/bucket/put-text.ts'
import type { Overview } from '../../shared/sinks/organization-report/overview.ts'
import type { Summary } from '../../shared/sinks/report/report.ts'
import { getText } from '../../shared/sources/published/get-text.ts'
import { fail } from './problems.ts'
import { type Run, shelfOf, sinkOf } from './run.ts'
import { latestKey } from './run-keys.ts'
import type { ReportFile } from './write-reports.ts'

/** How often the pointer is compared again after somebody else wrote it at the same time. */
const ATTEMPTS = 4
const MAX_BYTES = 2 ** 20

/** What a run has left, with the digests of its files: the last thing that is written. */
export interface Manifest {
  readonly schemaVersion: 1
  readonly run: string
  readonly startedAt: string
  /** When the last account and region was judged, ISO 8601. */
  readonly endedAt: string
  /** Below which the files lie, in the same bucket. */
  readonly folder: string
  readonly files: readonly ReportFile[]
  readonly expected: Overview['expected']
  readonly covered: number
  /** Accounts and regions whose task left no result, and those of which nothing could be judged for another reason. */
  readonly failed: number
  readonly notCovered: number
  readonly heartbeats: { readonly seen: number; readonly missing: number; readonly unknown: number }
  readonly summary: Summary
}

/** What became of the pointer to the newest run. `newer`: a run that started later is done already. */
export type Pointer = 'published' | 'newer'

/**
 * Writes the manifest with the run, then points to it. Until then the run before is the newest one.
 * @throws PassingProblem, ReportProblem, what S3 threw; the pointer stays as it was
 */
export async function publishManifest(run: Run, manifest: Manifest): Promise<Pointer> {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`
  const contentType = 'application/json'
  await putStream(sinkOf(run), { key: run.keys.manifest, contentType }, [text])
  const key = latestKey(run.environment.reportPrefix)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await getText(shelfOf(run), key, MAX_BYTES)
    if (found.state === 'unknown') return fail(key, found)
    // An attempt before this one has published it and was not heard.
    if (found.state === 'known' && found.value.text === text) return 'published'
    const before = found.state === 'known' ? startOf(found.value.text) : undefined
    if (before !== undefined && Date.parse(before) > Date.parse(run.startedAt)) return 'newer'
    const replaced = found.state === 'known' ? { etag: found.value.etag } : 'nothing'
    const written = await putText(sinkOf(run), { key, text, contentType }, replaced)
    if (written === 'written') return 'published'
  }
  return fail(key, { reason: `it was written by somebody else ${ATTEMPTS} times in a row`, transience: 'passing' })
}

/** When the run started that a pointer names; undefined when it names none. */
function startOf(text: string): string | undefined {
  const value = parsed(text)
  const startedAt = isJsonObject(value) ? ownString(value, 'startedAt') : undefined
  return startedAt === undefined || Number.isNaN(Date.parse(startedAt)) ? undefined : startedAt
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
