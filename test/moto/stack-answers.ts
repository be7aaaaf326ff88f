import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a function has answered to CloudFormation. */
export interface StackAnswer {
  /** `PUT /path`. */
  readonly request: string
  /** CloudFormation signs its addresses for none. */
  readonly contentType: string | undefined
  readonly body: Readonly<Record<string, string>>
}

/** A server in the place of the bucket in which CloudFormation waits for answers. */
export interface StackAnswers {
  readonly endpoint: string
  readonly answers: readonly StackAnswer[]
  close(): void
}

/** One that takes every answer. */
export async function startStackAnswers(): Promise<StackAnswers> {
  const answers: StackAnswer[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url, headers } = request
      const body = JSON.parse(Buffer.concat(chunks).toString())
      answers.push({ request: `${method} ${url}`, contentType: headers['content-type'], body })
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { endpoint, answers, close }
}
