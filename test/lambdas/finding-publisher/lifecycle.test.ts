import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefreshDay } from '../../../lambdas/config-rule/comparison.ts'
import { findingId } from '../../../shared/engine/finding-id.ts'
import type { Compliance, Finding } from '../../../shared/model/finding.ts'
import { sendFindings } from '../../../shared/sinks/queue/send-findings.ts'
import { asffOf } from '../../../shared/sinks/security-hub/asff.ts'
import { Refusal } from '../../support/fake-aws/refusal.ts'
import { type FakeSecurityHub, fakeSecurityHub, type Workflow } from '../../support/fake-aws/security-hub.ts'
import { type FakeQueue, fakeQueue } from '../../support/fake-aws/sqs.ts'
import { accountId, findingOf, publisher, region } from './scenario.ts'

const start = Date.parse('2026-03-01T12:00:00.000Z')
const second = 1_000
const day = 86_400_000

/** Producers, queue, publisher and Security Hub, on one clock. */
interface World {
  now: number
  readonly hub: FakeSecurityHub
  readonly queue: FakeQueue
  /** Puts the verdicts into the queue; without a value for a verdict that could not be reached for a passing reason. */
  produce(findings: readonly Finding[], readAt: number): Promise<void>
  /** Lets Lambda poll until nothing is in the queue. */
  drain(): Promise<void>
}

function newWorld(order: FakeQueue['order'] = (messages) => messages): World {
  const world = { now: start } as { -readonly [K in keyof World]: World[K] }
  world.hub = fakeSecurityHub({ accountId, region, now: () => world.now, readLag: 5 * second })
  world.queue = fakeQueue({ now: () => world.now, visibilityTimeout: 360 * second, maxReceiveCount: 10 })
  world.queue.order = order
  const { run } = publisher(world.hub, () => world.now)
  world.produce = (findings, readAt) =>
    sendFindings(
      { client: world.queue.client, queueUrl: world.queue.url, sleep: async () => undefined, random: () => 0 },
      findings.flatMap((finding) => asffOf(finding, new Date(readAt).toISOString(), region) ?? []),
    )
  world.drain = async () => {
    while (world.queue.messages.length > 0) {
      if (!(await world.queue.poll(run))) world.now += 60 * second
      world.now += second
    }
  }
  return world
}

const ids = ['00000000aa', '0000000fbb', '0000001dcc'] as const
const securityHubId = (id: string) => `pullpath/${id}`
const statuses = new Map<Compliance, string>([
  ['COMPLIANT', 'PASSED'],
  ['NOT_APPLICABLE', 'PASSED'],
  ['NON_COMPLIANT', 'FAILED'],
  ['UNDETERMINED', 'WARNING'],
])

/** What we expect Security Hub to hold of a finding. */
interface Expected {
  compliance: Compliance
  updatedAt: number
  workflow: Workflow
}
type Model = Map<string, Expected>

/** What anybody expects of an import that arrives: the newest state, and work that is open again only if it is. */
function expectImport(model: Model, id: string, compliance: Compliance, updatedAt: number): void {
  const before = model.get(id)
  if (before === undefined) {
    model.set(id, { compliance, updatedAt, workflow: 'NEW' })
    return
  }
  if (updatedAt <= before.updatedAt) return
  const wasFine = before.compliance === 'COMPLIANT' || before.compliance === 'NOT_APPLICABLE'
  const isBad = compliance === 'NON_COMPLIANT' || compliance === 'UNDETERMINED'
  const isBack = before.compliance === 'NOT_APPLICABLE' && compliance !== 'NOT_APPLICABLE'
  const opens = before.workflow !== 'SUPPRESSED' && ((wasFine && isBad) || isBack)
  model.set(id, { compliance, updatedAt, workflow: opens ? 'NEW' : before.workflow })
}

function expectHeld(model: Model, { hub }: World): void {
  for (const [id, { compliance, updatedAt, workflow }] of model) {
    const held = hub.held(securityHubId(id))
    expect([
      held?.finding.Compliance.Status,
      held?.finding.RecordState,
      held?.finding.UpdatedAt,
      held?.workflow,
    ]).toEqual([
      statuses.get(compliance),
      compliance === 'NOT_APPLICABLE' ? 'ARCHIVED' : 'ACTIVE',
      new Date(updatedAt).toISOString(),
      workflow,
    ])
  }
}

