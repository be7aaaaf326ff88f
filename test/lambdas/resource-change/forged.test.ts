import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InputError } from '../../../shared/model/errors.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { adminPolicy, policyArn, role } from '../config-rule/role-scenario.ts'
import { openPolicy } from '../config-rule/scenario.ts'
import { account, callEvent, scanEvent, told, watcher } from './scenario.ts'

const watchedRules = ['ecr-repository-not-public', 'ecr-registry-policy-not-public', 'role-registry-admin-restricted']
const shared = policyArn('shared')
const golden = [
  callEvent('ecr', 'SetRepositoryPolicy', { repositoryName: 'app', policyText: '{}' }),
  callEvent('ecr', 'DeleteRepository', { repositoryName: 'app' }),
  callEvent('ecr', 'PutRegistryPolicy', { policyText: '{}' }),
  callEvent('iam', 'DeleteRolePolicy', { roleName: 'deployer', policyName: 'inline' }),
  callEvent('iam', 'CreatePolicyVersion', { policyArn: shared, policyDocument: '{}', setAsDefault: true }),
  scanEvent('app'),
]

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fake.state.repositories.set('app', openPolicy)
  fake.state.registryPolicy = openPolicy
  const versions = new Map([['v1', '{"Statement":[]}']])
  fake.state.iam.policies.push({ ...{ arn: shared, id: 'ANPASHARED' }, defaultVersionId: 'v1', versions })
  fake.state.iam.roles.push(role('deployer', adminPolicy, { attached: [shared] }))
})
afterEach(() => fake.close())

