import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../infra/bundle.ts'

/** How a call goes wrong: instead of the function, or of moto. */
export interface FrontFault {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * A server in front of moto. Invocations of a function run its bundle in a process of its own, as Lambda would; everything else goes
 * to moto. moto's interpreter of state machines calls AWS where `MOTO_PORT` says: here.
 */
export interface LambdaFront {
  readonly port: number
  readonly endpoint: string
  /** Events the function was invoked with, refused ones included. */
  // biome-ignore lint/suspicious/noExplicitAny: events are whatever a state machine sends
  readonly events: any[]
  /** Decides about each invocation before the function runs. */
  // biome-ignore lint/suspicious/noExplicitAny: events are whatever a state machine sends
  onInvoke: (event: any, n: number) => FrontFault | undefined
  /** Decides about each other call before moto is asked. */
  onCall: (method: string, path: string) => FrontFault | undefined
  /** Where moto is. */
  forwardTo(endpoint: string): void
  /** Starts the function. */
  load(bundle: string, functionArn: string, variables: Readonly<Record<string, string>>): void
  close(): Promise<void>
}

/** The process of a function: it exports `handler`, and answers one message for each event. */
const runner = `
const { handler } = require('./index.js')
// What is sent to CloudFormation, with its path, when the variable says where that is.
const { fetch } = globalThis
const answersAt = process.env.CLOUDFORMATION_ANSWERS
if (answersAt) globalThis.fetch = (url, init) => fetch(answersAt + new URL(url).pathname, init)
process.on('message', async ({ id, event, functionArn }) => {
  const context = { invokedFunctionArn: functionArn, getRemainingTimeInMillis: () => 60000 }
  try {
    process.send({ id, answer: (await handler(event, context)) ?? null })
  } catch (error) {
    process.send({ id, error: { errorType: error.name, errorMessage: error.message } })
  }
})`

/** A front that forwards nowhere yet. */
export async function startLambdaFront(): Promise<LambdaFront> {
  const folder = mkdtempSync(join(tmpdir(), 'pullpath-front-'))
  let child: ChildProcess | undefined
  let arn = ''
  let motoEndpoint = ''
  const waiting = new Map<number, (message: Message) => void>()
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      response.writeHead(599, { 'content-type': 'text/plain' }).end(String(error))
    })
  })
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request)
    const [method, path] = [request.method ?? '', request.url ?? '']
    if (path.endsWith('/invocations')) return invoke(JSON.parse(body.toString() || '{}'), response)
    const fault = front.onCall(method, path)
    if (fault) return void answered(response, fault)
    const { host: _, connection: __, 'transfer-encoding': ___, expect: ____, ...headers } = request.headers
    const answer = await fetch(`${motoEndpoint}${path}`, {
      ...{ method, headers: headers as Record<string, string> },
      ...(method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(body) }),
    })
    const kept = [...answer.headers].filter(
      ([name]) => !['content-encoding', 'transfer-encoding', 'connection'].includes(name),
    )
    response.writeHead(answer.status, Object.fromEntries(kept)).end(Buffer.from(await answer.arrayBuffer()))
  }
  const invoke = async (event: unknown, response: ServerResponse) => {
    const id = front.events.push(event)
    const fault = front.onInvoke(event, id)
    if (fault) return void answered(response, fault)
    const message = await new Promise<Message>((resolve) => {
      waiting.set(id, resolve)
      child?.send({ id, event, functionArn: arn })
    })
    const failed = 'error' in message
    const headers = { 'content-type': 'application/json', ...(failed ? { 'x-amz-function-error': 'Unhandled' } : {}) }
    answered(response, { status: 200, headers, body: JSON.stringify(failed ? message.error : message.answer) })
  }
  await new Promise<void>((resolve) => server.listen(0, () => resolve()))
  const { port } = server.address() as AddressInfo
  const front: LambdaFront = {
    ...{ port, endpoint: `http://127.0.0.1:${port}`, events: [], onInvoke: () => undefined, onCall: () => undefined },
    forwardTo: (endpoint) => {
      motoEndpoint = endpoint
    },
    load: (bundle, functionArn, variables) => {
      arn = functionArn
      writeFileSync(join(folder, 'index.js'), bundle)
      writeFileSync(join(folder, 'runner.js'), runner)
      const env = { PATH: process.env.PATH, NODE_PATH: join(projectRoot, 'node_modules'), ...variables }
      child?.kill()
      child = fork(join(folder, 'runner.js'), { cwd: folder, env, silent: true })
      child.on('message', (message: Message) => waiting.get(message.id)?.(message))
    },
    close: async () => {
      child?.kill()
      rmSync(folder, { recursive: true, force: true })
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return front
}

type Message =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: { readonly errorType: string; readonly errorMessage: string } }

function answered(response: ServerResponse, { status, headers = {}, body }: FrontFault): void {
  response.writeHead(status, headers).end(body)
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
