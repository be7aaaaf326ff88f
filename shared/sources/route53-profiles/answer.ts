import { isJsonObject, type JsonObject, ownString } from '../../model/json.ts'
import type { ServiceClock } from './service-clock.ts'

/** What is known of an answer besides its body, under the names of the SDK. */
export interface AnswerMetadata {
  readonly httpStatusCode: number
  /** The clock was wrong and has been put right: the same call may succeed now. */
  readonly clockSkewCorrected?: boolean
}

/** An error as those of the SDK are: the service's name for it, and the status it came with. */
export class ServiceError extends Error {
  override readonly name: string
  readonly $metadata: AnswerMetadata

  constructor(name: string, metadata: AnswerMetadata) {
    super(`Route 53 Profiles answered with ${name}`)
    this.name = name
    this.$metadata = metadata
  }
}

/** No answer arrived. `name` and `code` are the system's code for it: `ENOTFOUND`, `ECONNRESET`, … */
export class ConnectionError extends Error {
  override readonly name: string
  readonly code: string

  constructor(code: string, cause: unknown) {
    super('no answer from Route 53 Profiles', { cause })
    this.name = code
    this.code = code
  }
}

/**
 * The object an answer holds. One without a body is an object without properties, as the SDK has it.
 * @throws ServiceError when the service refused; SyntaxError when the answer is no JSON
 */
export async function objectOf(response: Response, clock: ServiceClock): Promise<JsonObject> {
  const { headers, status: httpStatusCode, ok } = response
  const text = await response.text()
  if (ok) return parsed(text, httpStatusCode)
  const name = errorCode(headers.get('x-amzn-errortype')) ?? errorCodeIn(parsed(text, httpStatusCode))
  const clockSkewCorrected = clock.corrects(name, headers.get('date'))
  throw new ServiceError(name, { httpStatusCode, ...(clockSkewCorrected ? { clockSkewCorrected } : {}) })
}

/** `fetch` hides what happened to the connection behind a TypeError; an abort keeps the reason of its signal. */
export function connectionError(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error
  const code = (error.cause as { readonly code?: unknown } | undefined)?.code
  // The name undici gives to a connection that the other side closes halfway.
  if (code === 'UND_ERR_SOCKET') return new ConnectionError('ECONNRESET', error)
  return new ConnectionError(errorCode(code) ?? 'ConnectionError', error)
}

function parsed(text: string, httpStatusCode: number): JsonObject {
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : {}
  } catch {
    throw Object.assign(new SyntaxError('the answer is no JSON'), { $metadata: { httpStatusCode } })
  }
}

function errorCodeIn(body: JsonObject): string {
  return errorCode(ownString(body, '__type')) ?? errorCode(ownString(body, 'code')) ?? 'Unknown'
}

/** The code alone, of `namespace#Code:address`; undefined for text that is no code. */
function errorCode(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const code = value.split(':', 1)[0]?.split('#').at(-1)?.trim() ?? ''
  return /^[A-Za-z][\w.]{0,99}$/.test(code) ? code : undefined
}
