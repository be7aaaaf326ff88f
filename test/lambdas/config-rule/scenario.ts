import { readFileSync } from 'node:fs'
import { basisOf } from '../../../lambdas/config-rule/basis.ts'
import { createHandler } from '../../../lambdas/config-rule/create-handler.ts'
import type { Dependencies } from '../../../lambdas/config-rule/dependencies.ts'
import { findingId } from '../../../shared/engine/finding-id.ts'
import type { LiveServices } from '../../../shared/live/live-services.ts'
import type { LiveSource } from '../../../shared/live/live-source.ts'
import type { LiveVpcs } from '../../../shared/live/live-vpcs.ts'
import { roleSources } from '../../../shared/live/sources/role-sources.ts'
import type { Rule } from '../../../shared/rules/define-rule.ts'
import { rules } from '../../../shared/rules/index.ts'
import type { AwsClients } from '../../../shared/runtime/aws-clients.ts'
import { readEnvironment } from '../../../shared/runtime/environment.ts'
import type { Metrics } from '../../../shared/runtime/metrics.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import { probeRule } from '../../support/fake-aws/probe-rule.ts'

export const openPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }],
})
export const closedPolicy = openPolicy.replace('"*"', '{"AWS":"arn:aws:iam::111122223333:root"}')

type Overrides = {
  readonly item?: Record<string, unknown>
  readonly invoking?: Record<string, unknown>
  readonly event?: Record<string, unknown>
}

/** The recorded change event with parts replaced. */
export function changeEvent({ item = {}, invoking = {}, event = {} }: Overrides = {}): Record<string, unknown> {
  const golden = JSON.parse(
    readFileSync(new URL('../../fixtures/events/change-repository.json', import.meta.url), 'utf8'),
  )
  const inner = JSON.parse(golden.invokingEvent)
  const merged = { ...inner, configurationItem: { ...inner.configurationItem, ...item }, ...invoking }
  return { ...golden, invokingEvent: JSON.stringify(merged), ...event }
}

export function scheduledEvent(notificationCreationTime = '2026-03-01T11:00:00.000Z'): Record<string, unknown> {
  return {
    ...changeEvent(),
    invokingEvent: JSON.stringify({
      awsAccountId: '111122223333',
      notificationCreationTime,
      messageType: 'ScheduledNotification',
      recordVersion: '1.0',
    }),
  }
}

/** The id of a rule's finding on the account of the events, which says on which days everything is sent again. */
export function accountFindingId(ruleId: string): string {
  const place = { accountId: '111122223333', region: 'eu-central-1' }
  const arn = `arn:aws:ecr:${place.region}:${place.accountId}:registry/${place.accountId}`
  return findingId(ruleId, { ...place, type: 'AWS::::Account', id: place.accountId, arn })
}

/** What the account's result says of version and settings. */
export function basis(settings = ''): string {
  return basisOf(readEnvironment({ PULLPATH_SETTINGS: settings }))
}

/** What an invocation has outside itself. */
export interface InvokeOptions {
  readonly settings?: string
  readonly clients?: AwsClients
  readonly functionArn?: string
  readonly rules?: readonly Rule[]
  readonly now?: string
  readonly ownRole?: string
  readonly sources?: readonly LiveSource[]
  readonly hub?: Dependencies['hub']
  readonly vpcs?: LiveVpcs
  readonly services?: LiveServices
  /** Milliseconds the invocation has left; a minute unless told. */
  readonly remaining?: () => number
  readonly sleep?: (milliseconds: number) => Promise<void>
  readonly continueLater?: Dependencies['continueLater']
  readonly warn?: (message: string, fields: object) => void
  readonly environment?: Record<string, string>
  readonly sqs?: ReturnType<Dependencies['sqs']>
  readonly count?: Metrics['count']
  readonly s3?: Dependencies['s3']
  readonly tags?: Dependencies['tags']
}

/** A warm function in eu-central-1: what lives as long as the process is made once. The time is 2026-03-01T12:00Z. */
export function warmFunction(
  fake: FakeAws,
  options: InvokeOptions = {},
): (event: unknown, remaining?: () => number) => Promise<void> {
  const handler = createHandler({
    rules: options.rules ?? [probeRule],
    ruleIds: rules.map((rule) => rule.id),
    sources: () => options.sources ?? roleSources({ ...clientsAt(fake.endpoint, 'eu-central-1'), ...options.clients }),
    ...(options.hub === undefined ? {} : { hub: options.hub }),
    ...(options.s3 === undefined ? {} : { s3: options.s3 }),
    ...(options.tags === undefined ? {} : { tags: options.tags }),
    ...(options.vpcs === undefined ? {} : { vpcs: () => options.vpcs as LiveVpcs }),
    ...(options.services === undefined ? {} : { services: () => options.services as LiveServices }),
    clients: () => options.clients ?? clientsAt(fake.endpoint, 'eu-central-1'),
    variables: () => ({
      ...{ PULLPATH_SETTINGS: options.settings ?? '', PULLPATH_OWN_ROLE: options.ownRole ?? '' },
      ...options.environment,
    }),
    sqs: () => options.sqs ?? { send: async () => Promise.reject(new Error('there is no queue')) },
    log: () => ({ info: () => undefined, warn: options.warn ?? (() => undefined) }),
    metrics: () => ({ count: options.count ?? (() => undefined), flush: () => undefined }),
    now: () => new Date(options.now ?? '2026-03-01T12:00:00.000Z'),
    sleep: options.sleep ?? (async () => undefined),
    random: () => 0,
    ...(options.continueLater === undefined ? {} : { continueLater: options.continueLater }),
  })
  return (event, remaining) =>
    handler(event, {
      invokedFunctionArn:
        options.functionArn ?? 'arn:aws:lambda:eu-central-1:111122223333:function:pullpath-config-rule',
      getRemainingTimeInMillis: remaining ?? options.remaining ?? (() => 60_000),
    })
}

/** Invokes a cold function in account 111122223333, eu-central-1, at 2026-03-01T12:00Z. */
export function invoke(fake: FakeAws, event: unknown, options: InvokeOptions = {}): Promise<void> {
  return warmFunction(fake, options)(event)
}

/** Invokes the handler with the real catalogue, as the given function. */
export function catalogueInvoke(fake: FakeAws, event: unknown, functionArn: string): Promise<void> {
  return invoke(fake, event, { rules, functionArn })
}

/** An event of test/fixtures/events. */
export function fixtureEvent(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../fixtures/events/${name}.json`, import.meta.url), 'utf8'))
}
