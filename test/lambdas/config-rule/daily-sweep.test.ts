import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefreshDay } from '../../../lambdas/config-rule/comparison.ts'
import { ecrRules } from '../../../shared/rules/ecr-rules.ts'
import { rules } from '../../../shared/rules/index.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import {
  accountFindingId,
  changeEvent,
  closedPolicy,
  type InvokeOptions,
  invoke,
  openPolicy,
  scheduledEvent,
} from './scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  serveCompliance(fake)
  fake.state.repositories.set('a', closedPolicy).set('b', closedPolicy).set('c', undefined)
})
afterEach(() => fake.close())

const account = '111122223333'
const day = (n: number) => new Date(Date.UTC(2026, 2, n, 11)).toISOString()
/** The first rule of its area that is on by default, and another one. */
const designated = 'ecr-pull-through-cache-restricted'
const other = 'ecr-repository-not-public'

/** The sweep of a day of March 2026: what AWS Config and Security Hub were told. */
async function sweepOn(n: number, ruleId = other, options: InvokeOptions = {}) {
  fake.evaluations.length = 0
  fake.calls.length = 0
  const event = { ...scheduledEvent(day(n)), ruleParameters: JSON.stringify({ ruleId }) }
  await invoke(fake, event, { rules, now: day(n), ...options })
  return { config: told(), hub: imported() }
}
const told = () => fake.evaluations.map((one) => `${one.ComplianceResourceId} ${one.ComplianceType}`)
const imported = () =>
  fake.calls
    .filter(({ operation }) => operation === 'BatchImportFindings')
    .flatMap(({ body }) =>
      body.Findings.map((one: { Resources: { Id: string }[] }) => one.Resources[0]?.Id.split('/').at(-1)),
    )
const failing = (operation: string) => {
  fake.state.plan = (one) => (one === operation ? { error: 'InternalException', status: 500 } : undefined)
}
const works = () => {
  fake.state.plan = () => undefined
}
const quietDays = (ruleId: string, first = 2) =>
  [...Array(28).keys()].map((n) => n + first).filter((n) => !isRefreshDay(accountFindingId(ruleId), day(n)))
const [one = 0, two = 0, three = 0] = quietDays(other)
const mark = `${account} NOT_APPLICABLE`
const nothing = { config: [], hub: [] }

describe('a second sweep that finds nothing changed', () => {
  it('writes one evaluation for one rule of the function, its heartbeat, and none for the others', async () => {
    const written = new Map<string, number>()
    for (const { id } of ecrRules) {
      fake.compliance.clear()
      await sweepOn(1, id)
      const [quiet = 0] = quietDays(id)
      const { config, hub } = await sweepOn(quiet, id)
      written.set(id, config.length)
      expect(hub, id).toEqual([])
    }
    const expected = ecrRules.map(({ id }): [string, number] => [id, id === designated ? 1 : 0])
    expect([...written]).toEqual(expected)
  })

  it('writes the account of another rule again once it is older than seven days', async () => {
    await sweepOn(1)
    const later = quietDays(other, 9).filter((n) => n > 8)[0] ?? 0
    for (const n of quietDays(other).filter((n) => n <= 8)) expect(await sweepOn(n)).toEqual(nothing)
    expect(await sweepOn(later)).toEqual({ config: [mark], hub: [] })
    expect(await sweepOn(quietDays(other, later + 1)[0] ?? 0)).toEqual(nothing)
  })

  it('proves its token once, and vouches for nothing new, on the one day in thirty that findings are sent again', async () => {
    await sweepOn(1)
    const days = [...Array(30).keys()].map((n) => n + 2)
    const [refresh = 0] = days.filter((n) => isRefreshDay(accountFindingId(other), day(n)))
    // Not old: the sweep of the day before has seen a change.
    fake.state.repositories.set('d', undefined)
    await sweepOn(refresh - 1)
    const { config, hub } = await sweepOn(refresh)
    expect(config).toEqual([mark])
    // A second before itself: AWS Config goes on showing the result of the day before.
    expect(fake.evaluations[0].OrderingTimestamp).toBe(Date.parse(day(refresh - 1)) / 1_000 - 1)
    expect(hub).toEqual(['a', 'b', 'c', 'd', account])
  })
})

