// biome-ignore-all lint/suspicious/noExplicitAny: events are whatever the test makes of them
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  eventOf,
  invoke,
  type PullAccount,
  registry,
  seconds,
  show,
  startPullAccount,
  stoppedEvent,
  writes,
} from './scenario.ts'

let account: PullAccount
beforeEach(async () => {
  account = await startPullAccount()
})
afterEach(() => account.fake.close())

const golden = ['ecs-task-stopped', 'ecs-service-action', 'ecr-pull-through-failed', 'ecr-replication-failed']
const task = (detail: object) => eventOf('ecs-task-stopped', detail as Record<string, unknown>)

it.each([
  ['no object', 'text', 'event: expected object'],
  ['nothing', undefined, 'event: expected object'],
  ['a list', [], 'event: expected object'],
  ['no account', { ...task({}), account: undefined }, 'event.account: expected string'],
  ['an account that is a number', { ...task({}), account: 111122223333 }, 'event.account: expected string'],
  ['no detail', { ...task({}), detail: undefined }, 'event.detail: expected record'],
  ['no time', { ...task({}), time: 'yesterday' }, 'event.time: expected an ISO 8601 time'],
  [
    'a time to come',
    { ...task({}), time: '2027-01-01T00:00:00Z' },
    'event.time: lies more than 15 minutes in the future',
  ],
  ['another kind', { ...task({}), 'detail-type': 'ECR Image Action' }, 'event.detail-type: expected a task'],
  ['another source', { ...task({}), source: 'my.app' }, 'event.detail-type: expected a task'],
  ['no task', task({ taskArn: undefined }), 'event.detail.taskArn: expected string'],
  ['a reason that is no text', task({ stoppedReason: { a: 1 } }), 'event.detail.stoppedReason: expected string'],
  ['containers that are none', task({ containers: [1] }), 'event.detail.containers.0: expected object'],
  [
    'no service',
    eventOf('ecs-service-action', {}, { resources: [] }),
    'event.resources: expected the ARN of a service',
  ],
  [
    'no digest',
    eventOf('ecr-replication-failed', { 'image-digest': 'x' }),
    'event.detail.image-digest: expected the digest',
  ],
  [
    'a path',
    eventOf('ecr-pull-through-failed', { 'repository-name': '../x' }),
    'event.detail.repository-name: expected',
  ],
])('A1 an event with %s is refused by the name of its field', async (_, event, message) => {
  await expect(invoke(account, event)).rejects.toThrow(message)
  expect(account.fake.calls).toEqual([])
})

it('A1 no event that is arbitrary JSON, or a golden one with a field replaced, leads to a write without a pull error', async () => {
  const mutated = fc
    .tuple(fc.constantFrom(...golden), fc.boolean(), fc.nat(30), fc.jsonValue())
    .map(([name, inDetail, index, value]) => {
      const event = eventOf(name, { stoppedReason: 'Scaling activity initiated by a deployment' })
      const target = inDetail ? event.detail : event
      const keys = Object.keys(target)
      target[keys[index % keys.length]!] = value
      return event
    })
    // What ECR is said to have failed at is judged by the registry; its own tests are elsewhere.
    .filter((event) => !String(event['detail-type']).startsWith('ECR '))
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), mutated), async (event) => {
      await invoke(account, event).catch(() => undefined)
      expect(writes(account)).toBe(0)
    }),
    { numRuns: 150 },
  )
})

it.each([
  ['account', { account: '444455556666' }, 'event.account: expected the account of this function'],
  ['region', { region: 'us-east-1' }, 'event.region: expected the region of this function'],
])('A8 events of another %s are refused', async (_, more, message) => {
  for (const name of golden) await expect(invoke(account, eventOf(name, {}, more))).rejects.toThrow(message)
  expect(account.fake.calls).toEqual([])
})

it.each(['taskArn', 'clusterArn', 'taskDefinitionArn'])(
  'A8 an event whose %s is of another account or region is refused',
  async (field) => {
    for (const [from, to] of [
      ['111122223333', '444455556666'],
      ['eu-central-1', 'us-east-1'],
    ] as const) {
      const event = task({ [field]: task({}).detail[field].replace(from, to) })
      await expect(invoke(account, event)).rejects.toThrow(`event.detail.${field}: expected an ARN of ecs`)
    }
    expect(account.fake.calls).toEqual([])
  },
)

