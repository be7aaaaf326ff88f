import { InputError } from '../shared/model/errors.ts'
import type { ManifestWorkload } from '../shared/pull/manifest-types.ts'
import { terminalText } from '../shared/sinks/report/terminal-text.ts'
import { readManifests } from '../shared/sources/manifests/read-manifests.ts'

/** What a directory of manifests came to. */
export interface Manifests {
  readonly workloads: readonly ManifestWorkload[]
  /** A line for each file or document that could not be read, as standard error has it. */
  readonly problems: readonly string[]
}

/**
 * Reads Kubernetes manifests; what cannot be read is named on standard error, even with `--quiet`: silence would look like a
 * pass.
 * @throws InputError when nothing could be read
 */
export async function readManifestFiles(path: string): Promise<Manifests> {
  const { workloads, problems, filesRead } = await readManifests(path)
  const [first] = problems
  if (filesRead === 0) throw new InputError(`--manifests: ${first ?? `${path}: no .yaml, .yml or .json file found`}`)
  for (const problem of problems) process.stderr.write(`pullpath: ${terminalText(problem)}\n`)
  return { workloads, problems }
}
