import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { auditors, eventFunctions, queueNames } from '../../infra/config.ts'
import { eventRulesOf, mostPatternCharacters } from '../../infra/derive/event-patterns.ts'
import { changingCalls } from '../../shared/events/cloudtrail-table.ts'
import { pullEventPatterns } from '../../shared/events/pull-event-patterns.ts'
import { judgingFunctions } from '../../shared/live/function-names.ts'
import { callEvent, scanEvent } from '../lambdas/resource-change/scenario.ts'
import { matchesPattern } from '../support/event-pattern.ts'
import { deployed, deployedRules, memberStack, ofType, type Resource, templateRules } from './synthesised.ts'

const { template } = memberStack()
const everything = deployed(template)
const own = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:111122223333:${resource}`
const eventRules = ofType(everything, 'AWS::Events::Rule')
const functionArn = (name: string) => own('lambda', `function:${name}`)
const { publisher, resourceChange, pullFailure } = eventFunctions

type Json = Record<string, unknown>
const matching = (event: Json): string[] =>
  eventRules
    .filter(({ Properties }) => matchesPattern(Properties.EventPattern, event))
    .map(({ Properties }) => Properties.Name)
const fixture = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../fixtures/events/${name}.json`, import.meta.url), 'utf8'))

describe('the EventBridge rules', () => {
  it('are those the rules of the template need and those of pulls, on the default bus, and switched on', () => {
    const wanted = [
      ...eventRulesOf(templateRules).map(({ name, pattern }) => [`pullpath-${name}`, pattern]),
      ...pullEventPatterns.map((pattern, index) => [`pullpath-pull-${index + 1}`, pattern]),
    ]
    expect(eventRules.map(({ Properties }) => [Properties.Name, Properties.EventPattern])).toEqual(wanted)
    expect(eventRules.map(({ Properties }) => [Properties.State, Properties.EventBusName])).toEqual(
      wanted.map(() => ['ENABLED', undefined]),
    )
  })

  it('lead to the function that understands their events', () => {
    const targets = eventRules.map(({ Properties }) => [Properties.Name.split('-')[1], Properties.Targets[0].Arn])
    expect([...new Map(targets as [string, string][])]).toEqual([
      ['change', functionArn(resourceChange.functionName)],
      ['scan', functionArn(resourceChange.functionName)],
      ['pull', functionArn(pullFailure.functionName)],
    ])
  })

  it('match the calls of the table and the recorded events of pulls', () => {
    const missed = changingCalls.filter(({ service, name }) => matching(callEvent(service, name, {})).length !== 1)
    expect(missed.map(({ name }) => name)).toEqual([])
    expect(matching(scanEvent('app'))).toEqual(['pullpath-scan-ecr'])
    const pulls = ['ecs-task-stopped', 'ecs-service-action', 'ecr-pull-through-failed', 'ecr-replication-failed']
    expect(pulls.map((name) => matching(fixture(name)))).toEqual([
      ['pullpath-pull-1'],
      ['pullpath-pull-3'],
      ['pullpath-pull-4'],
      ['pullpath-pull-5'],
    ])
  })

  it.each([
    ['one that did not start', { stopCode: 'TaskFailedToStart' }, true],
    [
      'one that is taken back while it pulls',
      { containers: [{}, { reason: 'CannotPullContainerError: i/o timeout' }] },
      true,
    ],
    ['one that somebody stops while it pulls', { stoppedReason: 'CannotPullECRContainerError: AccessDenied' }, true],
    [
      'one that got no login to the registry',
      { stoppedReason: 'ResourceInitializationError: unable to pull secrets or registry auth' },
      true,
    ],
    ['one that a service no longer needs', { containers: [{ reason: 'OutOfMemoryError: Container killed' }] }, false],
    ['one that said nothing', { containers: [] }, false],
    ['one that is still stopping', { lastStatus: 'DEPROVISIONING', stoppedReason: 'CannotPullContainerError' }, false],
  ])('of a task that stops match %s, or leave it', (_, detail, expected) => {
    const event = fixture('ecs-task-stopped') as { readonly detail: Json }
    const scaledIn = {
      ...{
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
      },
    }
    const told = matching({ ...event, detail: { ...event.detail, ...scaledIn, ...detail } })
    expect(told).toEqual(expected ? ['pullpath-pull-1'] : [])
  })

  it('keep the limit of EventBridge', () => {
    const lengths = eventRules.map(({ Properties }) => JSON.stringify(Properties.EventPattern).length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(mostPatternCharacters)
  })

  it('may each invoke their function by a permission that names the rule, and nothing else of EventBridge may', () => {
    const permissions = ofType(everything, 'AWS::Lambda::Permission').map(({ Properties }) => Properties)
    const ofEvents = permissions.filter(({ Principal }) => Principal === 'events.amazonaws.com')
    expect(ofEvents.map(({ SourceArn, FunctionName }) => [SourceArn, FunctionName])).toEqual(
      eventRules.map(({ Properties }) => [own('events', `rule/${Properties.Name}`), Properties.Targets[0].Arn]),
    )
    const others = permissions.filter(({ Principal }) => Principal !== 'events.amazonaws.com')
    expect(others.map(({ Principal, SourceAccount }) => [Principal, SourceAccount])).toEqual(
      Object.keys(judgingFunctions).map(() => ['config.amazonaws.com', '111122223333']),
    )
  })
})

describe('A12 no event is lost unseen', () => {
  it('A12 every target has a dead-letter queue and says how long and how often it is tried', () => {
    expect(eventRules.length).toBeGreaterThan(10)
    for (const { Properties } of eventRules) {
      expect(Properties.Targets).toEqual([
        {
          Id: 'function',
          Arn: expect.stringContaining(':function:pullpath-'),
          DeadLetterConfig: { Arn: own('sqs', 'pullpath-undelivered-events') },
          RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 10 },
        },
      ])
    }
  })

  it('A12 the dead-letter queue takes events of each of our rules, and of no other', () => {
    const allowing = ofType(everything, 'AWS::SQS::QueuePolicy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow')
    expect(allowing).toEqual([
      {
        Sid: 'EventsOfOwnRules',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: own('sqs', 'pullpath-undelivered-events'),
        Condition: {
          ArnEquals: { 'aws:SourceArn': eventRules.map(({ Properties }) => own('events', `rule/${Properties.Name}`)) },
        },
      },
    ])
  })

  it('A12 every function that nobody waits for is tried a set number of times and then set aside', () => {
    const asynchronous = ofType(everything, 'AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties)
    const names = [...Object.values(auditors), resourceChange, pullFailure].map(({ functionName }) => functionName)
    expect(asynchronous.map(({ FunctionName }) => FunctionName).sort()).toEqual(names.sort())
    // AWS Config's notifications are waited for as long as Lambda does.
    const judging: readonly string[] = Object.values(judgingFunctions)
    for (const one of asynchronous) {
      expect(one).toMatchObject({ Qualifier: '$LATEST', MaximumRetryAttempts: 2 })
      expect(one.MaximumEventAgeInSeconds).toBe(judging.includes(one.FunctionName) ? 21_600 : 3_600)
      expect(one.DestinationConfig).toEqual({
        OnFailure: { Destination: own('sqs', 'pullpath-failed-invocations') },
      })
    }
  })
})

describe('D10 nothing triggers itself', () => {
  const actions = ofType(everything, 'AWS::IAM::Role').flatMap(({ Properties }) =>
    Properties.Policies[0].PolicyDocument.Statement.flatMap(
      ({ Effect, Action }: { Effect: string; Action: string[] }) => (Effect === 'Allow' ? Action : []),
    ),
  ) as string[]

  it('D10 no call that a role of ours may make matches a pattern', () => {
    expect(new Set(actions).size).toBeGreaterThan(50)
    const calls = [...new Set(actions)].map((action) => action.split(':') as [string, string])
    expect(calls.flatMap(([service, name]) => matching(callEvent(service, name, {})))).toEqual([])
  })

  it.each([
    ['aws.securityhub', 'Security Hub Findings - Imported'],
    ['aws.config', 'Config Rules Compliance Change'],
    ['aws.config', 'Config Configuration Item Change'],
    ['aws.config', 'Config Rules Re-evaluation Status'],
    ['aws.cloudwatch', 'CloudWatch Alarm State Change'],
    ['aws.lambda', 'Lambda Function Invocation Result - Failure'],
    ['lambda', 'Lambda Function Invocation Result - Failure'],
    ['aws.cloudformation', 'CloudFormation Stack Status Change'],
    ['pullpath', 'Pullpath Sweep Continuation'],
  ])('D10 an event of %s, %s, matches no pattern', (source, detailType) => {
    const detail = {
      'repository-name': 'app',
      lastStatus: 'STOPPED',
      eventName: 'SERVICE_STEADY_STATE',
      result: 'FAILED',
    }
    expect(matching({ source, 'detail-type': detailType, detail })).toEqual([])
  })

  it('D10 only the queue of findings is read by a function, and that function only by it', () => {
    const [poller, ...others] = ofType(everything, 'AWS::Lambda::EventSourceMapping').map(
      ({ Properties }) => Properties,
    )
    expect(others).toEqual([])
    expect(poller).toEqual({
      EventSourceArn: own('sqs', 'pullpath-findings'),
      FunctionName: publisher.functionName,
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    })
    const targets = eventRules.map(({ Properties }) => Properties.Targets[0].Arn)
    expect(targets).not.toContain(functionArn(publisher.functionName))
  })

  it('D10 a finding that Security Hub does not take is tried five times, then lies apart', () => {
    const queues = ofType(everything, 'AWS::SQS::Queue').map(({ Properties }) => Properties)
    const findings = queues.find(({ QueueName }) => QueueName === 'pullpath-findings')
    expect(findings.RedrivePolicy).toEqual({
      deadLetterTargetArn: own('sqs', 'pullpath-finding-dead-letters'),
      maxReceiveCount: 5,
    })
    expect(findings.VisibilityTimeout).toBe(6 * publisher.timeoutSeconds)
    const apart = queues.find(({ QueueName }) => QueueName === 'pullpath-finding-dead-letters')
    expect(apart.RedriveAllowPolicy).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: [own('sqs', 'pullpath-findings')],
    })
    expect(apart.MessageRetentionPeriod).toBeGreaterThan(findings.MessageRetentionPeriod)
  })
})