/** Everything in the event that can be put in the place of something else, as a path of keys. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, held]) => pathsOf(held, [...path, key]))]
}

function replaced(event: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  const held = event as Record<string, unknown>
  return { ...held, [key]: replaced(held[key], rest, value) }
}

const mutated = fc
  .constantFrom(...golden)
  .chain((event) => fc.tuple(fc.constant(event), fc.constantFrom(...pathsOf(event)), fc.jsonValue({ maxDepth: 2 })))
  .map(([event, path, value]) => replaced(event, path, value))

describe('A1 a malformed event', () => {
  it('is refused with the field that is not as expected, or judged by the live resource', async () => {
    const watched = watcher(fake, watchedRules)
    await fc.assert(
      fc.asyncProperty(mutated, async (event) => {
        try {
          await watched.handle(event)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          expect((error as Error).message).toMatch(/^event[\w.-]*: \S/)
        }
      }),
      { numRuns: 300 },
    )
    expect(told(watched).filter(([, name, verdict]) => name === 'app' && verdict !== 'NON_COMPLIANT')).toEqual([])
  })

  it.each([
    ['nothing', undefined, 'event'],
    ['a text', 'x', 'event'],
    ['no detail', { ...golden[0], detail: undefined }, 'event.detail'],
    ['a time to come', { ...golden[0], time: '2026-03-01T13:00:00Z' }, 'event.time'],
    ['a service nobody listens to', callEvent('s3', 'PutBucketPolicy', {}), 'event.detail.eventSource'],
    ['two services', callEvent('ecr', 'CreateRole', {}, { event: { source: 'aws.iam' } }), 'event.source'],
    [
      'two regions',
      callEvent('ecr', 'DeleteRepository', {}, { detail: { awsRegion: 'us-east-1' } }),
      'event.detail.awsRegion',
    ],
    ['another kind of event', { ...golden[0], 'detail-type': 'ECR Image Action' }, 'event.detail-type'],
    [
      'a name of no form',
      callEvent('ecr', 'SetRepositoryPolicy', { repositoryName: '../x' }),
      'event.detail.requestParameters.repositoryName',
    ],
    ['a scan by nobody', scanEvent('app', { source: 'my.app' }), 'event.source'],
    [
      'a scan of no repository',
      scanEvent('arn:aws:ecs:eu-central-1:999999999999:repository/app'),
      'event.detail.repository-name',
    ],
    [
      'a scan of no name',
      scanEvent('arn:aws:ecr:eu-central-1:999999999999:repository/../x'),
      'event.detail.repository-name',
    ],
    ['a scan of a registry', scanEvent('arn:aws:ecr:eu-central-1:111122223333:app'), 'event.detail.repository-name'],
  ])('%s is refused by name, and nothing is asked or written', async (_what, event, field) => {
    const watched = watcher(fake, watchedRules)
    await expect(watched.handle(event)).rejects.toThrow(InputError)
    await expect(watched.handle(event)).rejects.toThrow(new RegExp(`^${field.replaceAll('.', '\\.')}: `))
    expect([...watched.published, ...fake.calls]).toEqual([])
  })
})

describe('A8 an event that lies', () => {
  it.each([
    ['another account', { account: '999999999999' }, /^event\.account: expected the account of this function$/],
    ['another region', { region: 'us-east-1' }, /^event\.region: expected the region of this function$/],
  ])('about %s is refused', async (_what, event, message) => {
    const watched = watcher(fake, watchedRules)
    await expect(
      watched.handle(callEvent('ecr', 'SetRepositoryPolicy', { repositoryName: 'app' }, { event })),
    ).rejects.toThrow(message)
    expect([...watched.published, ...fake.calls]).toEqual([])
  })

  it('about the account of its record is refused', async () => {
    const watched = watcher(fake, watchedRules)
    const event = callEvent(
      'ecr',
      'DeleteRepository',
      { repositoryName: 'app' },
      { detail: { recipientAccountId: '999999999999' } },
    )
    await expect(watched.handle(event)).rejects.toThrow(/^event\.detail\.recipientAccountId: /)
    expect([...watched.published, ...fake.calls]).toEqual([])
  })

  it('never makes a violation look good, whatever it says', async () => {
    const claims = fc.record(
      {
        policyText: fc.constantFrom('{}', '{"Version":"2012-10-17","Statement":[]}'),
        repositoryName: fc.constantFrom('app', 'other'),
        roleName: fc.constantFrom('deployer', 'nobody'),
        registryId: fc.constantFrom('111122223333', '999999999999'),
        complianceType: fc.constant('COMPLIANT'),
        policyArn: fc.constantFrom(shared, policyArn('gone'), shared.replace(account, '999999999999')),
        setAsDefault: fc.boolean(),
      },
      { requiredKeys: ['repositoryName', 'roleName'] },
    )
    const calls = fc.constantFrom(
      ...[
        ['ecr', 'SetRepositoryPolicy'],
        ['ecr', 'DeleteRepository'],
        ['ecr', 'DeleteRepositoryPolicy'],
      ],
      ...[
        ['ecr', 'DeleteRegistryPolicy'],
        ['iam', 'DeleteRolePolicy'],
        ['iam', 'UpdateAssumeRolePolicy'],
        ['iam', 'CreatePolicyVersion'],
        ['iam', 'SetDefaultPolicyVersion'],
      ],
    )
    const watched = watcher(fake, watchedRules)
    await fc.assert(
      fc.asyncProperty(calls, claims, claims, async ([service = '', name = ''], request, response) => {
        await watched.handle(callEvent(service, name, request, { response }))
        const ofViolations = told(watched).filter(([, resource]) => resource !== 'other')
        expect(ofViolations.filter(([, , verdict]) => verdict !== 'NON_COMPLIANT')).toEqual([])
      }),
      { numRuns: 300 },
    )
    expect(told(watched).length).toBeGreaterThan(50)
  })
})

describe('A5 and A6 calls that come twice and in any order', () => {
  it('leave the same verdicts', async () => {
    const final = (all: readonly unknown[][]) =>
      new Map(all.map(([rule, name, verdict]) => [`${rule} ${name}`, verdict]))
    const once = watcher(fake, watchedRules)
    for (const event of golden) await once.handle(event)
    const expected = final(told(once))
    expect(expected.size).toBe(3)
    const deliveries = fc
      .shuffledSubarray([...golden, ...golden, ...golden], { minLength: 15 })
      .filter((events) => new Set(events).size === golden.length)
    await fc.assert(
      fc.asyncProperty(deliveries, async (events) => {
        const watched = watcher(fake, watchedRules)
        for (const event of events) await watched.handle(event)
        expect(final(told(watched))).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })
})

const recorded = resolve('../shared/fixtures/events')
const calls = existsSync(recorded)
  ? readdirSync(recorded).filter((name) => /cloudtrail|image-scan|inspector2-scan/.test(name))
  : []
describe.runIf(calls.length > 0)('recorded events', () => {
  it.each(calls)('%s is judged, ignored or refused, and asks only for what it names', async (name) => {
    const { event } = JSON.parse(readFileSync(join(recorded, name), 'utf8'))
    const own = await startFakeAws(event.account, event.region)
    own.state.repositories.set('community', openPolicy)
    try {
      const watched = watcher(own, watchedRules, { at: event.region })
      const functionArn = `arn:aws:lambda:${event.region}:${event.account}:function:pullpath-resource-change`
      const outcome = await watched.handle(event, { functionArn }).catch((error: unknown) => error)
      const isCall = event['detail-type'] === 'AWS API Call via CloudTrail'
      if (name.startsWith('real_')) {
        expect(told(watched)).toEqual([['ecr-repository-not-public', 'community', 'NON_COMPLIANT']])
      } else if (isCall && event.detail.eventName !== 'CreateRepository') expect(own.calls).toEqual([])
      if (outcome !== undefined) expect(outcome).toBeInstanceOf(InputError)
    } finally {
      await own.close()
    }
  })
})
