import { GetRepositoryPolicyCommand } from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listRepositories } from '../../../shared/sources/ecr/repositories.ts'
import { callBudget } from '../../../shared/sources/polite/call-budget.ts'
import type { CallRate } from '../../../shared/sources/polite/call-rates.ts'
import type { Politeness } from '../../../shared/sources/polite/politeness.ts'
import { politeness } from '../../../shared/sources/polite/process-politeness.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { place, politeEcr, testPoliteness } from './support.ts'

let fake: FakeAws

beforeEach(async () => {
  fake = await startFakeAws()
})

afterEach(() => fake.close())

const policy = '{"Version":"2012-10-17","Statement":[]}'

/** The account limits calls with a bucket of its own. */
function limitCalls({ burst, perSecond }: CallRate): { throttled: number } {
  const counted = { throttled: 0 }
  let tokens = burst
  let last = performance.now()
  fake.state.plan = () => {
    const now = performance.now()
    tokens = Math.min(burst, tokens + ((now - last) * perSecond) / 1_000)
    last = now
    if (tokens >= 1) {
      tokens -= 1
      return undefined
    }
    counted.throttled += 1
    return { error: 'ThrottlingException', status: 400 }
  }
  return counted
}

function repositories(count: number): readonly string[] {
  const names = Array.from({ length: count }, (_, index) => `team/app-${index}`)
  for (const name of names) fake.state.repositories.set(name, policy)
  return names
}

function reader(polite: Politeness, callTimeout = 60_000) {
  const { accountId, region } = place
  const client = politeEcr(fake.endpoint, polite)
  return { accountId, region, readAt: '2026-10-01T00:00:00.000Z', callTimeout, client }
}

/** Real waits, a tenth as long. */
function hurried(rate: CallRate): Politeness {
  const real = politeness({ budget: callBudget(() => rate) })
  return { ...real, sleep: (milliseconds, signal) => real.sleep(milliseconds / 10, signal) }
}

describe('B1 throttling bursts', () => {
  it.each([
    ['above what is asked', { burst: 60, perSecond: 500 }, { burst: 50, perSecond: 400 }],
    ['far below what is asked', { burst: 30, perSecond: 150 }, { burst: 60, perSecond: 500 }],
  ])(
    'B1 a burst of 300 calls with a limit %s finishes complete with at most three times the calls',
    async (_name, limit, rate) => {
      const names = repositories(300)
      limitCalls(limit)
      const client = politeEcr(fake.endpoint, hurried(rate))
      const answers = await Promise.all(
        names.map((repositoryName) => client.send(new GetRepositoryPolicyCommand({ repositoryName }))),
      )
      expect(answers.map((answer) => answer.policyText)).toEqual(names.map(() => policy))
      expect(fake.calls.length).toBeLessThanOrEqual(900)
    },
  )

  it('B1 a listing of 100 throttled repositories loses none', async () => {
    const names = repositories(100)
    const counted = limitCalls({ burst: 10, perSecond: 200 })
    const reading = await listRepositories(reader(hurried({ burst: 40, perSecond: 400 })))
    expect(reading.items.map((item) => item.resourceName).sort()).toEqual([...names].sort())
    expect(reading.gaps).toEqual([])
    expect(reading.coverage.map(({ status }) => status)).toEqual(['known'])
    expect(counted.throttled).toBeGreaterThan(0)
    expect(fake.calls.length).toBeLessThanOrEqual(3 * (fake.calls.length - counted.throttled))
  })
})

