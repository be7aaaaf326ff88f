import * as z from 'zod/mini'
import { InputError } from '../../shared/model/errors.ts'

/** What CloudFormation asks when the hub's stack is made, changed or deleted. `unknown`: something it has not asked so far. */
export type StackRequest = 'Create' | 'Update' | 'Delete' | 'unknown'

/** A custom resource's event. */
export interface StackEvent {
  readonly request: StackRequest
  /** Whoever knows it can answer in our place: it stands in no log and in no error. */
  readonly answerUrl: URL
  /** What the answer repeats. */
  readonly ids: { readonly StackId: string; readonly RequestId: string; readonly LogicalResourceId: string }
}

const text = (characters: number) => z.string().check(z.minLength(1), z.maxLength(characters))
const schema = z.object({
  ResponseURL: text(8_192),
  StackId: text(1_024),
  RequestId: text(256),
  LogicalResourceId: text(256),
  RequestType: text(64),
})

/** The domains of AWS's partitions, in which the buckets are that take answers. */
const ofAws = /\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|s?c2s\.(?:ic|sgov)\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/

/**
 * The event of CloudFormation; undefined for any other one.
 * @throws InputError naming the field that makes an answer impossible, without its value
 */
export function stackEventIn(event: unknown): StackEvent | undefined {
  if (typeof event !== 'object' || event === null) return undefined
  if (!Object.hasOwn(event, 'RequestType') && !Object.hasOwn(event, 'ResponseURL')) return undefined
  const result = z.safeParse(schema, event)
  if (!result.success) throw new InputError(`event.${result.error.issues[0]?.path.join('.')}: expected a text`)
  const { ResponseURL, RequestType, ...ids } = result.data
  return { request: requestOf(RequestType), answerUrl: answerUrlOf(ResponseURL), ids: { ...ids } }
}

function requestOf(type: string): StackRequest {
  return type === 'Create' || type === 'Update' || type === 'Delete' ? type : 'unknown'
}

/** Whoever may invoke the function must not be able to make it send anything anywhere. */
function answerUrlOf(value: string): URL {
  const url = URL.parse(value)
  const { protocol, hostname, port, username, password } = url ?? {}
  if (
    url === null ||
    protocol !== 'https:' ||
    port !== '' ||
    `${username}${password}` !== '' ||
    !ofAws.test(`${hostname}`)
  ) {
    throw new InputError('event.ResponseURL: expected an https address of AWS')
  }
  return url
}