type Command = fc.AsyncCommand<Model, World>
const idOf = fc.constantFrom(...ids)
const verdictOf = fc.constantFrom<Compliance>('COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'UNDETERMINED')
const command = (name: string, run: Command['run'], check: Command['check'] = () => true): Command => ({
  check,
  run,
  toString: () => name,
})

const imports = fc.tuple(idOf, verdictOf).map(([id, compliance]) =>
  command(`import ${id} ${compliance}`, async (model, world) => {
    world.now += second
    const readAt = world.now
    await world.produce([findingOf(id, { compliance })], readAt)
    await world.drain()
    expectImport(model, id, compliance, readAt)
    expectHeld(model, world)
  }),
)
const outOfOrder = fc
  .tuple(idOf, fc.array(verdictOf, { minLength: 2, maxLength: 4 }), fc.nat())
  .map(([id, verdicts, seed]) =>
    command(`out of order ${id} ${verdicts} ${seed}`, async (model, world) => {
      const readAt = world.now + second
      world.now += verdicts.length * second
      const timed = verdicts.map((compliance, n) => ({ compliance, at: readAt + n * second }))
      const first = seed % timed.length
      const arriving = [...timed.slice(first), ...timed.slice(0, first)]
      // Some arrive together, some later: what is sent is the newest of those that arrive together.
      for (const part of seed % 2 === 0 ? [arriving] : [arriving.slice(0, 1), arriving.slice(1)]) {
        for (const { compliance, at } of part) await world.produce([findingOf(id, { compliance })], at)
        await world.drain()
        const newest = part.reduce((one, other) => (other.at > one.at ? other : one))
        expectImport(model, id, newest.compliance, newest.at)
      }
      expectHeld(model, world)
    }),
  )
const unreachable = idOf.map((id) =>
  command(`a failure that passes on ${id}`, async (model, world) => {
    world.now += second
    await world.produce([findingOf(id, { compliance: 'UNDETERMINED', transience: 'passing' })], world.now)
    expect(world.queue.messages).toEqual([])
    expectHeld(model, world)
  }),
)
const outage = fc
  .tuple(idOf, verdictOf, fc.constantFrom('InternalException', 'LimitExceededException'))
  .map(([id, compliance, code]) =>
    command(`import ${id} ${compliance} during ${code}`, async (model, world) => {
      world.now += second
      const readAt = world.now
      const until = world.hub.calls.length + 6
      world.hub.refusing = (call) => (call <= until ? new Refusal(code, 500) : undefined)
      await world.produce([findingOf(id, { compliance })], readAt)
      await world.drain()
      world.hub.refusing = () => undefined
      expectImport(model, id, compliance, readAt)
      expectHeld(model, world)
    }),
  )
const humans = fc.tuple(idOf, fc.constantFrom<Workflow>('SUPPRESSED', 'RESOLVED', 'NOTIFIED')).map(([id, workflow]) =>
  command(
    `a person says ${workflow} of ${id}`,
    async (model, world) => {
      world.now += second
      world.hub.work(securityHubId(id), workflow)
      const held = model.get(id)
      if (held) held.workflow = workflow
      expectHeld(model, world)
    },
    (model) => model.has(id),
  ),
)
const redelivery = idOf.map((id) =>
  command(
    `the last message on ${id} again`,
    async (model, world) => {
      const { compliance, updatedAt } = model.get(id)!
      await world.produce([findingOf(id, { compliance })], updatedAt)
      await world.drain()
      expectHeld(model, world)
    },
    (model) => model.has(id),
  ),
)
/** Days with a sweep each: what is unchanged is sent on its refresh day only. */
const days = fc.integer({ min: 1, max: 100 }).map((count) =>
  command(`${count} days`, async (model, world) => {
    for (let n = 0; n < count; n++) {
      world.now += day
      const readAt = world.now
      const time = new Date(readAt).toISOString()
      // A sweep finds nothing of what is gone.
      const due = [...model].filter(([id, held]) => held.compliance !== 'NOT_APPLICABLE' && isRefreshDay(id, time))
      await world.produce(
        due.map(([id, { compliance }]) => findingOf(id, { compliance })),
        readAt,
      )
      await world.drain()
      for (const [id, { compliance }] of due) expectImport(model, id, compliance, readAt)
    }
    // What is gone may be forgotten; what is there, in no case.
    for (const [id, { compliance }] of [...model]) {
      if (compliance === 'NOT_APPLICABLE' && world.hub.held(securityHubId(id)) === undefined) model.delete(id)
    }
    expectHeld(model, world)
  }),
)

describe('findings in Security Hub', () => {
  it('C10 hold the newest state and open work again only when it is, whatever happens in which order', async () => {
    const commands = fc.commands([imports, outOfOrder, unreachable, outage, humans, redelivery, days], {
      maxCommands: 30,
    })
    await fc.assert(
      fc.asyncProperty(commands, async (plan) => {
        const world = newWorld((messages) => [...messages].reverse())
        await fc.asyncModelRun(() => ({ model: new Map(), real: world }), plan)
        expect(world.queue.deadLetters).toEqual([])
        for (const finding of world.hub.calls.flat()) expect(finding.Compliance.Status).not.toBe('NOT_AVAILABLE')
      }),
      { numRuns: 300 },
    )
  })

  it('C9 stay suppressed when they are imported again, under the same id', async () => {
    const world = newWorld()
    const { resource } = findingOf('x')
    const id = findingId('ecr-repository-not-public', resource)
    // Written down: another id would be another finding, which nobody has suppressed.
    expect(id).toBe('839cf16955d0a5794d27a193a388225c')
    for (const compliance of [
      'NON_COMPLIANT',
      'COMPLIANT',
      'NON_COMPLIANT',
      'NOT_APPLICABLE',
      'UNDETERMINED',
    ] as const) {
      world.now += second
      await world.produce([findingOf(id, { compliance })], world.now)
      await world.drain()
      if (world.hub.calls.length === 1) world.hub.work(securityHubId(id), 'SUPPRESSED')
      const held = world.hub.held(securityHubId(id))
      expect([held?.workflow, held?.finding.Compliance.Status]).toEqual(['SUPPRESSED', statuses.get(compliance)])
    }
    expect(world.hub.calls.length).toBe(5)
    expect(world.hub.reopened).toEqual([])
  })

  it('C10 that pass and fail in turn open work again once each time they really fail', async () => {
    const world = newWorld()
    const [id] = ids
    const verdicts: readonly Finding[] = [
      findingOf(id),
      findingOf(id, { compliance: 'COMPLIANT' }),
      findingOf(id, { compliance: 'UNDETERMINED', transience: 'passing' }),
      findingOf(id, { compliance: 'COMPLIANT' }),
      findingOf(id),
      findingOf(id, { compliance: 'UNDETERMINED', transience: 'passing' }),
      findingOf(id),
      findingOf(id, { compliance: 'COMPLIANT' }),
    ]
    const seen: (Workflow | undefined)[] = []
    for (const verdict of verdicts) {
      world.now += 10 * second
      await world.produce([verdict], world.now)
      await world.drain()
      seen.push(world.hub.held(securityHubId(id))?.workflow)
      world.hub.work(securityHubId(id), 'RESOLVED')
    }
    expect(seen).toEqual(['NEW', 'RESOLVED', 'RESOLVED', 'RESOLVED', 'NEW', 'RESOLVED', 'RESOLVED', 'RESOLVED'])
    expect(world.hub.reopened).toEqual([securityHubId(id)])
  })

  it('C11 never expire in 120 days when each is sent again on its own day of thirty, and do without', async () => {
    const findings = Array.from({ length: 300 }, (_, n) =>
      findingOf(findingId('some-rule', { ...findingOf('x').resource, arn: `arn:aws:ecr:::repository/${n}` }), {
        compliance: n % 2 === 0 ? 'COMPLIANT' : 'NON_COMPLIANT',
      }),
    )
    const kept = async (isDue: (id: string, time: string) => boolean) => {
      const world = newWorld()
      await world.produce(findings, world.now)
      await world.drain()
      const perDay: number[] = []
      for (let n = 1; n <= 120; n++) {
        world.now = start + n * day
        const due = findings.filter(({ id }) => isDue(id, new Date(world.now).toISOString()))
        await world.produce(due, world.now)
        await world.drain()
        perDay.push(due.length)
        if (n % 10 === 0) expect(world.hub.reopened).toEqual([])
      }
      const held = findings.filter(({ id }) => world.hub.held(securityHubId(id)) !== undefined).length
      return { held, most: Math.max(...perDay), sent: perDay.reduce((sum, count) => sum + count, 0) }
    }
    const refreshed = await kept(isRefreshDay)
    expect([refreshed.held, refreshed.sent]).toEqual([300, 4 * 300])
    // Spread: ten a day on average.
    expect(refreshed.most).toBeLessThanOrEqual(25)
    expect((await kept(() => false)).held).toBe(0)
  })
})
