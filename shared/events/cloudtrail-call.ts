import * as z from 'zod/mini'
import { isAccountId, parseArn } from '../model/arn.ts'
import { InputError } from '../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue, own, ownString } from '../model/json.ts'
import {
  type CallService,
  type ChangingCall,
  callServices,
  changingCalls,
  globalServices,
  type Spot,
} from './cloudtrail-table.ts'
import { bounded, checked, type EventOrigin, type ReceivedEvent } from './event-bridge.ts'
import { hintOf } from './hint-forms.ts'
import type { Hint, ResourceEvent } from './resource-change.ts'

/** The detail type of events that tell of calls. */
export const callDetailType = 'AWS API Call via CloudTrail'
/** Names of one kind that a record may hold; a call on more is left to AWS Config. */
const MOST_NAMES = 50

const record = z.object({
  eventSource: bounded(128),
  eventName: bounded(128),
  awsRegion: bounded(64),
  recipientAccountId: z.optional(z.string().check(z.refine(isAccountId, 'expected twelve digits'))),
  errorCode: z.nullish(z.string()),
})

const callsByName: ReadonlyMap<string, ChangingCall> = new Map(
  changingCalls.map((call) => [`${call.service}:${call.name}`, call]),
)

/**
 * What a call that CloudTrail recorded asks us to look at. Calls that failed, and calls nobody acts upon, ask for nothing.
 * @throws InputError that names the field
 */
export function changeOfCall({ origin, detail }: ReceivedEvent): ResourceEvent {
  const { eventSource, eventName, errorCode, awsRegion, recipientAccountId } = checked(record, detail, 'event.detail')
  const service = serviceOf(eventSource, origin)
  if (awsRegion !== origin.region) throw new InputError('event.detail.awsRegion: expected the region of the event')
  if (recipientAccountId !== undefined && recipientAccountId !== origin.accountId) {
    throw new InputError('event.detail.recipientAccountId: expected the account of the event')
  }
  if (errorCode !== undefined && errorCode !== null) return { kind: 'ignored', origin, reason: 'the call failed' }
  const call = callsByName.get(`${service}:${eventName}`)
  if (call === undefined) return { kind: 'ignored', origin, reason: 'the call changes nothing that is judged at once' }
  const facts = detail as JsonObject
  const reason = reasonToIgnore(call, facts, origin)
  if (reason !== undefined) return { kind: 'ignored', origin, reason }
  return {
    kind: 'change',
    change: {
      origin,
      call: `${service}:${eventName}`,
      changes: call.changes,
      isGlobal: globalServices.has(call.service),
      hints: hintsOf(call.spots, facts, origin),
    },
  }
}

/** The service whose call it is: the record and the event must agree on it. */
function serviceOf(eventSource: string, { source }: EventOrigin): CallService {
  const service = callServices.find((one) => eventSource === `${one}.amazonaws.com`)
  if (service === undefined) throw new InputError('event.detail.eventSource: expected a service that is listened to')
  if (source !== `aws.${service}`) throw new InputError('event.source: expected the service of the call')
  return service
}

/** Why a call of the table asks for nothing after all. */
function reasonToIgnore(call: ChangingCall, detail: JsonObject, origin: EventOrigin): string | undefined {
  if (namesForeignRegistry(detail, origin)) return 'the call is about the registry of another account'
  if (call.when?.every((path) => valueAt(detail, path) !== true)) return 'the call put nothing in force'
  return namesForeignPolicy(call, detail, origin) ? 'the call is about a policy of another account' : undefined
}

/** Policies of AWS count as another account's. Calls that attach a policy change the role that they name, whosever policy it is. */
function namesForeignPolicy({ changes }: ChangingCall, detail: JsonObject, { accountId }: EventOrigin): boolean {
  if (changes !== 'AWS::IAM::Policy') return false
  const [stated] = textsAt(detail, 'requestParameters.policyArn')
  const owner = stated === undefined ? undefined : parseArn(stated)?.accountId
  return owner !== undefined && owner !== accountId
}

function namesForeignRegistry(detail: JsonObject, { accountId }: EventOrigin): boolean {
  const [stated] = textsAt(detail, 'requestParameters.registryId')
  return stated !== undefined && stated !== accountId
}

/** One place is enough: of the ways to a VPC the shortest, the VPC itself, makes the others superfluous. */
function hintsOf(spots: readonly Spot[], detail: JsonObject, origin: EventOrigin): readonly Hint[] {
  const hints = spots.flatMap((spot) => hintsAt(spot, detail, origin))
  if (hints.length > MOST_NAMES) return []
  const ofVpc = hints.filter(({ type }) => type === 'AWS::EC2::VPC')
  return ofVpc.length === 0
    ? hints
    : hints.filter(({ type }) => !type.startsWith('AWS::EC2::') || type === 'AWS::EC2::VPC')
}

function hintsAt({ type, parts, join }: Spot, detail: JsonObject, { accountId }: EventOrigin): readonly Hint[] {
  const [first, ...others] = parts
  if (first === undefined) return [hintOf(type, accountId, 'event.account')]
  const path = `event.detail.${first[0]}`
  if (others.length === 0) return [...new Set(foundAt(first, detail))].map((text) => hintOf(type, text, path))
  const texts = parts.map((paths) => foundAt(paths, detail)[0])
  return texts.every((text) => text !== undefined) ? [hintOf(type, texts.join(join), path)] : []
}

/** The texts at the first of the paths that has any. */
function foundAt(paths: readonly string[], detail: JsonObject): readonly string[] {
  for (const path of paths) {
    const texts = textsAt(detail, path)
    if (texts.length > 0) return texts
  }
  return []
}

/** Text, or a list of texts in any of the forms CloudTrail gives lists: an array, `{items: […]}`, `{tag, content}`. */
function textsAt(detail: JsonObject, path: string): readonly string[] {
  const value = valueAt(detail, path)
  const held = isJsonObject(value) ? (own(value, 'items') ?? value) : value
  const list = Array.isArray(held) ? held.slice(0, MOST_NAMES + 1) : [held]
  return list.flatMap((one) =>
    isJsonObject(one) ? (ownString(one, 'content') ?? []) : typeof one === 'string' ? one : [],
  )
}

function valueAt(detail: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = detail
  for (const key of path.split('.')) value = isJsonObject(value) ? own(value, key) : undefined
  return value
}
