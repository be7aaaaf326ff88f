import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Reply } from '../../support/fake-aws/in-memory.ts'
import { type Spoken, spoken } from '../../support/fake-aws/wire.ts'
import { inWordsOfIam } from '../runtime/sandbox.ts'
import type { Fate } from './fate.ts'

/** AWS as processes see it: one server that hands every request on. */
export interface Wire {
  readonly endpoint: string
  /** `service:operation` of every request that came in, in order. */
  readonly calls: string[]
  serve: (call: Spoken) => Reply
  fateOf: () => Fate
  readonly close: () => Promise<void>
}

/** A server that does nothing yet. */
export async function startWire(): Promise<Wire> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const call = inWordsOfIam(spoken(request, Buffer.concat(chunks).toString()))
      wire.calls.push(`${call.service}:${call.operation}`)
      const fate = wire.fateOf()
      if (fate === 'unheard') return
      const { status, headers, text } = wire.serve(call)
      if (fate === 'answered') response.writeHead(status, headers).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const wire: Wire = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    serve: () => ({ status: 500, text: '' }),
    fateOf: () => 'answered',
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return wire
}