describe('a change whose event was lost', () => {
  it('A11 is found by the next sweep, and written with the account', async () => {
    await sweepOn(1)
    fake.state.repositories.set('a', openPolicy)
    expect(await sweepOn(one)).toEqual({ config: ['a NON_COMPLIANT', mark], hub: ['a'] })
    expect(await sweepOn(two)).toEqual(nothing)
  })

  it.each(ecrRules.map(({ id }) => id))('A11 is found for %s too: it is swept', async (id) => {
    expect(rules.find((rule) => rule.id === id)?.triggers.scheduled).toBe(true)
    expect((await sweepOn(1, id)).config.length).toBeGreaterThan(0)
  })

  it('A11 is found by the sweep of every rule of the catalogue', () => {
    expect(rules.filter(({ triggers }) => !triggers.scheduled).map(({ id }) => id)).toEqual([])
  })
})

describe('C12 without a daily result of the account AWS Config and Security Hub agree in the end', () => {
  const change = (n: number) => {
    const item = { resourceId: 'a', resourceName: 'a', ARN: null, configurationItemCaptureTime: day(n) }
    return changeEvent({ item, event: { ruleParameters: JSON.stringify({ ruleId: other }) } })
  }

  it('C12 a finding whose change event failed half-way is sent by the next sweep, once', async () => {
    await sweepOn(1)
    fake.state.repositories.set('a', openPolicy)
    failing('BatchImportFindings')
    await expect(invoke(fake, change(one), { rules, now: day(one) })).rejects.toThrow('InternalException')
    works()
    const { config, hub } = await sweepOn(two)
    expect(hub).toEqual(['a'])
    expect(config).toEqual([mark, mark])
    expect(fake.evaluations.map((each) => each.OrderingTimestamp * 1_000)).toEqual([
      Date.parse(day(1)) - 1_000,
      Date.parse(day(two)),
    ])
    expect(await sweepOn(three)).toEqual(nothing)
  })

  it('C12 a sweep that could not send leaves the account as it was, and the next one sends', async () => {
    await sweepOn(1)
    fake.state.repositories.set('a', openPolicy)
    failing('BatchImportFindings')
    await expect(sweepOn(one)).rejects.toThrow('InternalException')
    expect(told()).toEqual(['a NON_COMPLIANT'])
    works()
    expect(await sweepOn(two)).toEqual({ config: [mark, mark], hub: ['a'] })
    expect(await sweepOn(three)).toEqual(nothing)
  })

  it('P2 while Security Hub takes nothing the account says so, without being written again each day', async () => {
    await sweepOn(1)
    fake.state.hubEnabled = false
    fake.state.repositories.set('a', openPolicy)
    expect((await sweepOn(one)).config).toEqual(['a NON_COMPLIANT', mark])
    expect(fake.evaluations.at(-1).Annotation).toMatch(/^Findings are not in Security Hub/)
    expect((await sweepOn(two)).config).toEqual([])
    fake.state.hubEnabled = true
    const { hub } = await sweepOn(three)
    expect(hub).toEqual(['a', 'b', 'c', account])
    expect(fake.evaluations.at(-1).Annotation).toMatch(/^3 resources/)
  })

  it('P2 where a listing could not be read the account vouches for nothing', async () => {
    await sweepOn(1)
    fake.state.plan = (operation) =>
      operation === 'DescribeRepositories' ? { error: 'AccessDeniedException', status: 400 } : undefined
    expect((await sweepOn(one)).config).toEqual([mark, `${account} NON_COMPLIANT`])
    works()
    expect((await sweepOn(two)).hub).toEqual(['a', 'b', 'c', account])
    expect(await sweepOn(three)).toEqual(nothing)
  })

  it('writes nothing every day where findings go to AWS Config only', async () => {
    const environment = { PULLPATH_SECURITY_HUB: 'off' }
    await sweepOn(1, other, { environment })
    expect(await sweepOn(one, other, { environment })).toEqual(nothing)
    fake.state.repositories.set('a', openPolicy)
    expect((await sweepOn(two, other, { environment })).config).toEqual(['a NON_COMPLIANT'])
  })
})
