import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with one request. */
export type FaultAnswer =
  | {
      readonly kind: 'answer'
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** Ends the connection without an answer. */
  | { readonly kind: 'reset' }
  /** Sends the head and part of the body it announced, then ends the connection with a reset or in good order. */
  | { readonly kind: 'cut'; readonly body: string; readonly end: 'reset' | 'close' }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Sends one blank after the other for ever. */
  | { readonly kind: 'trickle' }

/** A request as it arrived. */
export interface FaultRequest {
  /** Counted from 1. */
  readonly n: number
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface FaultServer {
  readonly endpoint: string
  readonly requests: readonly FaultRequest[]
  close(): Promise<void>
}

/** Answers in the order of the list, its last answer for ever; or what a function says. */
export type FaultScript = readonly FaultAnswer[] | ((request: FaultRequest) => FaultAnswer)

/** A server that knows nothing of AWS and plays a script: what goes wrong below the protocol. */
export async function startFaultServer(script: FaultScript): Promise<FaultServer> {
  const requests: FaultRequest[] = []
  const answerTo =
    typeof script === 'function' ? script : (request: FaultRequest) => script[request.n - 1] ?? script.at(-1)!
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => {})
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const seen = {
        n: requests.length + 1,
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      requests.push(seen)
      play(response, answerTo(seen))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function play(response: ServerResponse, answer: FaultAnswer): void {
  switch (answer.kind) {
    case 'answer':
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/x-amz-json-1.1', ...answer.headers })
      response.end(answer.body ?? '')
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'cut':
      cutOff(response, answer)
      return
    case 'hang':
      return
    case 'trickle':
      trickle(response)
      return
    default: {
      const never: never = answer
      throw new Error(`unknown answer ${String(never)}`)
    }
  }
}

function cutOff(response: ServerResponse, { body, end }: Extract<FaultAnswer, { kind: 'cut' }>): void {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': body.length + 100 })
  response.write(body, () => {
    if (end === 'reset') response.socket?.resetAndDestroy()
    else response.socket?.end()
  })
}

function trickle(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
  const timer = setInterval(() => response.write(' '), 5)
  response.on('close', () => clearInterval(timer))
}
