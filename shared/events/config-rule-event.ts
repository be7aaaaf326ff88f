import * as locales from 'zod/locales'
import * as z from 'zod/mini'
import { isAccountId, parseArn } from '../model/arn.ts'
import { InputError } from '../model/errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { type AuditRequest, type ChangedResource, itemStatuses, type RuleInvocation } from './audit-request.ts'

/** Clocks differ; a capture time further ahead than this is not one. Milliseconds. */
const FUTURE_TOLERANCE = 15 * 60 * 1000

const text = (max: number) => z.string().check(z.minLength(1), z.maxLength(max))
const accountId = z.string().check(z.refine(isAccountId, 'expected twelve digits'))

const envelope = z.object({
  invokingEvent: z.string().check(z.minLength(1)),
  ruleParameters: z.nullish(z.string()),
  resultToken: z.string().check(z.minLength(1)),
  eventLeftScope: z.boolean(),
  accountId,
  configRuleArn: text(2048).check(
    z.refine((arn) => parseArn(arn)?.service === 'config', 'expected the ARN of a Config rule'),
  ),
  configRuleName: z.nullish(z.string().check(z.maxLength(128))),
  evaluationMode: z.nullish(z.string()),
})

const resource = z.object({
  awsAccountId: accountId,
  awsRegion: text(64),
  resourceType: text(256),
  resourceId: text(768),
  resourceName: z.nullish(z.string().check(z.maxLength(768))),
  ARN: z.nullish(z.string().check(z.maxLength(2048))),
  configurationItemStatus: z.enum(itemStatuses),
  configurationItemCaptureTime: z.string(),
})

const change = z.object({ configurationItem: resource })
const oversized = z.object({ configurationItemSummary: resource })
const scheduled = z.object({ awsAccountId: accountId, notificationCreationTime: z.string() })

/**
 * Parses the event of an AWS Config custom rule. `now` bounds capture times.
 * @throws InputError that names the field and what was expected, or the kind of event that is not served
 */
export function parseConfigRuleEvent(event: unknown, now: Date): AuditRequest {
  const outer = check(envelope, event, 'event')
  if (outer.evaluationMode === 'PROACTIVE') {
    throw new InputError('event.evaluationMode: PROACTIVE evaluation is not supported, only DETECTIVE')
  }
  const invocation = invocationOf(outer)
  const inner = jsonObject(outer.invokingEvent, 'event.invokingEvent')
  switch (inner.messageType) {
    case 'ConfigurationItemChangeNotification':
      return changeRequest(invocation, inner, outer.eventLeftScope, now)
    case 'OversizedConfigurationItemChangeNotification': {
      const { configurationItemSummary } = check(oversized, inner, 'invokingEvent')
      const path = 'invokingEvent.configurationItemSummary'
      return {
        kind: 'oversized',
        invocation,
        resource: changed(configurationItemSummary, outer.eventLeftScope, now, path),
      }
    }
    case 'ScheduledNotification':
      return scheduledRequest(invocation, inner, now)
    case 'ConfigurationSnapshotDeliveryCompleted':
      throw new InputError(
        'invokingEvent.messageType: ConfigurationSnapshotDeliveryCompleted is not served; give the rule a maximum execution frequency instead',
      )
    default:
      throw new InputError('invokingEvent.messageType: expected a change, oversized change or scheduled notification')
  }
}

function changeRequest(invocation: RuleInvocation, inner: JsonObject, leftScope: boolean, now: Date): AuditRequest {
  const { configurationItem } = check(change, inner, 'invokingEvent')
  return {
    kind: 'change',
    invocation,
    resource: changed(configurationItem, leftScope, now, 'invokingEvent.configurationItem'),
    item: inner.configurationItem as JsonObject,
  }
}

function scheduledRequest(invocation: RuleInvocation, inner: JsonObject, now: Date): AuditRequest {
  const notice = check(scheduled, inner, 'invokingEvent')
  if (notice.awsAccountId !== invocation.accountId) {
    throw new InputError('invokingEvent.awsAccountId: expected the account of the rule')
  }
  const notifiedAt = instant(notice.notificationCreationTime, now, 'invokingEvent.notificationCreationTime')
  return { kind: 'scheduled', invocation, notifiedAt }
}

function invocationOf(outer: z.output<typeof envelope>): RuleInvocation {
  const parameters = parametersOf(outer.ruleParameters)
  const ruleId = parameters.get('ruleId')
  if (!ruleId) throw new InputError('event.ruleParameters.ruleId: expected the id of a Pullpath rule')
  parameters.delete('ruleId')
  return {
    accountId: outer.accountId,
    ruleArn: outer.configRuleArn,
    ...(outer.configRuleName ? { ruleName: outer.configRuleName } : {}),
    ruleId,
    parameters,
    resultToken: outer.resultToken,
  }
}

function parametersOf(value: string | null | undefined): Map<string, string> {
  const parameters = new Map<string, string>()
  if (value === undefined || value === null || value === '') return parameters
  for (const [name, parameter] of Object.entries(jsonObject(value, 'event.ruleParameters'))) {
    // Config hands every parameter over as text; other scalars can only come from tests and consoles.
    if (typeof parameter === 'object') throw new InputError(`event.ruleParameters.${name}: expected text`)
    parameters.set(name, String(parameter))
  }
  return parameters
}

function changed(item: z.output<typeof resource>, leftScope: boolean, now: Date, path: string): ChangedResource {
  return {
    type: item.resourceType,
    id: item.resourceId,
    arn: item.ARN || undefined,
    name: item.resourceName || undefined,
    accountId: item.awsAccountId,
    region: item.awsRegion,
    status: item.configurationItemStatus,
    capturedAt: instant(item.configurationItemCaptureTime, now, `${path}.configurationItemCaptureTime`),
    leftScope,
  }
}

function instant(value: string, now: Date, path: string): string {
  // Only ISO 8601: Date.parse would also take "1" or "May".
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(time)) throw new InputError(`${path}: expected an ISO 8601 time`)
  if (time > now.getTime() + FUTURE_TOLERANCE) throw new InputError(`${path}: lies more than 15 minutes in the future`)
  return new Date(time).toISOString()
}

function jsonObject(value: string, path: string): JsonObject {
  let parsed: unknown
  try {
    parsed = JSON.parse(value)
  } catch {
    throw new InputError(`${path}: expected JSON text`)
  }
  if (!isJsonObject(parsed)) throw new InputError(`${path}: expected a JSON object`)
  return parsed
}

function check<S extends z.ZodMiniType>(schema: S, value: unknown, path: string): z.output<S> {
  const result = z.safeParse(schema, value, { error: locales.en().localeError })
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const field = [path, ...(issue?.path ?? []).map(String)].join('.')
  throw new InputError(`${field}: ${issue?.message ?? 'not as expected'}`)
}
