// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHandler } from '../../../lambdas/pull-failure/create-handler.ts'
import { workWith } from '../../../lambdas/pull-failure/work.ts'
import { ruleIds } from '../../../shared/rules/rule-ids.ts'
import { findingsPage } from '../../support/fake-aws/get-findings.ts'
import { clientOf } from '../../support/fake-aws/in-process.ts'
import { Refusal } from '../../support/fake-aws/refusal.ts'
import { clusterArn, eventOf, functionArn, serviceArn } from './scenario.ts'

const start = Date.parse('2026-03-01T11:30:00.000Z')
beforeEach(() => void vi.useFakeTimers({ now: start, toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => void vi.useRealTimers())

/** Refuses what goes beyond so many calls a second, some more at once. */
function bucket(perSecond: number, burst: number) {
  let [tokens, at] = [burst, Date.now()]
  return () => {
    const now = Date.now()
    tokens = Math.min(burst, tokens + ((now - at) / 1_000) * perSecond)
    at = now
    if (tokens < 1) throw new Refusal('TooManyRequestsException', 429)
    tokens -= 1
  }
}

/** The same numbers in [0, 1) each time. */
function chance() {
  let state = 7
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** An account whose Security Hub answers three questions a second, and six at once. */
function account(held: any[], mayAsk = bucket(3, 6)) {
  const written: any[] = []
  const asked: any[] = []
  const clients = {
    ecr: clientOf((_, { imageIds, repositoryName }) => ({ imageDetails: [{ repositoryName, ...imageIds[0] }] })),
    ecs: clientOf(() => ({ services: [{ serviceArn, clusterArn, serviceName: 'web', status: 'ACTIVE' }] })),
    securityHub: clientOf((_, body) => {
      mayAsk()
      asked.push(body)
      return findingsPage(held, body)
    }),
  }
  const work = workWith({
    clients: () => clients as any,
    publish: async (_, findings) => void written.push(...findings),
    ruleIds,
    variables: () => ({}),
    log: () => ({ info: () => undefined, warn: () => undefined }),
    metrics: () => ({ count: () => undefined, flush: () => undefined }),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: chance(),
  })
  const handler = createHandler({ now: () => new Date(), load: async () => work })
  const invoke = (event: unknown, remaining = 300_000) =>
    handler(event, { invokedFunctionArn: functionArn, getRemainingTimeInMillis: () => remaining })
  return { invoke, asked, written }
}

/** Invokes all at once, as Lambda does, and tells how each ended and when the last did, seconds. */
async function atOnce(invocations: readonly (() => Promise<void>)[]) {
  const times: number[] = []
  const ends = invocations.map((one) => one().finally(() => times.push(Date.now())))
  const all = Promise.allSettled(ends)
  await vi.advanceTimersByTimeAsync(300_000)
  const failed = (await all).flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []))
  return { failed, seconds: (Math.max(...times) - start) / 1_000 }
}

const digestOf = (n: number) => `sha256:${String(n).padStart(64, '0')}`
const replicated = (n: number) => eventOf('ecr-replication-failed', { result: 'SUCCESS', 'image-digest': digestOf(n) })
const none = { 'failure-code': undefined, 'failure-reason': undefined }
const synced = (n: number) =>
  eventOf('ecr-pull-through-failed', { ...none, 'sync-status': 'SUCCESS', 'image-digest': digestOf(n) })
const steady = () => eventOf('ecs-service-action', { eventName: 'SERVICE_STEADY_STATE' })
const events = Array.from({ length: 300 }, (_, n) => n)

describe('300 good news at once, with the rate of Security Hub', () => {
  it.each([
    ['replications', replicated],
    ['syncs', synced],
    ['steady services', steady],
  ])('of %s end without a failed invocation, as fast as it lets them', async (_, eventAt) => {
    const { invoke, asked, written } = account([])
    const { failed, seconds } = await atOnce(events.map((n) => () => invoke(eventAt(n))))
    expect(failed).toEqual([])
    expect([asked.length, written.length]).toEqual([300, 0])
    expect(seconds).toBeGreaterThan(97)
    expect(seconds).toBeLessThan(130)
  })

  it('resolve the one finding that is open', async () => {
    const before = account([])
    await atOnce([() => before.invoke(replicated(1))])
    const open = { RecordState: 'ACTIVE', Compliance: { Status: 'FAILED' }, UpdatedAt: '2026-03-01T10:00:00.000Z' }
    const [filters] = before.asked.map(({ Filters }) => Filters)
    const held = { Id: filters.Id[0].Value, GeneratorId: 'pullpath/pull-failure', AwsAccountId: '111122223333' }
    const { invoke, written } = account([{ ...held, ...open, Resources: [{ Id: 'x' }] }])
    const { failed } = await atOnce(events.map((n) => () => invoke(replicated(n))))
    expect(failed).toEqual([])
    expect(written.map(({ Id, Compliance }) => [Id, Compliance.Status])).toEqual([[held.Id, 'PASSED']])
  })
})

it('a question that is never answered fails the invocation before its time is up', async () => {
  const never = () => {
    throw new Refusal('TooManyRequestsException', 429)
  }
  const { invoke } = account([], never)
  const { failed, seconds } = await atOnce([() => invoke(replicated(1), 60_000)])
  expect(failed).toEqual([
    'NotReadYet: open findings could not be read: securityhub:GetFindings failed with TooManyRequestsException',
  ])
  expect(seconds).toBeGreaterThan(30)
  expect(seconds).toBeLessThan(45)
})

it('a refusal that will not pass is not asked again', async () => {
  let asked = 0
  const forbidden = () => {
    asked += 1
    throw new Refusal('AccessDeniedException', 403)
  }
  const { invoke } = account([], forbidden)
  const { failed, seconds } = await atOnce([() => invoke(replicated(1))])
  expect(failed).toHaveLength(1)
  expect([asked, seconds]).toEqual([1, 0])
})