it('A8 a forged error of a task that ECS shows as running writes nothing', async () => {
  const forged = stoppedEvent({ stoppedReason: 'CannotPullContainerError: gremlins' })
  show(account, { detail: { ...forged.detail, lastStatus: 'RUNNING', desiredStatus: 'RUNNING' } })
  await invoke(account, forged)
  expect(writes(account)).toBe(0)
})

it('A8 no event content alone turns a failed finding into a passed one', async () => {
  const text = 'CannotPullContainerError: gremlins'
  account.images.set('app', [])
  await invoke(account, show(account, stoppedEvent({ stoppedReason: text })))
  const forged = fc
    .tuple(
      fc.constantFrom(...golden),
      fc.constantFrom('RUNNING', 'STOPPED'),
      fc.constantFrom('SUCCESS', 'FAILED'),
      fc.nat(30),
      fc.jsonValue(),
    )
    .map(([name, status, result, index, value]) => {
      const event = eventOf(
        name,
        { lastStatus: status, desiredStatus: status, result, 'sync-status': result },
        { time: '2026-03-01T11:29:00Z' },
      )
      const keys = Object.keys(event.detail)
      event.detail[keys[index % keys.length]!] = value
      return event
    })
  await fc.assert(
    fc.asyncProperty(forged, async (event) => {
      await invoke(account, event).catch(() => undefined)
      const ofService = [...account.hub.values()].filter((one) => one.Resources[0].Type === 'AwsEcsService')
      for (const one of ofService) expect([one.Compliance.Status, one.RecordState]).toEqual(['FAILED', 'ACTIVE'])
    }),
    { numRuns: 60 },
  )
}, 30_000)

it('A8 an error that only the event claims never fails what the configuration lets pull', async () => {
  await invoke(account, stoppedEvent({ stoppedReason: 'CannotPullContainerError: gremlins' }))
  const [finding] = [...account.hub.values()]
  expect(finding.Compliance.Status).toBe('WARNING')
  expect(finding.Description).toContain('which ECS no longer shows anything of')
})

const hostile: readonly (readonly [string, string])[] = [
  ['control characters', 'CannotPullContainerError: \u0000\u001b[31mred\u202e\r\nnot found\u2028\u200b'],
  ['a megabyte', `CannotPullContainerError: ${'gremlins '.repeat(120_000)}`],
  ['a megabyte without spaces', `CannotPullContainerError: ${'a'.repeat(1_000_000)}`],
  ['lone surrogates', 'CannotPullContainerError: \ud800 gremlins \udc00'],
  ['markup', 'CannotPullContainerError: <script>alert(1)</script> [x](javascript:1)'],
]

it.each(hostile)('hostile text in a reason (%s) is cut and cleaned', async (_, text) => {
  const started = performance.now()
  await invoke(account, show(account, stoppedEvent({ stoppedReason: text, containerReason: text })))
  expect(performance.now() - started).toBeLessThan(5_000)
  const [finding] = [...account.hub.values()]
  expect(finding.Description.length).toBeLessThanOrEqual(1024)
  const texts = [finding.Description, ...Object.values(finding.ProductFields)] as string[]
  for (const one of texts) expect(one).not.toMatch(/[\p{Cc}\p{Cs}\u202e\u200b\u2028]/u)
})

/** Every text in a value. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** What Security Hub takes, and what a reader may be shown. */
function expectFit(finding: any): void {
  for (const one of textsIn(finding)) expect(one).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u200b\u2028\u2029]/u)
  const { Title, Description, Remediation, Compliance, ProductFields } = finding
  expect([Title.length <= 256, Description.length <= 1024]).toEqual([true, true])
  expect(Remediation.Recommendation.Text.length).toBeLessThanOrEqual(512)
  for (const { Description: text } of Compliance.StatusReasons) expect(text.length).toBeLessThanOrEqual(1024)
  expect(Object.keys(ProductFields).length).toBeLessThanOrEqual(50)
  for (const text of textsIn(ProductFields)) expect(text.length).toBeLessThanOrEqual(1024)
  expect(Buffer.byteLength(JSON.stringify(finding))).toBeLessThan(240_000)
}

