import type { Session } from '../../shared/sources/sts/session.ts'
import { exitCodes } from '../exit-codes.ts'
import { type CollectDependencies, collectEstate, type ScopeReading } from './collect-estate.ts'
import type { CollectPlan } from './collect-plan.ts'
import { collectProgress } from './collect-progress.ts'
import { CoverageLedger } from './coverage-ledger.ts'
import { type LiveEstate, type LiveOptions, openEstate } from './live-estate.ts'
import { Stopped, watchForStop } from './stop-signal.ts'

/** Milliseconds after a signal until nothing is waited for any longer. */
const grace = 4_000

/** How to read live. */
export interface LiveRun extends Omit<LiveOptions, 'signal'> {
  readonly plan: CollectPlan
  /** Minutes. */
  readonly timeout?: number
  readonly quiet: boolean
  readonly now: () => Date
  readonly open?: (options: LiveOptions) => Promise<LiveEstate>
}

/** What the caller does with what is read. */
export interface LiveSteps extends Pick<CollectDependencies, 'done' | 'before'> {
  readonly take: (scope: ScopeReading) => Promise<void>
  /** Called when it is known which accounts are to be read, which regions one has, and whenever one is done. */
  readonly onAccount?: (ledger: CoverageLedger) => void
}

/** What was read, and why it ended early, if it did. */
export interface LiveOutcome {
  readonly ledger: CoverageLedger
  readonly stopped?: Stopped
}

/**
 * Reads a plan with progress on standard error, until it is done, its time is up or a signal ends it; then with what there
 * is. `prepare` is called as soon as it is known who reads. @throws InputError for credentials, and what `prepare` and `take`
 * throw
 */
export async function runLive(run: LiveRun, prepare: (own: Session) => Promise<LiveSteps>): Promise<LiveOutcome> {
  const { plan, timeout, now, open = openEstate } = run
  const watch = watchForStop({
    ...(timeout === undefined ? {} : { timeLimit: timeout * 60_000, timeLimitText: minutesText(timeout) }),
    grace,
    exitCodes: { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated },
  })
  const ledger = new CoverageLedger()
  const progress = collectProgress(run.quiet ? undefined : process.stderr, ledger)
  try {
    const estate = await open({ ...run, signal: watch.signal })
    const { take, onAccount, ...memory } = await prepare(estate.own)
    const noted = { onProgress: progress.update, onAccount: () => onAccount?.(ledger) }
    const reading = collectEstate(plan, { ...estate, ...memory, ...noted, ledger, now, signal: watch.signal }, take)
    // What is still under way when nobody waits any longer ends with the process.
    reading.catch(() => {})
    await Promise.race([reading, watch.overdue])
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
  } finally {
    progress.end()
    watch.end()
  }
  const { reason } = watch.signal
  return reason instanceof Stopped ? { ledger, stopped: reason } : { ledger }
}

function minutesText(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}
