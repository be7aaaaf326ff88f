import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { AwsClient } from 'aws4fetch'
import { projectRoot } from '../../infra/bundle.ts'

export const accountId = '111122223333'
export const region = 'eu-central-1'

/** A running MiniStack that listens on this machine only. */
export interface MiniStack {
  readonly endpoint: string
  /** Starts of execution environments of a function so far: warm invocations start none. */
  coldStarts(functionName: string): number
  /** Sends a signed request. */
  send(service: string, path: string, request?: RequestInit): Promise<Response>
  /** A call of a JSON service, such as `AmazonSQS.CreateQueue`; fails when it was refused. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of services are read where they are known
  call(service: string, target: string, body: object): Promise<any>
  stop(): Promise<void>
}

/**
 * Starts `ministack` from the environment variable MINISTACK on a free port of 127.0.0.1. It gets an environment of its own: no
 * credentials of whoever runs the tests, the Node that runs them, and an SDK as Lambda's runtime has one.
 */
export async function startMiniStack(): Promise<MiniStack> {
  const executable = process.env.MINISTACK
  if (!executable) throw new Error('MINISTACK must name the ministack executable; scripts/ministack-tier.sh sets it')
  const folder = mkdtempSync(join(tmpdir(), 'pullpath-ministack-'))
  const port = await freePort()
  const child = spawn(executable, [], {
    stdio: 'ignore',
    cwd: folder,
    env: {
      ...{ PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: folder, TMPDIR: folder },
      ...{ BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port), NODE_PATH: runtimeModules(folder) },
      // Both would listen on all interfaces, whatever BIND_HOST says.
      ...{ IOT_MTLS_ENABLED: '0', SFTP_ENABLED: '0' },
      ...{ AWS_EC2_METADATA_DISABLED: 'true', LAMBDA_ASYNC_RETRY_BASE_SECONDS: '0.1' },
    },
  })
  const endpoint = `http://127.0.0.1:${port}`
  const stop = async () => {
    await ended(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilReady(endpoint, child)
  } catch (error) {
    await stop()
    throw error
  }
  // Keys of twelve digits are the account.
  const client = new AwsClient({ accessKeyId: accountId, secretAccessKey: 'test', region, retries: 0 })
  const send = (service: string, path: string, request: RequestInit = {}) =>
    client.fetch(`${endpoint}${path}`, { ...request, aws: { service } })
  return {
    endpoint,
    coldStarts: (name) => readdirSync(folder).filter((file) => file.startsWith(`ministack-lambda-${name}-`)).length,
    send,
    call: async (service, target, body) => {
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
      const answer = await send(service, '/', { method: 'POST', headers, body: JSON.stringify(body) })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${target}: ${text}`)
      return text === '' ? {} : JSON.parse(text)
    },
    stop,
  }
}

/** The SDK and nothing else: a bundle that leaves out more than the runtime brings does not load. */
function runtimeModules(folder: string): string {
  const modules = join(folder, 'runtime-modules')
  mkdirSync(modules)
  for (const scope of ['@aws-sdk', '@smithy'])
    symlinkSync(join(projectRoot, 'node_modules', scope), join(modules, scope))
  return modules
}

async function untilReady(endpoint: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    if (child.exitCode !== null) throw new Error(`ministack ended with ${child.exitCode}`)
    const health = await fetch(`${endpoint}/_ministack/health`).then(
      (answer) => answer.text(),
      () => undefined,
    )
    if (health !== undefined) {
      if (/"iot_mtls":\s*"disabled"/.test(health)) return
      throw new Error('ministack listens for MQTT beyond this machine: IOT_MTLS_ENABLED=0 has no effect')
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('ministack did not answer within 30 seconds')
}

/** Ends the process in good order: it ends the functions it runs. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(late)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
