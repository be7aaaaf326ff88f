import { readFileSync } from 'node:fs'
import { createHandler } from '../../../lambdas/config-rule/create-handler.ts'
import type { LiveSource } from '../../../lambdas/config-rule/live-source.ts'
import type { LiveVpcs } from '../../../lambdas/config-rule/live-vpcs.ts'
import { roleSources } from '../../../lambdas/config-rule/sources/role-sources.ts'
import type { Rule } from '../../../shared/rules/define-rule.ts'
import { rules } from '../../../shared/rules/index.ts'
import type { AwsClients } from '../../../shared/runtime/aws-clients.ts'
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

export function scheduledEvent(): Record<string, unknown> {
  return {
    ...changeEvent(),
    invokingEvent: JSON.stringify({
      awsAccountId: '111122223333',
      notificationCreationTime: '2026-03-01T11:00:00.000Z',
      messageType: 'ScheduledNotification',
      recordVersion: '1.0',
    }),
  }
}

/** Invokes the handler in account 111122223333, eu-central-1, at 2026-03-01T12:00Z. */
export function invoke(
  fake: FakeAws,
  event: unknown,
  options: {
    readonly settings?: string
    readonly clients?: AwsClients
    readonly functionArn?: string
    readonly rules?: readonly Rule[]
    readonly now?: string
    readonly ownRole?: string
    readonly sources?: readonly LiveSource[]
    readonly vpcs?: LiveVpcs
  } = {},
): Promise<void> {
  const handler = createHandler({
    rules: options.rules ?? [probeRule],
    ruleIds: rules.map((rule) => rule.id),
    sources: () => options.sources ?? roleSources({ ...clientsAt(fake.endpoint, 'eu-central-1'), ...options.clients }),
    ...(options.vpcs === undefined ? {} : { vpcs: () => options.vpcs as LiveVpcs }),
    clients: () => options.clients ?? clientsAt(fake.endpoint, 'eu-central-1'),
    variables: () => ({ PULLPATH_SETTINGS: options.settings ?? '', PULLPATH_OWN_ROLE: options.ownRole ?? '' }),
    log: () => ({ info: () => undefined, warn: () => undefined }),
    now: () => new Date(options.now ?? '2026-03-01T12:00:00.000Z'),
    sleep: async () => undefined,
    random: () => 0,
  })
  return handler(event, {
    invokedFunctionArn: options.functionArn ?? 'arn:aws:lambda:eu-central-1:111122223333:function:pullpath-config-rule',
    getRemainingTimeInMillis: () => 60_000,
  })
}

/** Invokes the handler with the real catalogue, as the given function. */
export function catalogueInvoke(fake: FakeAws, event: unknown, functionArn: string): Promise<void> {
  return invoke(fake, event, { rules, functionArn })
}

/** An event of test/fixtures/events. */
export function fixtureEvent(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../fixtures/events/${name}.json`, import.meta.url), 'utf8'))
}
