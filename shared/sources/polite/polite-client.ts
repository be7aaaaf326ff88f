import type { Session } from '../sts/session.ts'
import { politeCalls } from './polite-call.ts'
import type { CallPlace, Politeness } from './politeness.ts'

/** What every SDK client can do, without the types of its commands. */
interface Sender {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<unknown>
}

/**
 * The client, every call of which keeps to the budget, has its own time limit per attempt and is tried again while that may
 * help. The SDK must not try again by itself (`maxAttempts: 1`): its own retry budget runs dry, and its requests are not counted.
 */
export function polite<C extends { send(...parameters: never[]): unknown }>(
  place: CallPlace,
  connect: () => C,
  politeness: Politeness,
  session?: Pick<Session, 'renew'>,
): Pick<C, 'send'> {
  const call = politeCalls(place, connect, politeness, session)
  const send = (command: object, options: { readonly abortSignal?: AbortSignal } = {}) =>
    call(operationOf(command), options.abortSignal, (client, abortSignal) =>
      (client as unknown as Sender).send(command, { ...options, abortSignal }),
    )
  return { send } as unknown as Pick<C, 'send'>
}

/** The API's name of the call. From the schema of the command where it has one: a bundler may shorten class names. */
function operationOf(command: object): string {
  const schema: unknown = 'schema' in command ? command.schema : undefined
  const name: unknown = Array.isArray(schema) ? schema[2] : undefined
  return typeof name === 'string' ? name : command.constructor.name.replace(/Command$/, '')
}
