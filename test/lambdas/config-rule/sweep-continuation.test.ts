import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { invokeItself } from '../../../lambdas/config-rule/invoke-itself.ts'
import { followUpOf, MOST_HOPS, parseFollowUp, type SweepFollowUp } from '../../../shared/events/sweep-follow-up.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { changeEvent, invoke, openPolicy, scheduledEvent } from './scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  serveCompliance(fake)
})
afterEach(() => fake.close())

const names = [...Array(12).keys()].map((n) => `r${n}`)
const told = () => fake.evaluations.map((one) => one.ComplianceResourceId)

/** Invokes and follows up as Lambda does; the policies of repositories cannot be read while `isSlow`. */
async function sweepInHops(event: unknown, remainingAt: (hop: number) => () => number, most = 20) {
  const sent: SweepFollowUp[] = []
  let next: unknown = event
  for (let hop = 0; hop < most && next !== undefined; hop++) {
    let followUp: SweepFollowUp | undefined
    await invoke(fake, next, {
      remaining: remainingAt(hop),
      continueLater: async (functionArn, one) => {
        expect(functionArn).toBe('arn:aws:lambda:eu-central-1:111122223333:function:pullpath-config-rule')
        // As Lambda hands it over.
        followUp = JSON.parse(JSON.stringify(one))
      },
    })
    if (followUp) sent.push(followUp)
    next = followUp
  }
  return sent
}
/** Answers so many reads of policies, then none until the next invocation: its first call is another one. */
function policiesPerInvocation(count: number) {
  let left = 0
  fake.state.plan = (operation) => {
    if (operation === 'GetComplianceDetailsByConfigRule') left = count
    if (operation !== 'GetRepositoryPolicy') return undefined
    return left-- > 0 ? undefined : { error: 'ThrottlingException' }
  }
}
/** The time is up when the listing has been read. */
const upAfterListing = () => {
  let asked = 0
  return () => (asked++ < 2 ? 60_000 : 19_999)
}
const never = () => () => 60_000
/** Where a sweep goes on that has judged nothing yet. */
const start = { hop: 1, judged: 0, verdicts: 0, undetermined: 0, dropped: 0, note: '' }

