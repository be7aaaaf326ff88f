import { configuredRegion } from '../../shared/runtime/sts-client.ts'
import { terminalText } from '../../shared/sinks/report/terminal-text.ts'
import type { Session } from '../../shared/sources/sts/session.ts'
import { tagTypes } from '../../shared/sources/tags/tag-types.ts'
import { exitCodes } from '../exit-codes.ts'
import { version } from '../version.ts'
import type { CollectPlan } from './collect-plan.ts'
import type { CoverageLedger } from './coverage-ledger.ts'
import { coverageTable } from './coverage-table.ts'
import { LatestWrite } from './latest-write.ts'
import { liveRunOf } from './live-run.ts'
import { makeDirectory, OutputDirectory } from './output-directory.ts'
import { type LiveOutcome, runLive } from './run-live.ts'
import { planOf, type ScopeOptions } from './scope-options.ts'
import { UntaggedResources } from './unread-tags.ts'

/** The options of the command. */
export interface CollectOptions extends ScopeOptions {
  readonly output: string
  readonly fresh: boolean
  readonly quiet: boolean
}

const unfinished = 'the collection has not ended'

/** Reads what the options ask for into files and says so. `cutOff`: something may still be under way. */
export async function collect(options: CollectOptions): Promise<{ readonly code: number; readonly cutOff: boolean }> {
  const configured = await configuredRegion(options.profile)
  const plan = planOf(options, configured, { tags: tagTypes })
  await makeDirectory(options.output)
  let collection: Collection | undefined
  try {
    const outcome = await runLive(liveRunOf(options, plan, configured), async (own) => {
      collection = await openCollection(options, plan, own)
      return collection.steps
    })
    await collection?.close(outcome)
    return told(outcome, collection?.untagged)
  } finally {
    await collection?.release()
  }
}

/** Says what was read and what was not, and what that means. */
function told(
  { ledger, stopped }: LiveOutcome,
  untagged: UntaggedResources | undefined,
): { readonly code: number; readonly cutOff: boolean } {
  const why = stopped?.message ?? unfinished
  process.stderr.write(coverageTable(ledger, why))
  for (const line of untagged?.lines ?? []) process.stderr.write(`pullpath: ${terminalText(line)}\n`)
  if (stopped !== undefined) process.stderr.write(`pullpath: ${terminalText(stopped.message)}; run it again to go on\n`)
  const code = stopped?.exitCode ?? (isComplete(ledger, why) ? exitCodes.clean : exitCodes.uncertain)
  return { code, cutOff: stopped !== undefined }
}

interface Collection {
  readonly steps: Awaited<ReturnType<Parameters<typeof runLive>[1]>>
  /** Writes what is left to write. @throws OutputError */
  readonly close: (outcome: LiveOutcome) => Promise<void>
  readonly untagged: UntaggedResources
  /** Lets other processes write there. */
  readonly release: () => Promise<void>
}

async function openCollection(options: CollectOptions, plan: CollectPlan, own: Session): Promise<Collection> {
  const now = () => new Date()
  const asked = questionText(own, plan)
  const directory = await OutputDirectory.open({ path: options.output, fresh: options.fresh, asked, version, now })
  const { resumedFrom } = directory
  if (resumedFrom !== undefined && !options.quiet) {
    process.stderr.write(`going on with the collection of ${terminalText(resumedFrom)}\n`)
  }
  const coverage = new LatestWrite((ledger: CoverageLedger) =>
    directory.writeCoverage(ledger.uncovered(unfinished), ledger.scopes),
  )
  const untagged = new UntaggedResources()
  const steps = {
    async take(scope: Parameters<typeof directory.take>[0]) {
      // What is still to be read is on the disk before the first file is: a killed run must not look like a whole one.
      await coverage.settled()
      await directory.take(scope)
      untagged.add(scope.reading)
    },
    done: (scope: Parameters<typeof directory.done>[0]) => directory.done(scope),
    before: (scope: Parameters<typeof directory.before>[0]) => directory.before(scope),
    onAccount: (ledger: CoverageLedger) => coverage.request(ledger),
  }
  const close = async ({ ledger, stopped }: LiveOutcome) => {
    await coverage.settled()
    const why = stopped?.message ?? unfinished
    await directory.writeCoverage(ledger.uncovered(why), ledger.scopes)
    await directory.finish(isComplete(ledger, why), stopped === undefined)
  }
  return { steps, close, untagged, release: () => directory.release() }
}

/** What tells one collection from another. The external id does not, and is nobody's business. */
function questionText({ accountId }: Session, { scope, ...rest }: CollectPlan): string {
  if (scope.kind === 'account') return JSON.stringify({ accountId, scope, ...rest })
  const { externalId: _secret, ...open } = scope
  return JSON.stringify({ accountId, scope: open, ...rest })
}

function isComplete(ledger: CoverageLedger, why: string): boolean {
  // Stopped before it was known who reads, a ledger is empty.
  return ledger.accountIds.length > 0 && ledger.uncovered(why).length === 0 && ledger.unknown.length === 0
}
