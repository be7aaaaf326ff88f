import { Presets, SingleBar } from 'cli-progress'
import type { CoverageLedger } from './coverage-ledger.ts'

/** Shows how far a reading is. */
export interface ProgressDisplay {
  /** Call it after anything happened; it shows as often as is good for the place. */
  readonly update: () => void
  /** Takes the display off the terminal. */
  readonly end: () => void
}

/** Milliseconds between two lines, and between two states of the bar. */
const lineEvery = 5_000
const barEvery = 100

/** A bar on a terminal, a line every five seconds elsewhere, nothing without a stream. `elapsed` is in milliseconds. */
export function collectProgress(
  stream: NodeJS.WriteStream | undefined,
  ledger: CoverageLedger,
  elapsed: () => number = () => performance.now(),
): ProgressDisplay {
  if (stream === undefined) return { update: () => {}, end: () => {} }
  return stream.isTTY ? bar(stream, ledger, elapsed) : lines(stream, ledger, elapsed)
}

function bar(stream: NodeJS.WriteStream, ledger: CoverageLedger, elapsed: () => number): ProgressDisplay {
  const format = '{bar} {value}/{total} regions, accounts {accounts}, {calls} calls, {eta_formatted} left'
  const shown = new SingleBar(
    { stream, format, clearOnComplete: true, hideCursor: true, barsize: 24 },
    Presets.shades_classic,
  )
  let shownAt = Number.NEGATIVE_INFINITY
  shown.start(1, 0, { accounts: '0/0', calls: 0 })
  return {
    update() {
      const now = elapsed()
      if (now - shownAt < barEvery) return
      shownAt = now
      const { accounts, scopes, calls } = ledger.progress
      shown.setTotal(Math.max(1, scopes.total))
      shown.update(scopes.done, { accounts: `${accounts.done}/${accounts.total}`, calls })
    },
    end: () => shown.stop(),
  }
}

function lines(stream: NodeJS.WriteStream, ledger: CoverageLedger, elapsed: () => number): ProgressDisplay {
  const startedAt = elapsed()
  let shownAt = startedAt
  return {
    update() {
      const now = elapsed()
      if (now - shownAt < lineEvery) return
      shownAt = now
      stream.write(`${progressText(ledger, now - startedAt)}\n`)
    },
    end: () => {},
  }
}

/** One line: accounts, regions, calls, and an estimate of the time left after `elapsed` milliseconds. */
export function progressText(ledger: CoverageLedger, elapsed: number): string {
  const { accounts, scopes, calls } = ledger.progress
  const left =
    scopes.done === 0 ? undefined : Math.round(((elapsed / scopes.done) * (scopes.total - scopes.done)) / 1000)
  const time = left === undefined ? '' : `, about ${left} s left`
  return `accounts ${accounts.done}/${accounts.total}, regions ${scopes.done}/${scopes.total}, ${calls} calls${time}`
}
