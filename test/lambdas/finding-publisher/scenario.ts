import { createHandler } from '../../../lambdas/finding-publisher/create-handler.ts'
import type { DeadLetters } from '../../../lambdas/finding-publisher/set-aside.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import type { LogFields } from '../../../shared/runtime/log.ts'
import type { Dimensions, MetricName } from '../../../shared/runtime/metrics.ts'
import { messageBody } from '../../../shared/sinks/queue/message-body.ts'
import { asffOf } from '../../../shared/sinks/security-hub/asff.ts'
import type { FakeSecurityHub } from '../../support/fake-aws/security-hub.ts'

export const accountId = '111122223333'
export const region = 'eu-central-1'
export const functionArn = `arn:aws:lambda:${region}:${accountId}:function:pullpath-finding-publisher`
export const noon = '2026-03-01T12:00:00.000Z'

export function findingOf(id: string, extra: Partial<Finding> = {}): Finding {
  return {
    id,
    rule: 'some-rule',
    severity: 'HIGH',
    compliance: 'NON_COMPLIANT',
    title: 'A title',
    reason: 'A reason.',
    evidence: [{ source: 'repository policy, statement 1', detail: 'Allow *' }],
    assumptions: [],
    remediation: { text: 'A fix.' },
    resource: {
      type: 'AWS::ECR::Repository',
      id: 'app',
      arn: `arn:aws:ecr:${region}:${accountId}:repository/app`,
      accountId,
      region,
    },
    ...extra,
  }
}

/** The body of the message that carries a finding. */
export function bodyOf(id: string, extra: Partial<Finding> = {}, updatedAt = noon): string {
  return messageBody(asffOf(findingOf(id, extra), updatedAt, region)!)
}

/** An event with a message of each body; ids count from m0. */
export function eventOf(bodies: readonly unknown[]) {
  return { Records: bodies.map((body, n) => ({ messageId: `m${n}`, body })) }
}

/** The handler with what it wrote and how long it slept. */
export function publisher(
  hub: Pick<FakeSecurityHub, 'client'>,
  now: () => number = () => Date.parse(noon),
  deadLetters?: DeadLetters,
) {
  const lines: { readonly message: string; readonly fields: LogFields }[] = []
  const counts: [MetricName, number, Dimensions?][] = []
  const seen = { flushed: 0, slept: 0 }
  const write = (message: string, fields: LogFields) => void lines.push({ message, fields })
  const handle = createHandler({
    securityHub: () => hub.client,
    ...(deadLetters === undefined ? {} : { deadLetters: async () => deadLetters }),
    log: () => ({ info: write, warn: write }),
    metrics: () => ({
      count: (name, value, dimensions) => void counts.push(dimensions ? [name, value, dimensions] : [name, value]),
      flush: () => void seen.flushed++,
    }),
    now: () => new Date(now()),
    sleep: async () => void seen.slept++,
    random: () => 0.5,
  })
  const run = (event: unknown, timeLeft: () => number = () => 60_000) =>
    handle(event, { invokedFunctionArn: functionArn, getRemainingTimeInMillis: timeLeft })
  /** Invokes with these bodies; returns the ids of the messages that are not done. */
  const publish = async (bodies: readonly unknown[], timeLeft?: () => number) =>
    (await run(eventOf(bodies), timeLeft)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
  return { run, publish, lines, counts, seen }
}
