import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Passes requests on to a server and counts them by operation. */
export interface CountingProxy {
  readonly endpoint: string
  /** Requests since the last `take`, by `service:Operation`. */
  take(): ReadonlyMap<string, number>
  close(): void
}

/** Starts a proxy in front of `target`, an address like `http://127.0.0.1:5000`. */
export async function countingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target)
  let counts = new Map<string, number>()
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const name = operationOf(incoming.headers, incoming.method ?? '', incoming.url ?? '', body.toString('latin1'))
      counts.set(name, (counts.get(name) ?? 0) + 1)
      const onward = forward(
        { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(outgoing)
        },
      )
      onward.on('error', () => outgoing.destroy())
      onward.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = counts
      counts = new Map()
      return taken
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The operation by JSON target, query action, or method and first part of the path. */
function operationOf(headers: NodeJS.Dict<string | string[]>, method: string, path: string, body: string): string {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(String(headers.authorization ?? ''))?.[1] ?? 'unsigned'
  const target = String(headers['x-amz-target'] ?? '').split('.')[1]
  const action = target ?? new URLSearchParams(body).get('Action')
  return `${service}:${action ?? `${method} /${path.split(/[/?]/)[1] ?? ''}`}`
}
