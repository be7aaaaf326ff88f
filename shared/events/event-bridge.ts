import * as z from 'zod/mini'
import { isAccountId, parseArn } from '../model/arn.ts'
import { InputError } from '../model/errors.ts'

/** Clocks differ; an event from further ahead than this is not one. Milliseconds. */
const FUTURE_TOLERANCE = 15 * 60 * 1000

/** What every event of EventBridge says of itself. */
export interface EventOrigin {
  readonly source: string
  readonly detailType: string
  readonly accountId: string
  readonly region: string
  /** When it happened, ISO 8601. */
  readonly time: string
}

const envelope = z.object({
  source: bounded(256),
  'detail-type': bounded(128),
  account: z.string().check(z.refine(isAccountId, 'expected twelve digits')),
  region: bounded(64),
  time: bounded(64),
  resources: z.optional(z.array(z.string())),
  detail: z.record(z.string(), z.unknown()),
})

/** An event taken apart; `detail` and `resources` are untrusted still. */
export interface ReceivedEvent {
  readonly origin: EventOrigin
  readonly resources: readonly string[]
  readonly detail: unknown
}

/**
 * Reads the envelope of an event of EventBridge. `now` bounds its time.
 * @throws InputError that names the field
 */
export function receivedEvent(event: unknown, now: Date): ReceivedEvent {
  const { source, account, region, time, resources, ...rest } = checked(envelope, event, 'event')
  return {
    origin: {
      source,
      detailType: rest['detail-type'],
      accountId: account,
      region,
      time: instant(time, now, 'event.time'),
    },
    resources: resources ?? [],
    detail: rest.detail,
  }
}

/** Text of 1 to `max` characters. */
export function bounded(max: number) {
  return z.string().check(z.minLength(1), z.maxLength(max))
}

/** The value as the schema has it. @throws InputError that names the first field which is not as expected */
export function checked<S extends z.ZodMiniType>(schema: S, value: unknown, path: string): z.output<S> {
  const result = z.safeParse(schema, value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const field = [path, ...(issue?.path ?? []).map(String)].join('.')
  throw new InputError(`${field}: ${issue === undefined ? 'not as expected' : expectation(issue)}`)
}

/** Without the locale of zod, issues have codes and no words. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`
    case 'too_small':
      return `expected at least ${issue.minimum} character(s)`
    case 'too_big':
      return `expected at most ${issue.maximum} characters or entries`
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`
    case 'custom':
      return issue.message === '' ? 'not as expected' : issue.message
    default:
      return 'not as expected'
  }
}

/** The ARN, when it names something of this service in the account and region of the event. @throws InputError naming the field */
export function ownArn(text: string, service: string, { accountId, region }: EventOrigin, path: string): string {
  const arn = parseArn(text)
  const isOwn = arn?.service === service && arn.accountId === accountId && arn.region === region
  if (!isOwn || !/^[\w:/.-]{1,2048}$/.test(text)) {
    throw new InputError(`${path}: expected an ARN of ${service} in the account and region of the event`)
  }
  return text
}

/**
 * Free text made fit to be read: control, invisible and direction-changing characters become spaces, and what is longer than
 * `max` is cut. Linear; looks at no more than what it keeps.
 */
export function cleanText(text: string, max: number): string {
  const line = text.slice(0, max * 2).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu, ' ')
  return line.trim().slice(0, max)
}

function instant(value: string, now: Date, path: string): string {
  // Only ISO 8601: Date.parse would also take "1" or "May".
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(time)) throw new InputError(`${path}: expected an ISO 8601 time`)
  if (time > now.getTime() + FUTURE_TOLERANCE) throw new InputError(`${path}: lies more than 15 minutes in the future`)
  return new Date(time).toISOString()
}
