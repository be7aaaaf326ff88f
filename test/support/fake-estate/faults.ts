// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import type { ServerResponse } from 'node:http'
import { Refusal } from '../fake-aws/refusal.ts'
import { type Spoken, written, writtenError } from '../fake-aws/wire.ts'

/** The ways in which a call goes wrong. */
export const faultKinds = [
  'throttle',
  '500',
  'reset',
  'hang',
  'trickle',
  'malformed',
  'empty',
  'wrong type',
  'denied',
  'expired',
  'repeated token',
  'truncated',
  'html',
] as const
/** One of `faultKinds`. */
export type FaultKind = (typeof faultKinds)[number]

/** A kind of fault, a refusal under a given name, or an answer in place of the true one. */
export type FaultAnswer =
  | FaultKind
  | { readonly error: string; readonly status?: number }
  | { readonly instead: (truth: any) => unknown }

/** Which calls go wrong, and how. `*` stands for every account, region or operation. */
export interface PlannedFault {
  readonly account: string
  /** `global` for IAM, Route 53 and Organizations. */
  readonly region: string
  /** `service:Operation` as in IAM actions. */
  readonly operation: string
  /** The how-manieth call of the operation in its account and region, from 1. */
  readonly nth: number | 'every'
  /** Only requests whose body says this somewhere. */
  readonly about?: string
  readonly fault: FaultAnswer
}

/** A call as the server counts it. */
export interface CountedCall {
  readonly accountId: string
  readonly region: string
  readonly service: string
  readonly operation: string
  readonly n: number
  readonly body: any
}

/** The fault the plan has for a call; the first that fits. */
export function faultFor(plan: readonly PlannedFault[], call: CountedCall): FaultAnswer | undefined {
  // A listing whose token repeats goes on repeating it.
  if (tokenOf(call.body) === repeatedToken) return 'repeated token'
  return plan.find((planned) => fits(planned, call))?.fault
}

function fits(planned: PlannedFault, call: CountedCall): boolean {
  return (
    (planned.account === '*' || planned.account === call.accountId) &&
    (planned.region === '*' || planned.region === call.region) &&
    (planned.operation === '*' || planned.operation === `${call.service}:${call.operation}`) &&
    (planned.nth === 'every' || planned.nth === call.n) &&
    (planned.about === undefined || JSON.stringify(call.body).includes(planned.about))
  )
}

/** Answers a call as it deserves, or as the fault has it. */
export function respond(
  response: ServerResponse,
  call: Spoken,
  serve: (call: Spoken) => unknown,
  fault: FaultAnswer | undefined,
): void {
  try {
    if (fault === undefined) sendAnswer(response, call, serve(call))
    else if (typeof fault === 'string') enact(response, call, serve, fault)
    else if ('error' in fault) throw new Refusal(fault.error, fault.status)
    else sendAnswer(response, call, fault.instead(serve(call)))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    response.setHeader('x-amzn-errortype', error.code)
    send(response, error.status, writtenError(call, error))
  }
}

function enact(response: ServerResponse, call: Spoken, serve: (call: Spoken) => unknown, kind: FaultKind): void {
  switch (kind) {
    case 'throttle':
      throw throttled(call.service)
    case 'denied':
      throw denied(call.service)
    case 'expired':
      throw expired(call.service)
    case '500':
      throw new Refusal('InternalFailure', 500)
    case 'reset':
      response.socket?.resetAndDestroy()
      break
    case 'hang':
      break
    case 'trickle':
      trickle(response, call)
      break
    case 'malformed':
      send(response, 200, { ...written(call, {}), text: '{"<' })
      break
    case 'empty':
      send(response, 200, { ...written(call, {}), text: '' })
      break
    case 'html':
      send(response, 200, { type: 'text/html', text: '<html><body>Bad gateway</body></html>' })
      break
    case 'wrong type':
      sendAnswer(response, call, wronglyTyped(serve(call), call.service))
      break
    case 'repeated token':
      sendAnswer(response, call, withRepeatedToken(serve(withoutToken(call)), call.service))
      break
    case 'truncated':
      truncate(response, call, serve(call))
      break
    default:
      kind satisfies never
  }
}

