import { bundleLambda } from '../../infra/bundle.ts'
import { functionDefaults } from '../../infra/config.ts'
import { inlineCode } from '../../infra/inline-code.ts'
import type { MiniStack } from './mini-stack.ts'
import { zipOf } from './zip.ts'

/** What an invocation came to. */
export interface Invoked {
  /** `Unhandled` when the handler threw. */
  readonly functionError: string | null
  // biome-ignore lint/suspicious/noExplicitAny: what a handler returns is read where it is known
  readonly payload: any
  /** The last lines of the log. */
  readonly log: string
}

const path = (name: string) => `/2015-03-31/functions/${name}`

/** Creates a function with the code a template carries for this entry, and the defaults of the template. */
export async function createFunction(
  stack: MiniStack,
  functionName: string,
  entry: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const code = inlineCode(functionName, await bundleLambda(entry))
  await asked(stack, 'POST', '/2015-03-31/functions', {
    FunctionName: functionName,
    Runtime: functionDefaults.runtime,
    Architectures: [functionDefaults.architecture],
    MemorySize: functionDefaults.memoryMegabytes,
    Timeout: functionDefaults.timeoutSeconds,
    Handler: 'index.handler',
    Role: `arn:aws:iam::111122223333:role/${functionName}`,
    Code: { ZipFile: zipOf('index.js', code).toString('base64') },
    Environment: { Variables: variables },
  })
}

/** Changes the environment: what runs is thrown away, the next invocation is a cold one. */
export async function reconfigure(stack: MiniStack, name: string, variables: Readonly<Record<string, string>>) {
  await asked(stack, 'PUT', `${path(name)}/configuration`, { Environment: { Variables: variables } })
}

/** Invokes and waits for the answer. */
export async function invokeFunction(stack: MiniStack, name: string, event: unknown): Promise<Invoked> {
  const answer = await stack.send('lambda', `${path(name)}/invocations`, {
    method: 'POST',
    headers: { 'x-amz-log-type': 'Tail' },
    body: JSON.stringify(event),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${name}: ${text}`)
  return {
    functionError: answer.headers.get('x-amz-function-error'),
    payload: text === '' ? null : JSON.parse(text),
    log: Buffer.from(answer.headers.get('x-amz-log-result') ?? '', 'base64').toString(),
  }
}

/** A call of the Lambda service itself. */
export async function asked(stack: MiniStack, method: string, address: string, body: object): Promise<string> {
  const answer = await stack.send('lambda', address, { method, body: JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${address}: ${text}`)
  return text
}
