import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InputError } from '../../../shared/model/errors.ts'
import { ecrRules } from '../../../shared/rules/ecr-rules.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeQueue, fakeQueue } from '../../support/fake-aws/sqs.ts'
import { callEvent } from '../resource-change/scenario.ts'
import { type InvokeOptions, invoke, openPolicy } from './scenario.ts'

const notPublic = 'ecr-repository-not-public'
const setPolicy = callEvent('ecr', 'SetRepositoryPolicy', { repositoryName: 'app', policyText: '{}' })
const ofRegistry = callEvent('ecr', 'PutRegistryPolicy', { policyText: '{}' })

let fake: FakeAws
let queue: FakeQueue
beforeEach(async () => {
  fake = await startFakeAws()
  fake.state.repositories.set('app', openPolicy)
  queue = fakeQueue({ now: () => 0 })
})
afterEach(() => fake.close())

const audit = (event: unknown, environment: Record<string, string> = {}, options: InvokeOptions = {}) => {
  const variables = { PULLPATH_FINDINGS_QUEUE_URL: queue.url, PULLPATH_RULES: notPublic, ...environment }
  return invoke(fake, event, { rules: ecrRules, sqs: queue.client, environment: variables, ...options })
}
const queued = () =>
  queue.messages.map(({ body }) => {
    const { GeneratorId, Resources, Compliance, UpdatedAt } = JSON.parse(body)
    return [GeneratorId, Resources[0].Id.split('/').at(-1), Compliance.Status, UpdatedAt]
  })

describe('a change that is handed on to an auditor', () => {
  it('is judged by the live resource and queued, and AWS Config is told nothing', async () => {
    await audit(setPolicy)
    expect(queued()).toEqual([[`pullpath/${notPublic}`, 'app', 'FAILED', '2026-03-01T12:00:00.000Z']])
    expect(fake.calls.filter(({ operation }) => operation === 'PutEvaluations')).toEqual([])
  })

  it('is judged by rules of the area that the deployment has, and by no other', async () => {
    await audit(setPolicy, { PULLPATH_RULES: 'ecs-roles-separate' })
    await audit(setPolicy, { PULLPATH_RULE_SETS: 'ecr=none,role=all' })
    expect([...queued(), ...fake.calls]).toEqual([])
    await audit(setPolicy, { PULLPATH_RULES: 'ecs-roles-separate', PULLPATH_RULE_SETS: 'ecr=all' })
    expect(queued().map(([generator]) => generator)).toContain('pullpath/ecr-repository-encrypted-with-cmk')
  })

  it('that concerns none of its rules asks for nothing', async () => {
    await audit(ofRegistry, { PULLPATH_RULES: 'ecr-repository-tags-immutable' })
    expect([...queued(), ...fake.calls]).toEqual([])
  })

  it.each([
    ['account', { account: '999999999999' }],
    ['region', { region: 'us-east-1' }],
  ])('that speaks for another %s is refused', async (field, event) => {
    const foreign = callEvent('ecr', 'SetRepositoryPolicy', { repositoryName: 'app' }, { event })
    await expect(audit(foreign)).rejects.toThrow(
      new InputError(`event.${field}: expected the ${field} of this function`),
    )
    expect([...queued(), ...fake.calls]).toEqual([])
  })

  it('of a service without a region is passed over outside the home region', async () => {
    const ofRole = callEvent('iam', 'PutRolePolicy', { roleName: 'deployer' })
    await audit(ofRole, { PULLPATH_HOME_REGION: 'us-east-1' })
    expect(fake.calls).toEqual([])
  })

  it('that cannot be read just now makes the invocation fail, and is counted', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeRepositories' ? { error: 'ThrottlingException' } : undefined
    const counted: unknown[] = []
    await expect(audit(setPolicy, {}, { count: (name, value) => void counted.push([name, value]) })).rejects.toThrow(
      /^1 verdict\(s\) could not be reached yet: ecr-repository-not-public: /,
    )
    expect(queued()).toEqual([])
    expect(counted).toEqual([['Undetermined', 1]])
  })

  it('that the queue does not take makes the invocation fail', async () => {
    queue.refusing = () => ({ Code: 'InternalError', SenderFault: false })
    await expect(audit(setPolicy)).rejects.toThrow(/the queue did not take 1 finding/)
  })
})