describe('D2 a sweep whose time is up', () => {
  beforeEach(() => {
    for (const name of names) fake.state.repositories.set(name, openPolicy)
  })

  it('D2 writes what was decided and sends itself the rest', async () => {
    policiesPerInvocation(5)
    const [first] = await sweepInHops(scheduledEvent(), () => upAfterListing(), 1)
    expect(told()).toHaveLength(5)
    expect(told()).not.toContain('111122223333')
    expect(first?.configEvent).toEqual(scheduledEvent())
    expect(first?.cursor).toMatchObject({ hop: 1, judged: 5, dropped: 0, note: '' })
    expect([...told(), ...(first?.cursor.left.map(({ id }) => id) ?? [])].sort()).toEqual([...names].sort())
    expect(first?.cursor.left[0]).toEqual({ id: expect.any(String) })
  })

  it('D2 the follow-up judges the rest and closes with the heartbeat', async () => {
    policiesPerInvocation(5)
    const sent = await sweepInHops(scheduledEvent(), (hop) => (hop === 0 ? upAfterListing() : never()), 1)
    fake.state.plan = () => undefined
    await invoke(fake, sent[0])
    expect([...told()].sort()).toEqual(['111122223333', ...names].sort())
    expect(told().at(-1)).toBe('111122223333')
    expect(fake.evaluations.at(-1).Annotation).toMatch(/^12 resources of type AWS::ECR::Repository were judged/)
    expect(new Set(fake.evaluations.map((one) => one.OrderingTimestamp)).size).toBe(1)
    expect(fake.findings.size).toBe(13)
  })

  it('D2 begins nothing more, and is followed at most twelve times', async () => {
    policiesPerInvocation(0)
    let hops = 0
    await expect(
      sweepInHops(scheduledEvent(), () => {
        hops += 1
        return upAfterListing()
      }),
    ).rejects.toThrow(`12 resource(s) are left, and nothing continues the sweep after ${MOST_HOPS} follow-up(s)`)
    expect(hops).toBe(MOST_HOPS + 1)
    expect(told()).toEqual([])
  })

  it('D2 fails where nothing can continue it', async () => {
    policiesPerInvocation(3)
    await expect(invoke(fake, scheduledEvent(), { remaining: upAfterListing() })).rejects.toThrow(
      '9 resource(s) are left',
    )
    expect(told()).toHaveLength(3)
  })

  it('D2 fails when the follow-up event is not taken', async () => {
    policiesPerInvocation(3)
    const continueLater = () => Promise.reject(new Error('not taken'))
    await expect(invoke(fake, scheduledEvent(), { remaining: upAfterListing(), continueLater })).rejects.toThrow(
      'not taken',
    )
  })

  it('D2 counts what could not be reached in any part as not covered', async () => {
    const [blocked = ''] = names
    fake.state.plan = (operation, _n, body) =>
      operation === 'GetRepositoryPolicy' && body.repositoryName === blocked
        ? { error: 'AccessDeniedException' }
        : undefined
    const left = names.slice(1).map((id) => ({ id }))
    const counted: [string, number][] = []
    const count = (name: string, value: number) => void counted.push([name, value])
    const before = { ...start, judged: 3, verdicts: 3, undetermined: 1 }
    await invoke(fake, followUpOf(scheduledEvent(), { ...before, left: [{ id: blocked }, ...left] }), { count })
    // 2 of 15 verdicts and the account's own.
    expect(counted.filter(([name]) => name === 'Coverage')).toEqual([['Coverage', 87]])
  })

  it('D2 tells the next part what was not reached before it', async () => {
    const [blocked = ''] = names
    fake.state.plan = (operation, _n, body) => {
      if (operation !== 'GetRepositoryPolicy') return undefined
      return { error: body.repositoryName === blocked ? 'AccessDeniedException' : 'ThrottlingException' }
    }
    const [first] = await sweepInHops(scheduledEvent(), () => upAfterListing(), 1)
    expect(first?.cursor).toMatchObject({ verdicts: 1, undetermined: 1 })
  })

  it('D2 does not wait again in a follow-up', async () => {
    const left = [{ id: 'r1' }]
    const event = followUpOf(scheduledEvent(), { ...start, left })
    const waited: number[] = []
    await invoke(fake, event, { sleep: async (time) => void waited.push(time) })
    expect(waited).toEqual([])
    expect(told()).toEqual(['r1', '111122223333'])
  })

  it('D2 says in the end that some were left out, and gives no heartbeat', async () => {
    const event = followUpOf(scheduledEvent(), { ...start, dropped: 3, left: [{ id: 'r1' }] })
    await expect(invoke(fake, event)).rejects.toThrow('3 resource(s) were not judged in this sweep')
    expect(told()).toEqual(['r1'])
  })
})