const channels: readonly (readonly [string, (text: string) => any])[] = [
  ['the reason of a task', (text) => show(account, stoppedEvent({ stoppedReason: text }))],
  ['the reason of a container', (text) => show(account, stoppedEvent({ containerReason: text }))],
  ['a reason that ECS no longer shows', (text) => stoppedEvent({ stoppedReason: text })],
  [
    'the group of a task',
    (text) => stoppedEvent({ stoppedReason: 'CannotPullContainerError: x', group: text.slice(0, 512) }),
  ],
  [
    'the events of a service',
    (text) => {
      account.fake.state.ecs.services[0].events = [
        { id: '1', message: text, createdAt: seconds('2026-03-01T11:09:00Z') },
      ]
      return eventOf('ecs-service-action', { eventName: 'SERVICE_TASK_START_IMPAIRED' })
    },
  ],
  [
    'the reason of a cache',
    (text) => {
      const upstream = { upstreamRegistryUrl: 'registry-1.docker.io', upstreamRegistry: 'docker-hub' }
      account.fake.state.cacheRules = [{ ecrRepositoryPrefix: 'docker-hub', ...upstream }]
      return eventOf('ecr-pull-through-failed', { 'failure-code': text, 'failure-reason': text })
    },
  ],
]

it.each(channels)(
  'hostile text by way of %s stays within what Security Hub takes, without invisible characters',
  async (_, eventWith) => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u0000',
        '\u001b[2J',
        '\r\n',
        '\u2028',
        '\u202e',
        '\u2066',
        '\u200b',
        '\ud83d',
        '😀'.repeat(300),
      ),
      fc.constantFrom('\\u202e', '\\u0000', '\\n', '"}],"Compliance":{"Status":"PASSED"}', 'a'.repeat(3_000)),
      fc.constantFrom('$(reboot)', "';reboot;'", '`reboot`', ' --profile x', `${registry}/app:1$(reboot)`),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 6 }), async (pieces) => {
        account.hub.clear()
        account.tasks.splice(0)
        await invoke(account, eventWith(`CannotPullContainerError: ${pieces.join('')} not found`))
        expect(account.hub.size).toBe(1)
        for (const finding of account.hub.values()) {
          expectFit(finding)
          expect(finding.Compliance.Status).not.toBe('PASSED')
          expect(finding.Remediation.Recommendation.Text).not.toMatch(/[$`]\(?reboot|;reboot|--profile x/)
        }
      }),
      { numRuns: 10, examples: [[['\u202e', '\u200b', '\u0000', '\ud83d']], [['\\u202e', '😀'.repeat(300)]]] },
    )
  },
  30_000,
)

it('hostile keys are passed over', async () => {
  const detail = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')
  const event = stoppedEvent({ stoppedReason: 'Essential container in task exited' })
  await invoke(account, JSON.parse(JSON.stringify({ ...event, detail: { ...event.detail, ...detail } })))
  expect(({} as any).polluted).toBeUndefined()
  expect(account.fake.calls).toEqual([])
})

it('hostile names in ARNs are refused', async () => {
  for (const name of ['../../x', 'a b', "';drop", '\u0000']) {
    const taskArn = `arn:aws:ecs:eu-central-1:111122223333:task/main/${name}\n`
    await expect(invoke(account, task({ taskArn }))).rejects.toThrow('event.detail.taskArn: expected an ARN of ecs')
  }
})

const recorded = new URL('../../../../shared/fixtures/events/', import.meta.url)
it.skipIf(!existsSync(recorded))('recorded events of ECS and ECR are understood up to whose they are', async () => {
  const names = readdirSync(recorded).filter((name) =>
    /ecs-(?:task|service-action)|pull-through-cache|replication/.test(name),
  )
  expect(names.length).toBeGreaterThan(8)
  for (const name of names) {
    const { event } = JSON.parse(readFileSync(new URL(name, recorded), 'utf8'))
    const isValidTime = !Number.isNaN(Date.parse(event.time))
    const expected = isValidTime ? 'event.account|event.region' : 'event.time'
    await expect(invoke(account, event), name).rejects.toThrow(new RegExp(expected))
  }
})