describe('every queue', () => {
  const key = 'arn:aws:kms:eu-central-1:111122223333:key/0'
  const queuesOf = (all: ReadonlyMap<string, Resource>) =>
    ofType(all, 'AWS::SQS::Queue').map(({ Properties }) => Properties)

  it('refuses what does not come over TLS', () => {
    const policies = ofType(everything, 'AWS::SQS::QueuePolicy').map(({ Properties }) => Properties)
    expect(policies.map(({ Queues }) => Queues[0].split('/').at(-1)).sort()).toEqual(
      queuesOf(everything)
        .map(({ QueueName }) => QueueName)
        .sort(),
    )
    for (const { PolicyDocument, Queues } of policies) {
      expect(PolicyDocument.Statement[0]).toEqual({
        Sid: 'NeverWithoutTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: own('sqs', Queues[0].split('/').at(-1)),
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      })
    }
  })

  it("is encrypted: with the account's key of SQS, by SQS itself where services send, or by the key that is given", () => {
    const by = ({ QueueName, KmsMasterKeyId, SqsManagedSseEnabled }: Record<string, unknown>) =>
      [QueueName, KmsMasterKeyId ?? SqsManagedSseEnabled] as const
    expect(new Map<unknown, unknown>(queuesOf(everything).map(by))).toEqual(
      new Map<unknown, unknown>([
        [queueNames.findings, 'alias/aws/sqs'],
        [queueNames.findingDeadLetters, 'alias/aws/sqs'],
        [queueNames.undeliveredEvents, true],
        [queueNames.failedInvocations, true],
      ]),
    )
    const given = queuesOf(deployed(template, { QueueKey: key }))
    expect(given.map(({ KmsMasterKeyId, SqsManagedSseEnabled }) => [KmsMasterKeyId, SqsManagedSseEnabled])).toEqual(
      Array(4).fill([key, undefined]),
    )
  })
})

