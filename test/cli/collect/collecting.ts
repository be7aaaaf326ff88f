import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FakeEstate } from '../../support/fake-estate/fake-estate.ts'
import { keysOf } from '../../support/fake-estate/identity.ts'

/** How a process ended and what it said. */
export interface Ended {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** A running command line. */
export interface Running {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
}

/** The environment of somebody in an account of the estate. */
export function environmentOf(estate: Pick<FakeEstate, 'endpoint'>, accountId: string): NodeJS.ProcessEnv {
  const keys = keysOf(accountId)
  return {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    NO_COLOR: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: estate.endpoint,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_REGION: 'eu-central-1',
  }
}

/** Starts the command line as a process of its own, from source. */
export function startCli(
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  command: readonly [string, ...string[]] = [process.execPath],
  options: { readonly uid?: number } = {},
): Running {
  const [program, ...before] = command
  const child = spawn(program, [...before, 'cli/main.ts', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  })
  const texts = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    texts.stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    texts.stderr += chunk.toString()
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code: code ?? undefined, ...texts }))
  })
  return { process: child, ended }
}

/** Every file of a collection with its text, without what differs between two runs: ids and times. */
export async function filesOf(directory: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort()
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')))
  return new Map(names.map((name, index) => [name, withoutRun(texts[index] ?? '')]))
}

function withoutRun(text: string): string {
  return text
    .replace(/"configSnapshotId":"[^"]*"/g, '"configSnapshotId":"run"')
    .replace(/"(collectedAt|configurationItemCaptureTime)":"[^"]*"/g, '"$1":"then"')
}
