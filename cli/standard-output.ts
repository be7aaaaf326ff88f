import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { terminalText } from '../shared/sinks/report/terminal-text.ts'
import { exitCodes } from './exit-codes.ts'

/**
 * Prints the answer of a command on standard output. The exit code stands before the first piece does: a reader that closes
 * the pipe early ends the process with it.
 */
export async function print(pieces: string | Iterable<string>, exitCode: number): Promise<void> {
  process.exitCode = exitCode
  await pipeline(Readable.from(typeof pieces === 'string' ? [pieces] : pieces), process.stdout, { end: false })
}

/** How a process ends whose standard output failed. */
export interface OutputEnd {
  readonly exitCode: number
  /** For standard error. */
  readonly message?: string
}

/**
 * How to end when standard output takes no more. A reader that closes the pipe early (`| head`) is no failure: the exit code is
 * that of the answer, `reached`. Where it was not known yet, nobody was told, and that must not look like a pass.
 */
export function endOfOutput(error: NodeJS.ErrnoException, reached: number | undefined): OutputEnd {
  if (error.code === 'EPIPE') return { exitCode: reached ?? exitCodes.unwritable }
  const why = error.code ?? error.message
  return {
    exitCode: exitCodes.unwritable,
    message: `pullpath: standard output: cannot be written (${terminalText(why)})\n`,
  }
}

/** Ends the process when standard output fails; standard error that fails ends nothing. */
export function watchOutput(): void {
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const reached = typeof process.exitCode === 'number' ? process.exitCode : undefined
    const { exitCode, message } = endOfOutput(error, reached)
    if (message !== undefined) process.stderr.write(message)
    process.exit(exitCode)
  })
}