describe('B2 throttled past the deadline', () => {
  it('B2 a call that is always throttled ends within its time, and trying again later may help', async () => {
    repositories(1)
    fake.state.plan = () => ({ error: 'ThrottlingException', status: 400 })
    const polite = testPoliteness({ callTimeout: 5_000 })
    const reading = await listRepositories(reader(polite))
    expect(reading.coverage).toEqual([
      {
        accountId: place.accountId,
        region: place.region,
        resourceType: 'AWS::ECR::Repository',
        status: 'unknown',
        reason: 'ecr:DescribeRepositories failed with ThrottlingException',
      },
    ])
    expect(reading.gaps.map(({ transience }) => transience)).toEqual(['passing'])
    expect(reading.items).toEqual([])
    expect(polite.elapsed()).toBeLessThan(5_000)
    expect(fake.calls.length).toBe(polite.waits.length + 1)
  })

  it('B2 a call that never comes up in the budget ends with its time', async () => {
    const budget = callBudget(() => ({ burst: 1, perSecond: 0.001 }))
    const polite = politeness({ budget, callTimeout: 1_000 })
    const client = politeEcr(fake.endpoint, polite)
    repositories(1)
    const send = () => client.send(new GetRepositoryPolicyCommand({ repositoryName: 'team/app-0' }))
    expect((await send()).policyText).toBe(policy)
    await expect(send()).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(fake.calls).toHaveLength(1)
  })
})

describe('B7 answers that are no answers', () => {
  const rows = [
    ['hang', { hang: true }, 'TimeoutError'],
    ['are malformed', { text: '{"repositories": [' }, 'SyntaxError'],
    ['are HTML', { text: '<html></html>' }, 'SyntaxError'],
    ['are an empty 200', { text: '' }, 'MalformedAnswer'],
    ['have the wrong type', { answer: { repositories: { a: 1 } } }, 'MalformedAnswer'],
    ['are null', { answer: { repositories: null } }, 'MalformedAnswer'],
  ] as const
  it.each(rows)('B7 that %s for ever leave the listing unknown for now', async (_name, fault, error) => {
    repositories(1)
    fake.state.plan = () => fault
    const hasty = testPoliteness({ attemptTimeout: 'hang' in fault ? 60 : 5_000, callTimeout: 1_000 })
    const reading = await listRepositories(reader(hasty))
    expect(reading.coverage).toMatchObject([
      { status: 'unknown', reason: `ecr:DescribeRepositories failed with ${error}` },
    ])
    expect(reading.gaps.map(({ transience }) => transience)).toEqual(['passing'])
    expect(reading.items).toEqual([])
  })

  it.each(rows.filter(([, , error]) => error !== 'MalformedAnswer'))(
    'B7 that %s once cost one request more',
    async (_name, fault) => {
      repositories(1)
      fake.state.plan = (_operation, n) => (n === 1 ? fault : undefined)
      const reading = await listRepositories(reader(testPoliteness({ attemptTimeout: 1_000 })))
      const calls = fake.calls.map(({ operation }) => operation)
      expect(reading.gaps).toEqual([])
      expect(reading.items.map((item) => item.resourceName)).toEqual(['team/app-0'])
      for (const operation of new Set(calls)) expect(calls.filter((call) => call === operation)).toHaveLength(2)
    },
  )
})

describe('B1 many calls on one client', () => {
  it('B1 all get their answers though each is throttled three times', async () => {
    const names = repositories(300)
    const seen = new Map<string, number>()
    fake.state.plan = (_operation, _n, { repositoryName }) => {
      const times = (seen.get(repositoryName) ?? 0) + 1
      seen.set(repositoryName, times)
      return times <= 3 ? { error: 'ThrottlingException', status: 400 } : undefined
    }
    const polite = testPoliteness({ callTimeout: 25_000, attemptTimeout: 25_000, elapsed: () => 0 })
    const client = politeEcr(fake.endpoint, polite)
    const answers = await Promise.all(
      names.map((repositoryName) => client.send(new GetRepositoryPolicyCommand({ repositoryName }))),
    )
    expect(answers.map((answer) => answer.policyText)).toEqual(names.map(() => policy))
    expect(fake.calls).toHaveLength(1_200)
    expect(new Set(polite.reports.map(({ attempts }) => attempts))).toEqual(new Set([4]))
  })
})
