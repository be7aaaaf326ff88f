// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { Refusal } from './refusal.ts'

/** A client that hands its commands straight to a service of the test, as JSON, and throws what the SDK would. */
export function clientOf<C>(serve: (operation: string, body: any) => unknown): C {
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: unknown }) => {
    const operation = command.constructor.name.replace(/Command$/, '')
    try {
      return JSON.parse(JSON.stringify(serve(operation, JSON.parse(JSON.stringify(command.input)))))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      throw Object.assign(new Error(error.message), {
        name: error.code,
        $metadata: { httpStatusCode: error.status },
      })
    }
  }
  return { send } as C
}
