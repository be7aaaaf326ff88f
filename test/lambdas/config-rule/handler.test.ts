import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { changeEvent, closedPolicy, invoke, openPolicy, scheduledEvent } from './scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const only = () => fake.evaluations.map((one) => one.ComplianceType)
const hub = () => [...fake.findings.values()].map((one) => [one.Compliance.Status, one.RecordState])
const writes = () =>
  fake.calls.filter((one) => ['PutEvaluations', 'BatchImportFindings'].includes(one.operation)).length

describe('a change event', () => {
  it('writes the verdict on the live repository, not on the item in the event', async () => {
    fake.state.repositories.set('team/app', openPolicy)
    await invoke(fake, changeEvent())
    expect(fake.evaluations).toEqual([
      {
        ComplianceResourceType: 'AWS::ECR::Repository',
        ComplianceResourceId: 'team/app',
        ComplianceType: 'NON_COMPLIANT',
        OrderingTimestamp: Date.parse('2026-03-01T10:00:00.000Z') / 1000,
        Annotation: 'open to everyone',
      },
    ])
    expect(hub()).toEqual([['FAILED', 'ACTIVE']])
  })

  it('passes a repository without a policy', async () => {
    fake.state.repositories.set('team/app', undefined)
    await invoke(fake, changeEvent())
    expect(only()).toEqual(['COMPLIANT'])
    expect(hub()).toEqual([['PASSED', 'ACTIVE']])
  })

  it('does not clear a repository whose policy may not be read', async () => {
    fake.state.repositories.set('team/app', openPolicy)
    fake.state.plan = (operation) =>
      operation === 'GetRepositoryPolicy' ? { error: 'AccessDeniedException' } : undefined
    await invoke(fake, changeEvent())
    expect(only()).toEqual(['NON_COMPLIANT'])
    expect(fake.evaluations[0].Annotation).toMatch(
      /^Undetermined: ecr:GetRepositoryPolicy failed with AccessDeniedException; .* could not be read$/,
    )
    expect(hub()).toEqual([['WARNING', 'ACTIVE']])
  })

  it('sends Config nothing about a lasting unknown when settings say leave', async () => {
    fake.state.repositories.set('team/app', openPolicy)
    fake.state.plan = (operation) =>
      operation === 'GetRepositoryPolicy' ? { error: 'AccessDeniedException' } : undefined
    await invoke(fake, changeEvent(), { settings: '{"undetermined": "leave"}' })
    expect(fake.evaluations).toEqual([])
  })

  it.each([
    ['throttled', { error: 'ThrottlingException' }],
    ['a 500', { error: 'ServerException', status: 500 }],
    ['an empty 200', { text: '' }],
    ['the wrong type', { answer: { policyText: { Statement: [] } } }],
    ['HTML', { text: '<html></html>' }],
  ])('writes nothing and fails when the policy answer is %s', async (_name, fault) => {
    fake.state.repositories.set('team/app', undefined)
    fake.state.plan = (operation) => (operation === 'GetRepositoryPolicy' ? fault : undefined)
    await expect(invoke(fake, changeEvent())).rejects.toThrow('ecr:GetRepositoryPolicy failed with')
    expect(writes()).toBe(0)
  })

  it('takes the suspicion of the event when the live policy may not be read', async () => {
    fake.state.repositories.set('team/app', undefined)
    fake.state.plan = (operation) =>
      operation === 'GetRepositoryPolicy' ? { error: 'AccessDeniedException' } : undefined
    await invoke(
      fake,
      changeEvent({ item: { configuration: { RepositoryName: 'team/app', RepositoryPolicyText: openPolicy } } }),
    )
    expect(fake.evaluations[0].Annotation).toBe('open to everyone')
  })

  it('never clears an open repository, whatever the item says', async () => {
    fake.state.repositories.set('team/app', openPolicy)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('OK', 'ResourceDiscovered', 'ResourceDeleted', 'ResourceDeletedNotRecorded'),
        fc.jsonValue(),
        async (configurationItemStatus, configuration) => {
          fake.evaluations.length = 0
          fake.findings.clear()
          await invoke(fake, changeEvent({ item: { configurationItemStatus, configuration } })).catch(() => undefined)
          for (const type of only()) expect(type).toBe('NON_COMPLIANT')
          for (const [status, record] of hub()) expect([status, record]).toEqual(['FAILED', 'ACTIVE'])
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('a resource that AWS Config says is gone or out of scope', () => {
  const statuses = ['OK', 'ResourceDiscovered', 'ResourceNotRecorded', 'ResourceDeleted', 'ResourceDeletedNotRecorded']
  it.each(statuses.flatMap((status) => [[status, false] as const, [status, true] as const]))(
    'status %s, left scope %s: is NOT_APPLICABLE and archived once the repository is gone',
    async (configurationItemStatus, eventLeftScope) => {
      await invoke(
        fake,
        changeEvent({ item: { configurationItemStatus, configuration: null }, event: { eventLeftScope } }),
      )
      expect(only()).toEqual(['NOT_APPLICABLE'])
      expect(hub()).toEqual([['PASSED', 'ARCHIVED']])
      expect(fake.calls.map((one) => one.operation)).toEqual([
        'DescribeRepositories',
        'GetComplianceDetailsByResource',
        // Whether the result token is good, before anything is taken away.
        'PutEvaluations',
        'BatchImportFindings',
        'PutEvaluations',
      ])
    },
  )

  it.each(statuses.flatMap((status) => [[status, false] as const, [status, true] as const]))(
    'status %s, left scope %s: archives nothing while an open repository is still there',
    async (configurationItemStatus, eventLeftScope) => {
      fake.state.repositories.set('team/app', openPolicy)
      await invoke(
        fake,
        changeEvent({ item: { configurationItemStatus, configuration: null }, event: { eventLeftScope } }),
      )
      const outOfView = eventLeftScope || configurationItemStatus === 'ResourceNotRecorded'
      expect(only()).toEqual([outOfView ? 'NOT_APPLICABLE' : 'NON_COMPLIANT'])
      expect(hub()).toEqual(outOfView ? [] : [['FAILED', 'ACTIVE']])
    },
  )

  it('is undetermined when the deletion may not be confirmed', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeRepositories' ? { error: 'AccessDeniedException' } : undefined
    await invoke(fake, changeEvent({ item: { configurationItemStatus: 'ResourceDeleted', configuration: null } }))
    expect(only()).toEqual(['NON_COMPLIANT'])
    expect(hub()).toEqual([['WARNING', 'ACTIVE']])
  })
})

describe('an oversized event', () => {
  const oversized = () => {
    const { configurationItem } = JSON.parse(changeEvent().invokingEvent as string)
    const { configuration: _, ...configurationItemSummary } = configurationItem
    return changeEvent({
      invoking: {
        messageType: 'OversizedConfigurationItemChangeNotification',
        configurationItem: undefined,
        configurationItemSummary,
      },
    })
  }
  it('is re-read from the history, over an empty page', async () => {
    fake.state.repositories.set('team/app', closedPolicy)
    const item = { resourceType: 'AWS::ECR::Repository', resourceId: 'team/app', configurationItemStatus: 'OK' }
    fake.state.history = [{ configurationItems: [], nextToken: '1' }, { configurationItems: [item] }]
    await invoke(fake, oversized())
    expect(only()).toEqual(['COMPLIANT'])
    const asked = fake.calls.filter((one) => one.operation === 'GetResourceConfigHistory').map((one) => one.body)
    expect(asked.map((body) => [body.limit, body.laterTime, body.nextToken])).toEqual([
      [1, Date.parse('2026-03-01T10:00:00.000Z') / 1000, undefined],
      [1, Date.parse('2026-03-01T10:00:00.000Z') / 1000, '1'],
    ])
  })
  it('A2 is judged by the version of its capture time, not by a later or an earlier one', async () => {
    fake.state.repositories.set('team/app', closedPolicy)
    fake.state.plan = (operation) =>
      operation === 'GetRepositoryPolicy' ? { error: 'AccessDeniedException' } : undefined
    const { configurationItem } = JSON.parse(changeEvent().invokingEvent as string)
    const version = (time: string, policy: string) => ({
      ...{ resourceType: 'AWS::ECR::Repository', resourceId: 'team/app', configurationItemStatus: 'OK' },
      ...{ accountId: '111122223333', awsRegion: 'eu-central-1', arn: configurationItem.ARN },
      configurationItemCaptureTime: Date.parse(time) / 1000,
      configuration: JSON.stringify({ RepositoryName: 'team/app', RepositoryPolicyText: policy }),
    })
    const versions = [
      version('2026-03-01T11:00:00.000Z', closedPolicy),
      version('2026-03-01T10:00:00.000Z', openPolicy),
      version('2026-03-01T09:00:00.000Z', closedPolicy),
    ]
    fake.state.services.set('config:GetResourceConfigHistory', (_operation, { laterTime, limit }) => ({
      configurationItems: versions
        .filter(({ configurationItemCaptureTime }) => configurationItemCaptureTime <= laterTime)
        .slice(0, limit),
    }))
    await invoke(fake, oversized())
    expect(only()).toEqual(['NON_COMPLIANT'])
    expect(fake.evaluations[0].Annotation).not.toMatch(/^Undetermined/)
  })
  it.each([
    ['has no item', [{ configurationItems: [] }], 'has no item'],
    ['repeats its token', [{ configurationItems: [], nextToken: '0' }], 'repeats a page token'],
  ])('A2 fails without writing when the history %s', async (_name, history, message) => {
    fake.state.repositories.set('team/app', closedPolicy)
    fake.state.history = history
    await expect(invoke(fake, oversized())).rejects.toThrow(message)
    expect(writes()).toBe(0)
  })
})

describe('a scheduled event', () => {
  it('says which exceptions have expired, and to whom they belong', async () => {
    const common = { rule: 'ecr-repository-not-public', account: '111122223333', reason: 'planned' }
    const exceptions = [
      { ...common, owner: 'team-a', expires: '2026-02-28' },
      { ...common, owner: 'team-b', expires: '2026-03-02' },
    ]
    const said: [string, object][] = []
    await invoke(fake, scheduledEvent(), {
      settings: JSON.stringify({ exceptions }),
      warn: (message, fields) => void said.push([message, fields]),
    })
    expect(said.filter(([message]) => message.includes('exception'))).toEqual([
      ['an exception has expired', { rule: 'ecr-repository-not-public', owner: 'team-a', expires: '2026-02-28' }],
    ])
  })
  it('judges every repository and says so on the account', async () => {
    fake.state.repositories.set('a', openPolicy).set('b', undefined)
    await invoke(fake, scheduledEvent())
    expect(
      fake.evaluations.map((one) => [one.ComplianceResourceType, one.ComplianceResourceId, one.ComplianceType]),
    ).toEqual([
      ['AWS::ECR::Repository', 'a', 'NON_COMPLIANT'],
      ['AWS::ECR::Repository', 'b', 'COMPLIANT'],
      ['AWS::::Account', '111122223333', 'NOT_APPLICABLE'],
    ])
    expect(fake.evaluations[0].OrderingTimestamp).toBe(Date.parse('2026-03-01T11:00:00.000Z') / 1000)
  })
  it('writes the verdicts it has and fails when one policy was throttled', async () => {
    fake.state.repositories.set('a', openPolicy).set('b', undefined)
    fake.state.plan = (operation, _n, body) =>
      operation === 'GetRepositoryPolicy' && body.repositoryName === 'b' ? { error: 'ThrottlingException' } : undefined
    await expect(invoke(fake, scheduledEvent())).rejects.toThrow('1 verdict(s) could not be reached yet')
    expect(fake.evaluations.map((one) => one.ComplianceResourceId)).toEqual(['a', '111122223333'])
  })
  it('marks the account undetermined when repositories may not be listed', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeRepositories' ? { error: 'AccessDeniedException' } : undefined
    await invoke(fake, scheduledEvent())
    expect(fake.evaluations.map((one) => [one.ComplianceResourceType, one.ComplianceType])).toEqual([
      ['AWS::::Account', 'NON_COMPLIANT'],
    ])
  })
  it('fails on a listing that repeats its page token', async () => {
    fake.state.plan = (operation) =>
      operation === 'DescribeRepositories' ? { answer: { repositories: [], nextToken: 'same' } } : undefined
    await expect(invoke(fake, scheduledEvent())).rejects.toThrow('MalformedAnswer')
    expect(writes()).toBe(0)
  })
})

describe('an event that must not be served', () => {
  it.each([
    ['another account', changeEvent({ event: { accountId: '999999999999' } }), 'event.accountId'],
    [
      'a rule of another account',
      changeEvent({ event: { configRuleArn: 'arn:aws:config:eu-central-1:999999999999:config-rule/x' } }),
      'event.configRuleArn',
    ],
    [
      'a rule of another region',
      changeEvent({ event: { configRuleArn: 'arn:aws:config:us-east-1:111122223333:config-rule/x' } }),
      'event.configRuleArn',
    ],
    [
      'an item of another account',
      changeEvent({ item: { awsAccountId: '999999999999' } }),
      'configurationItem.awsAccountId',
    ],
    ['an unknown rule', changeEvent({ event: { ruleParameters: '{"ruleId":"nope"}' } }), 'there is no rule "nope"'],
    ['no rule parameters', changeEvent({ event: { ruleParameters: undefined } }), 'event.ruleParameters.ruleId'],
    [
      'an unknown parameter',
      changeEvent({ event: { ruleParameters: '{"ruleId":"probe-repository-closed","x":"1"}' } }),
      'no such parameter',
    ],
    ['proactive mode', changeEvent({ event: { evaluationMode: 'PROACTIVE' } }), 'PROACTIVE'],
    [
      'a far future item',
      changeEvent({ item: { configurationItemCaptureTime: '2026-03-01T12:15:01Z' } }),
      'in the future',
    ],
    [
      'an unrelated type',
      changeEvent({ item: { resourceType: 'AWS::S3::Bucket' } }),
      'nothing to do with AWS::S3::Bucket',
    ],
  ])('refuses %s by name and calls nothing', async (_name, event, message) => {
    await expect(invoke(fake, event)).rejects.toThrow(message)
    expect(fake.calls).toEqual([])
  })

  it('A1 never writes for arbitrary JSON', async () => {
    const event = fc.record({ invokingEvent: fc.oneof(fc.json(), fc.jsonValue()) }, { requiredKeys: [] })
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), event), fc.boolean(), async (value, golden) => {
        const sent = golden && typeof value === 'object' ? { ...changeEvent(), invokingEvent: '{}', ...value } : value
        await expect(invoke(fake, sent)).rejects.toThrow()
      }),
      { numRuns: 200 },
    )
    expect(fake.calls).toEqual([])
  })
})

describe('writing', () => {
  it('sends Security Hub nothing when the result token is refused', async () => {
    fake.state.repositories.set('team/app', openPolicy)
    await expect(invoke(fake, changeEvent({ event: { resultToken: 'stale' } }))).rejects.toThrow(
      'refused the result token',
    )
    expect(fake.findings.size).toBe(0)
  })
  it('succeeds where Security Hub is not enabled', async () => {
    fake.state.repositories.set('team/app', openPolicy)
    fake.state.hubEnabled = false
    await invoke(fake, changeEvent())
    expect(only()).toEqual(['NON_COMPLIANT'])
  })
  it('fails after AWS Config took the result when Security Hub is down', async () => {
    fake.state.repositories.set('team/app', openPolicy)
    fake.state.plan = (operation) =>
      operation === 'BatchImportFindings' ? { error: 'InternalException', status: 500 } : undefined
    await expect(invoke(fake, changeEvent())).rejects.toThrow('InternalException')
    expect(only()).toEqual(['NON_COMPLIANT'])
  })
})