describe('conditions', () => {
  const homeRules = ['pullpath-change-iam-1', 'pullpath-change-route53-1']

  it('leave out everything that only Security Hub needs where findings do not go there', () => {
    const off = deployed(template, { SecurityHub: 'off', Alarms: 'all' })
    const types = [...off.values()].map(({ Type }) => Type)
    // pull-failure judges the rules on images for AWS Config as well.
    expect(ofType(off, 'AWS::Lambda::Function').map(({ Properties }) => Properties.FunctionName)).toEqual([
      pullFailure.functionName,
      ...Object.values(auditors).map(({ functionName }) => functionName),
    ])
    expect(types.filter((type) => /Events::Rule|EventSourceMapping/.test(type))).toEqual([])
    expect(ofType(off, 'AWS::SQS::Queue').map(({ Properties }) => Properties.QueueName)).toEqual([
      'pullpath-failed-invocations',
    ])
    const rules = ofType(deployed(template, { SecurityHub: 'off', ConfigRules: 'rules' }), 'AWS::Config::ConfigRule')
    expect(rules).toHaveLength(deployedRules.length)
    for (const { Properties } of ofType(off, 'AWS::Lambda::Function')) {
      expect(Properties.Environment.Variables.PULLPATH_FINDINGS_QUEUE_URL).toBe('')
    }
  })

  it('name no resource that is left out', () => {
    for (const parameters of [
      { SecurityHub: 'off', QueueKey: 'arn:aws:kms:eu-central-1:111122223333:key/0', HubBucket: 'hub' },
      {},
    ]) {
      const all = deployed(template, parameters)
      const roles = ofType(all, 'AWS::IAM::Policy').flatMap(({ Properties }) => Properties.Roles as string[])
      expect(roles.filter((role) => !all.has(role))).toEqual([])
      const missing = [...all.values()].flatMap(({ DependsOn = [] }) => DependsOn).filter((id) => !all.has(id))
      expect(missing).toEqual([])
    }
  })

  it('put rules on calls without a region into the home region', () => {
    const elsewhere = deployed(template, { HomeRegion: 'us-east-1' })
    const names = ofType(elsewhere, 'AWS::Events::Rule').map(({ Properties }) => Properties.Name)
    const all = eventRules.map(({ Properties }) => Properties.Name)
    expect(all.filter((name) => !names.includes(name))).toEqual(homeRules)
    expect(ofType(deployed(template, { HomeRegion: 'eu-central-1' }), 'AWS::Events::Rule').length).toBe(all.length)
  })

  it('reserve concurrency only where a number is given, and for the publisher what its poller uses', () => {
    const reserved = (parameters: Record<string, string>) =>
      ofType(deployed(template, parameters), 'AWS::Lambda::Function').map(({ Properties }) => [
        Properties.FunctionName,
        Properties.ReservedConcurrentExecutions,
      ])
    expect(reserved({}).map(([, number]) => number)).toEqual(Array(6).fill(undefined))
    expect(new Map(reserved({ ReservedConcurrency: '5' }) as [string, unknown][])).toEqual(
      new Map<string, unknown>([
        ['pullpath-finding-publisher', 2],
        ...[resourceChange, pullFailure, ...Object.values(auditors)].map(({ functionName }): [string, unknown] => [
          functionName,
          '5',
        ]),
      ]),
    )
  })
})