describe('a follow-up event', () => {
  const cursor = { ...start, left: [{ id: 'r1' }] }
  const good = followUpOf(scheduledEvent(), cursor)

  it.each<[string, object, string]>([
    ['a thirteenth hop', { ...good, cursor: { ...cursor, hop: 13 } }, 'event.cursor.hop'],
    ['no hop', { ...good, cursor: { ...cursor, hop: undefined } }, 'event.cursor.hop'],
    ['nothing left', { ...good, cursor: { ...cursor, left: [] } }, 'event.cursor.left'],
    ['an id that is no text', { ...good, cursor: { ...cursor, left: [{ id: 1 }] } }, 'event.cursor.left.0.id'],
    [
      'more than it may carry',
      { ...good, cursor: { ...cursor, left: [{ id: 'x', type: 'AWS::S3::Bucket' }] } },
      'event.cursor.left.0',
    ],
    ['no event of AWS Config', { ...good, configEvent: undefined }, 'event.configEvent'],
    ['an empty event of AWS Config', { ...good, configEvent: {} }, 'event.invokingEvent'],
    [
      'an event of another account',
      { ...good, configEvent: { ...scheduledEvent(), accountId: '999999999999' } },
      'invokingEvent.awsAccountId',
    ],
    [
      'an event of another rule’s account',
      {
        ...good,
        configEvent: { ...scheduledEvent(), configRuleArn: 'arn:aws:config:eu-central-1:999999999999:config-rule/x' },
      },
      'event.configRuleArn',
    ],
    ['a change event', { ...good, configEvent: changeEvent() }, 'expected a scheduled notification'],
  ])('is refused with %s, and nothing is called', async (_name, event, message) => {
    await expect(invoke(fake, event)).rejects.toThrow(message)
    expect(fake.calls).toEqual([])
  })

  it('cannot make a resource of another type or account be judged: it is looked at like any other', async () => {
    const left = [{ id: 'r1', arn: 'arn:aws:ecr:eu-central-1:999999999999:repository/r1' }]
    await invoke(fake, followUpOf(scheduledEvent(), { ...cursor, left }))
    expect(fake.findings.size).toBe(2)
    for (const finding of fake.findings.values()) expect(finding.AwsAccountId).toBe('111122223333')
  })

  it('carries what fits into 180 KB and counts the rest', () => {
    const left = [...Array(5_000).keys()].map((n) => ({ id: `${n}-${'é'.repeat(40)}` }))
    const event = followUpOf(scheduledEvent(), { ...cursor, left })
    expect(event.cursor.left.length + event.cursor.dropped).toBe(5_000)
    expect(event.cursor.dropped).toBeGreaterThan(0)
    const size = Buffer.byteLength(JSON.stringify(event.cursor.left))
    expect(size).toBeLessThanOrEqual(180_002)
    expect(size).toBeGreaterThan(179_000)
    expect(parseFollowUp(JSON.parse(JSON.stringify(event)))).toEqual(event)
  })

  it('is what was written, whatever the resources are called', () => {
    const name = fc.string({ minLength: 1, maxLength: 60 })
    const resource = fc.record({ id: name, arn: name, name }, { requiredKeys: ['id'] })
    fc.assert(
      fc.property(fc.array(resource, { minLength: 1, maxLength: 20 }), (left) => {
        const event = followUpOf(scheduledEvent(), { ...cursor, left })
        expect(parseFollowUp(JSON.parse(JSON.stringify(event)))?.cursor.left).toEqual(left)
      }),
      { numRuns: 100 },
    )
  })

  it.each([[null], ['text'], [{}], [[]], [{ source: 'aws.ecr' }], [scheduledEvent()]])('is not %j', (event) => {
    expect(parseFollowUp(event)).toBeUndefined()
  })

  it('is sent to the function itself and has to be taken', async () => {
    const sent: { FunctionName: string; InvocationType: string; Payload: Uint8Array }[] = []
    const caller = (StatusCode: number) => ({
      invoke: async (input: (typeof sent)[number]) => {
        sent.push(input)
        return { StatusCode }
      },
    })
    await invokeItself(caller(202))('arn', good)
    expect(sent.map(({ FunctionName, InvocationType }) => [FunctionName, InvocationType])).toEqual([['arn', 'Event']])
    expect(JSON.parse(new TextDecoder().decode(sent[0]?.Payload))).toEqual(good)
    await expect(invokeItself(caller(200))('arn', good)).rejects.toThrow('did not take')
    const large = { ...good, configEvent: { ...good.configEvent, resultToken: 'x'.repeat(262_144) } }
    const failure = invokeItself(caller(202))('arn', large)
    await expect(failure).rejects.toThrow('too large')
    await expect(failure).rejects.not.toThrow('xxx')
  })
})
