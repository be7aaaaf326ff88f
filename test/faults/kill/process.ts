import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleLambda, projectRoot } from '../../../infra/bundle.ts'
import { region } from '../runtime/sandbox.ts'

/** An event as Lambda hands it to a process. */
export interface Invocation {
  readonly event: unknown
  readonly invokedFunctionArn: string
  /** What the clock of the process shows then, milliseconds since 1970. It runs on. */
  readonly now: number
  /** Milliseconds the invocation has. */
  readonly limit: number
}

/** What came of an event. */
export type Outcome =
  | { readonly how: 'done'; readonly answer?: unknown }
  | { readonly how: 'failed'; readonly error: string }
  | { readonly how: 'killed' }

/** A process that runs the built function, initialized and not yet used. */
export interface FunctionProcess {
  readonly run: (invocation: Invocation) => Promise<Outcome>
  /** SIGKILL. */
  readonly kill: () => void
}

/** Processes of one function. */
export interface FunctionProcesses {
  /** One that has served no event yet. */
  readonly fresh: () => Promise<FunctionProcess>
  readonly close: () => void
}

/** Only the clock and the events are ours: everything else is as Lambda runs the file. */
const script = `
  const { flushCompileCache } = require('node:module')
  const RealDate = Date
  let ahead = 0
  globalThis.Date = class extends RealDate {
    constructor(...parts) {
      super(...(parts.length === 0 ? [RealDate.now() + ahead] : parts))
    }
    static now() {
      return RealDate.now() + ahead
    }
  }
  const { handler } = require('./index.js')
  process.on('message', ({ event, invokedFunctionArn, now, limit }) => {
    ahead = now - RealDate.now()
    const context = { invokedFunctionArn, getRemainingTimeInMillis: () => now + limit - Date.now() }
    handler(event, context)
      .then((answer) => ({ how: 'done', answer }), (error) => ({ how: 'failed', error: String(error) }))
      .then((outcome) => {
        // Those who come next need not compile all that was loaded by now.
        flushCompileCache()
        process.send(outcome)
      })
  })
  process.on('disconnect', () => process.exit())
  process.send('initialized')`

/** Builds an entry (path relative to the repository root) and starts processes of it; one is always ready before it is needed. */
export async function processesOf(
  entry: string,
  variables: Readonly<Record<string, string>>,
): Promise<FunctionProcesses> {
  const folder = mkdtempSync(join(tmpdir(), 'pullpath-killed-'))
  writeFileSync(join(folder, 'index.js'), await bundleLambda(entry))
  const env = {
    ...{ PATH: process.env.PATH, NODE_PATH: join(projectRoot, 'node_modules'), AWS_REGION: region },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', ...variables },
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  }
  const running = new Set<ChildProcess>()
  const started = async () => {
    // Its log says what happened to it, and nobody asks.
    const child = spawn(process.execPath, ['-e', script], {
      ...{ cwd: folder, env },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    running.add(child)
    child.once('exit', () => running.delete(child))
    await told(child)
    return child
  }
  const start = () => {
    const child = started()
    // Whoever takes it hears of it.
    child.catch(() => undefined)
    return child
  }
  let spare = start()
  return {
    fresh: async () => {
      const taken = spare
      spare = start()
      const child = await taken
      return { run: (invocation) => ran(child, invocation), kill: () => void child.kill('SIGKILL') }
    },
    close: () => {
      for (const child of running) child.kill('SIGKILL')
      rmSync(folder, { recursive: true })
    },
  }
}

async function ran(child: ChildProcess, invocation: Invocation): Promise<Outcome> {
  const outcome = told(child)
  child.send(invocation)
  return (await outcome) as Outcome
}

/** The next message of a process, or that it was killed. Rejects when it ends in any other way. */
function told(child: ChildProcess): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const over = (code: number | null, signal: string | null) => {
    if (signal === 'SIGKILL') resolve({ how: 'killed' } satisfies Outcome)
    else reject(new Error(`the process ended with ${signal ?? code}`))
  }
  child.once('error', reject).once('exit', over).once('message', resolve)
  return promise.finally(() => child.off('error', reject).off('exit', over).off('message', resolve))
}