describe('the variables of the functions', () => {
  const variables = (functionName: string, parameters = {}) =>
    ofType(deployed(template, parameters), 'AWS::Lambda::Function').find(
      ({ Properties }) => Properties.FunctionName === functionName,
    )!.Properties.Environment.Variables

  it('name the queue of findings for everyone who finds something', () => {
    const url = 'https://sqs.eu-central-1.amazonaws.com/111122223333/pullpath-findings'
    const finding = [...Object.values(auditors), pullFailure]
    expect(finding.map(({ functionName }) => variables(functionName).PULLPATH_FINDINGS_QUEUE_URL)).toEqual(
      finding.map(() => url),
    )
    const { PULLPATH_FINDING_DEAD_LETTERS_URL: aside, ...others } = variables(publisher.functionName)
    expect([aside, Object.keys(others)]).toEqual([
      url.replace('findings', 'finding-dead-letters'),
      ['PULLPATH_OWN_ROLE'],
    ])
  })

  it('tell who hands events on which rules there are and where, and nothing of findings, settings or a hub', () => {
    const names = Object.keys(variables(resourceChange.functionName))
    expect(names.sort()).toEqual(['PULLPATH_HOME_REGION', 'PULLPATH_OWN_ROLE', 'PULLPATH_RULE_SETS'])
  })

  it('name the home region to everyone who judges resources without a region, or hands them on', () => {
    for (const { functionName } of [...Object.values(auditors), resourceChange, pullFailure]) {
      expect(variables(functionName, { HomeRegion: 'us-east-1' }).PULLPATH_HOME_REGION).toBe('us-east-1')
    }
  })

  it('fit into 4 KB at their longest', () => {
    const stated: Readonly<Record<string, string>> = {
      ...{ HubBucket: 'b'.repeat(63), HubPrefix: `${'p'.repeat(50)}/`, HubAccount: '111122223333' },
      ...{ HubRegion: 'ap-southeast-4', HomeRegion: 'ap-southeast-4', OrganizationId: `o-${'x'.repeat(32)}` },
      AggregatorRole: `arn:aws-us-gov:iam::999999999999:role/${'r'.repeat(96)}`,
      ...{ AggregatorExternalId: 'e'.repeat(64), Aggregator: 'a'.repeat(40), ConfigRules: 'pack' },
    }
    const parameters = template.toJSON().Parameters as Record<string, Parameter>
    const longest = Object.fromEntries(
      Object.entries(parameters).flatMap(([id, { MaxLength, AllowedValues, AllowedPattern = '' }]) => {
        const given = stated[id]
        if (given !== undefined) {
          expect(given).toMatch(new RegExp(AllowedPattern))
          return [[id, given]]
        }
        const choice = [...(AllowedValues ?? [])].sort((a, b) => b.length - a.length)[0]
        const text = MaxLength === undefined ? choice : 'x'.repeat(MaxLength)
        return text === undefined ? [] : [[id, text]]
      }),
    )
    const environments = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) =>
      JSON.stringify(Properties.Environment),
    )
    const used = Object.keys(parameters).filter((id) => environments.some((text) => text.includes(`{"Ref":"${id}"}`)))
    // Each parameter that reaches a function has a longest value here.
    expect(used.filter((id) => !(id in longest))).toEqual([])
    expect(used.length).toBeGreaterThan(15)
    for (const { functionName } of [...Object.values(auditors), ...Object.values(eventFunctions)]) {
      const all = { ...variables(functionName, { ...longest, SecurityHub: 'on' }), PULLPATH_OWN_ROLE: 'r'.repeat(64) }
      const length = Object.entries(all).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0)
      // The longest names of regions and URL suffixes.
      expect(length + 40).toBeLessThan(4_096)
    }
  })
})

interface Parameter {
  readonly MaxLength?: number
  readonly AllowedValues?: readonly string[]
  readonly AllowedPattern?: string
}

describe('every function', () => {
  it('has a log group of its own that forgets after ninety days, made before the function', () => {
    const groups = ofType(everything, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties)
    const functions = ofType(everything, 'AWS::Lambda::Function')
    expect(groups.map(({ LogGroupName }) => LogGroupName).sort()).toEqual(
      functions.map(({ Properties }) => `/aws/lambda/${Properties.FunctionName}`).sort(),
    )
    expect(groups.map(({ RetentionInDays }) => RetentionInDays)).toEqual(groups.map(() => 90))
    for (const { DependsOn = [] } of functions) expect(DependsOn).toEqual([expect.stringContaining('LogGroup')])
  })
})