const queryServices = new Set(['iam', 'sts', 'autoscaling', 'route53'])

/** A refusal because there were too many calls, as the service words it. */
export function throttled(service: string): Refusal {
  if (service === 'ec2') return new Refusal('RequestLimitExceeded', 503)
  return new Refusal(queryServices.has(service) ? 'Throttling' : 'ThrottlingException', 400)
}

/** A refusal for want of permission. */
export function denied(service: string): Refusal {
  if (service === 'ec2') return new Refusal('UnauthorizedOperation', 403)
  return queryServices.has(service) ? new Refusal('AccessDenied', 403) : new Refusal('AccessDeniedException', 400)
}

/** A refusal because the credentials were good once. */
export function expired(service: string): Refusal {
  if (service === 'ec2') return new Refusal('RequestExpired', 400)
  return queryServices.has(service) ? new Refusal('ExpiredToken', 403) : new Refusal('ExpiredTokenException', 400)
}

/** A refusal because the service does not know the key: a wrong one, or a region that is not enabled. */
export function unrecognized(service: string): Refusal {
  if (service === 'ec2') return new Refusal('AuthFailure', 401)
  return queryServices.has(service)
    ? new Refusal('InvalidClientTokenId', 403)
    : new Refusal('UnrecognizedClientException', 400)
}

function send(response: ServerResponse, status: number, { type, text }: { type: string; text: string }): void {
  response.writeHead(status, { 'content-type': type }).end(text)
}

function sendAnswer(response: ServerResponse, call: Spoken, answer: unknown): void {
  send(response, 200, written(call, answer))
}

/** A byte now and then, for as long as somebody listens. */
function trickle(response: ServerResponse, call: Spoken): void {
  response.writeHead(200, { 'content-type': written(call, {}).type, 'content-length': '1000000' })
  const timer = setInterval(() => response.write(' '), 10)
  response.on('close', () => clearInterval(timer))
}

/** The first half of the answer, as a whole body. */
function truncate(response: ServerResponse, call: Spoken, answer: unknown): void {
  const { type, text } = written(call, answer)
  send(response, 200, { type, text: text.slice(0, Math.floor(text.length / 2)) })
}

/**
 * Every member of the answer as something else than it should be. The SDK reads whatever stands in the element of an XML list
 * as an empty list, so nobody behind it can tell: in XML the members stand under other names instead.
 */
function wronglyTyped(answer: unknown, service: string): unknown {
  const members = Object.entries(answer as object).filter(([, value]) => value !== undefined)
  const spoiled = ([key, value]: [string, unknown]) => (isXml(service) ? [`x${key}`, value] : [key, otherType(value)])
  return Object.fromEntries(members.map(spoiled))
}

function isXml(service: string): boolean {
  return service === 'ec2' || queryServices.has(service)
}

function otherType(value: unknown): unknown {
  return typeof value === 'object' ? 'wrong type' : { wrong: [7] }
}

const repeatedToken = 'repeated'
const tokenNames = ['nextToken', 'NextToken', 'Marker', 'nexttoken', 'marker'] as const

function tokenOf(body: any): unknown {
  return tokenNames.map((name) => body[name]).find((token) => token !== undefined)
}

function withoutToken(call: Spoken): Spoken {
  const kept = Object.entries(call.body).filter(([name]) => !(tokenNames as readonly string[]).includes(name))
  return { ...call, body: Object.fromEntries(kept) }
}

/** The answer with a token that leads to the same answer. Answers that have no pages are not changed by it. */
function withRepeatedToken(answer: unknown, service: string): unknown {
  const truth = answer as object
  if (service === 'iam') return { ...truth, IsTruncated: true, Marker: repeatedToken }
  const upper = ['organizations', 'route53', 'route53profiles', 'autoscaling'].includes(service)
  return { ...truth, [upper ? 'NextToken' : 'nextToken']: repeatedToken }
}
