import { readFile } from 'node:fs/promises'
import { readSettingsText, type SettingsText } from '../shared/engine/settings.ts'
import { InputError } from '../shared/model/errors.ts'
import { defaultSettings, type Settings } from '../shared/model/settings.ts'
import { rules as catalogue } from '../shared/rules/index.ts'
import { terminalText } from '../shared/sinks/report/terminal-text.ts'
import { readSnapshotFiles, type SnapshotFiles } from '../shared/sources/config-snapshot/read-snapshot-files.ts'
import { lostFiles } from './collected-files.ts'
import { progressLine } from './progress.ts'

/**
 * The settings of a YAML file; without one, those of a user who set nothing.
 * @throws InputError naming the option, the file and what is wrong with it
 */
export async function loadSettings(file: string | undefined): Promise<Settings> {
  if (file === undefined) return defaultSettings
  return (await readSettings(file)).settings
}

/**
 * The settings of a YAML file, and what the file says. `argument` is how the file was named.
 * @throws InputError naming the argument, the file and what is wrong with it
 */
export async function readSettings(file: string, argument = '--settings'): Promise<SettingsText> {
  return readSettingsText(await readText(file, argument), file, catalogue, [], new Date())
}

/**
 * Reads configuration items of some types; files that cannot be read are named on standard error.
 * @throws InputError when not one file could be read
 */
export async function readInputFiles(
  paths: readonly string[],
  wantedTypes: ReadonlySet<string>,
  quiet: boolean,
): Promise<SnapshotFiles> {
  const progress = progressLine(quiet ? undefined : process.stderr)
  try {
    const found = await readSnapshotFiles(paths, { wantedTypes, onProgress: progress.update })
    progress.clear()
    if (found.filesRead === 0) throw nothingRead(paths, found.problems)
    const files = withLost(found, await lostFiles(paths))
    // A bad file among good ones is named even with --quiet: its silence would look like a pass.
    for (const { file, reason } of files.problems)
      process.stderr.write(`pullpath: ${terminalText(`${file}: ${reason}`)}\n`)
    return files
  } finally {
    progress.clear()
  }
}

/** Nothing of what a lost file held can be listed. */
function withLost(files: SnapshotFiles, lost: SnapshotFiles['problems']): SnapshotFiles {
  const gaps = lost.flatMap(({ file, reason, accountId, region, resourceType }) =>
    accountId === undefined || region === undefined
      ? []
      : [{ accountId, region, resourceType, reason: `${file}: ${reason}` }],
  )
  return { ...files, gaps: [...files.gaps, ...gaps], problems: [...files.problems, ...lost] }
}

function nothingRead(paths: readonly string[], [first]: SnapshotFiles['problems']): InputError {
  if (first !== undefined) return new InputError(`${first.file}: ${first.reason}`)
  const expected = 'expected AWS Config snapshot or history files'
  return new InputError(`${paths.join(', ')}: no .json or .json.gz file found; ${expected}`)
}

async function readText(file: string, argument: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new InputError(`${argument}: ${file}: cannot be read (${code}); expected a YAML file`)
  }
}
