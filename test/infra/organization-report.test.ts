import { App, CfnParameter, Stack, Validations } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { AwsSolutionsChecks } from 'cdk-nag'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundleLambda } from '../../infra/bundle.ts'
import { limits } from '../../infra/config.ts'
import { OrganizationReport, reportScheduleArn } from '../../infra/constructs/organization-report.ts'
import { organizationReport, reportStateMachine } from '../../infra/derive/report-state-machine.ts'
import { inlineCode } from '../../infra/inline-code.ts'
import { readEnvironment } from '../../lambdas/organization-report/environment.ts'
import { present } from '../../shared/iam/conditions/context.ts'
import { evaluateAccess } from '../../shared/iam/evaluate/evaluate.ts'
import type { PolicyDocument } from '../../shared/iam/evaluate/types.ts'
import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import { dangerous } from './dangerous-actions.ts'
import { deployed, ofType, place, type Resource } from './synthesised.ts'

const own = (service: string, resource: string) => `arn:aws:${service}:${place.region}:${place.account}:${resource}`
const hubKey = own('kms', 'key/hub')
const aggregator = own('config', 'config-aggregator/config-aggregator-1')
const configKey = 'arn:aws:kms:us-west-2:777788889999:key/config'

function synthesised() {
  const app = new App()
  const stack = new Stack(app, 'pullpath-hub')
  const parameter = (id: string) => new CfnParameter(stack, id, { default: '' }).valueAsString
  new OrganizationReport(stack, 'Report', {
    code: 'exports.handler=0',
    bucket: { name: 'hub-bucket', keyArn: hubKey, publishedPrefix: 'published/', reportPrefix: 'reports/' },
    aggregator: { name: 'pullpath-organization', arn: aggregator },
    organizationId: 'o-exampleorg1',
    regions: 'eu-central-1,us-east-1',
    homeRegion: parameter('HomeRegion'),
    organizationalUnits: 'r-ab12,ou-ab12-abcdefgh',
    ruleSets: 'ecr=recommended,role=none',
    config: {
      bucket: parameter('ConfigBucket'),
      prefix: parameter('ConfigBucketPrefix'),
      accountId: parameter('ConfigBucketAccount'),
      region: parameter('ConfigBucketRegion'),
      keyArn: parameter('ConfigBucketKey'),
    },
    schedule: 'cron(0 5 * * ? *)',
    undelivered: own('sqs', 'undelivered'),
  })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  // Fails for what cdk-nag finds and nobody has accepted.
  return Template.fromStack(stack)
}

let template: Template
let withBucket: Map<string, Resource>
let withoutBucket: Map<string, Resource>
beforeAll(() => {
  template = synthesised()
  withoutBucket = deployed(template)
  const config = { ConfigBucket: 'config-bucket', ConfigBucketPrefix: 'org/', ConfigBucketKey: configKey }
  withBucket = deployed(template, { ...config, ConfigBucketAccount: '777788889999', ConfigBucketRegion: 'us-west-2' })
})

describe('the definition', () => {
  const definition = reportStateMachine({
    ...{ partition: 'aws', functionArn: own('lambda', 'function:f') },
    ...{ bucket: 'hub-bucket', reportPrefix: 'reports/' },
  })

  it('goes from plan over a distributed map to reduce, and fails with the cause of what fails outside the map', () => {
    const { States } = definition
    expect([definition.StartAt, States.Plan.Next, States.Shards.Next, States.Reduce.End]).toEqual([
      ...['Plan', 'Shards', 'Reduce', true],
    ])
    for (const state of [States.Plan, States.Shards, States.Reduce]) {
      expect(state.Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Failed' }])
    }
    expect(States.Failed).toEqual({ Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' })
  })

  it('lets a hundred tasks run at once and every one of them fail', () => {
    const { Shards } = definition.States
    expect([Shards.MaxConcurrency, Shards.ToleratedFailurePercentage]).toEqual([100, 100])
    expect(Shards.ItemProcessor.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' })
    expect(Shards.ItemReader.Parameters).toEqual({ Bucket: 'hub-bucket', 'Key.$': '$.plan.shardsKey' })
    expect(Shards.ResultWriter.Parameters).toEqual({ Bucket: 'hub-bucket', Prefix: 'reports/map-runs' })
  })

  it('tries again with growing waits and jitter what Lambda or the function says is passing, and nothing else', () => {
    const { Plan, Shards, Reduce } = definition.States
    for (const { Retry } of [Plan, Shards.ItemProcessor.States.Shard, Reduce]) {
      expect(Retry.map(({ JitterStrategy, BackoffRate }) => [JitterStrategy, BackoffRate])).toEqual([
        ['FULL', 2],
        ['FULL', 3],
        ['FULL', 2],
      ])
      expect(Retry.at(-1)).toMatchObject({ ErrorEquals: ['Runtime.ExitError'], MaxAttempts: 1 })
      expect(Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual([
        ...['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException'],
        ...['Lambda.ClientExecutionTimeoutException', 'Lambda.TooManyRequestsException', 'PassingProblem'],
        'Runtime.ExitError',
      ])
    }
  })

  it('waits for a task longer than the function may run', () => {
    const { Plan, Shards, Reduce } = definition.States
    for (const { TimeoutSeconds } of [Plan, Shards.ItemProcessor.States.Shard, Reduce]) {
      expect(TimeoutSeconds).toBeGreaterThan(organizationReport.timeoutSeconds)
    }
    expect(definition.TimeoutSeconds).toBe(21_600)
  })

  it('is the one of the template, with the ARN of its function', () => {
    const [machine] = ofType(withoutBucket, 'AWS::StepFunctions::StateMachine')
    const functionArn = own('lambda', `function:${organizationReport.functionName}`)
    expect(JSON.parse(machine!.Properties.DefinitionString)).toEqual(
      reportStateMachine({ partition: 'aws', functionArn, bucket: 'hub-bucket', reportPrefix: 'reports/' }),
    )
  })
})

describe('the deployment', () => {
  it('gives the function what it reads from its environment', () => {
    const variablesIn = (all: Map<string, Resource>) =>
      ofType(all, 'AWS::Lambda::Function')[0]!.Properties.Environment.Variables
    expect(readEnvironment(variablesIn(withoutBucket))).toEqual({
      ...{ bucket: 'hub-bucket', prefix: 'published/', reportPrefix: 'reports/', aggregator: 'pullpath-organization' },
      ...{ regions: ['eu-central-1', 'us-east-1'], homeRegion: undefined, config: undefined },
      ...{ targets: ['r-ab12', 'ou-ab12-abcdefgh'], ruleSets: 'ecr=recommended,role=none' },
    })
    expect(readEnvironment(variablesIn(withBucket)).config).toEqual({
      ...{ bucket: 'config-bucket', prefix: 'org/', accountId: '777788889999', region: 'us-west-2', maxHours: 48 },
    })
  })

  it('starts the state machine on schedule, with a queue for starts that fail', () => {
    const [rule] = ofType(withoutBucket, 'AWS::Events::Rule')
    expect(rule!.Properties).toMatchObject({
      Name: organizationReport.ruleName,
      ScheduleExpression: 'cron(0 5 * * ? *)',
    })
    expect(rule!.Properties.Targets).toMatchObject([
      { DeadLetterConfig: { Arn: own('sqs', 'undelivered') }, RetryPolicy: { MaximumRetryAttempts: 10 } },
    ])
    expect(reportScheduleArn).toBe(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
      'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/pullpath-organization-report',
    )
  })

  it('logs every step, without what is handed on', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false, Destinations: Match.anyValue() },
    })
    const names = ofType(withoutBucket, 'AWS::Logs::LogGroup').map(({ Properties }) => [
      ...[Properties.LogGroupName, Properties.RetentionInDays],
    ])
    expect(names).toEqual([
      ['/aws/lambda/pullpath-organization-report', 90],
      ['/aws/vendedlogs/states/pullpath-organization-report', 90],
    ])
  })

  it('has a bundle that takes no more than a quarter of the template', async () => {
    const code = inlineCode(organizationReport.functionName, await bundleLambda(organizationReport.entry))
    expect(Buffer.byteLength(code)).toBeLessThan(limits.templateBytes / 4)
  })
})

function known(name: string, json: object): PolicyDocument {
  const parsed = parsePolicy({ json: json as never, text: JSON.stringify(json), duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  return { state: 'known', name, policy: parsed.policy }
}

/** The final policies of a role, by the service that may take it. */
function policiesOf(all: Map<string, Resource>, service: string): readonly PolicyDocument[] {
  const [id, role] = [...all].find(
    ([, { Type, Properties }]) =>
      Type === 'AWS::IAM::Role' &&
      Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service === `${service}.amazonaws.com`,
  )!
  const attached = ofType(all, 'AWS::IAM::Policy').filter(({ Properties }) => Properties.Roles.includes(id))
  return [...role.Properties.Policies, ...attached.map(({ Properties }) => Properties)].map(
    ({ PolicyName, PolicyDocument }) => known(PolicyName, PolicyDocument),
  )
}

function decide(
  policies: readonly PolicyDocument[],
  [action, arn, context = {}]: readonly [string, string, Record<string, string>?],
) {
  const principal = { kind: 'role', arn: `arn:aws:iam::${place.account}:role/f`, accountId: place.account } as const
  const keys = Object.entries(context).map(([name, value]) => [name, present(value)] as const)
  const request = { principal, action, resource: { arn, accountId: place.account }, context: new Map(keys) }
  // The policy of a key leaves everything to the roles of its account.
  const trusting = {
    document: known('key', {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${place.account}:root` }, Action: 'kms:*', Resource: '*' },
      ],
    }),
  }
  const resourcePolicies = action.startsWith('kms:') ? [trusting] : []
  return evaluateAccess({ request, identityPolicies: policies, resourcePolicies }).decision === 'allowed'
}

const run = 'arn:aws:s3:::hub-bucket/reports/runs/20261120T060000Z-63093cff69b8/'
const viaS3 = { 'kms:viaservice': 's3.us-west-2.amazonaws.com' }
const snapshots = 'AWSLogs/111122223333/Config/us-east-1/2026/11/20/ConfigSnapshot/'

describe('the role of the function', () => {
  it.each([
    ['s3:GetObject', 'arn:aws:s3:::hub-bucket/published/organization.json'],
    ['s3:GetObject', 'arn:aws:s3:::hub-bucket/published/settings.json'],
    ['s3:PutObject', `${run}report.json`],
    ['s3:GetObject', `${run}shards/111122223333-us-east-1.json`],
    ['s3:AbortMultipartUpload', `${run}report.json`],
    ['s3:PutObject', 'arn:aws:s3:::hub-bucket/reports/latest.json'],
    ['s3:ListBucket', 'arn:aws:s3:::hub-bucket'],
    ['kms:GenerateDataKey', hubKey],
  ] as const)('allows %s on %s in every deployment', (action, arn) => {
    for (const all of [withBucket, withoutBucket]) expect(decide(policiesOf(all, 'lambda'), [action, arn])).toBe(true)
  })

  it.each([
    ['s3:GetObject', `arn:aws:s3:::config-bucket/org/${snapshots}x.json.gz`],
    ['s3:GetObject', `arn:aws:s3:::config-bucket/org/o-exampleorg1/${snapshots}x.json.gz`],
    ['s3:ListBucket', 'arn:aws:s3:::config-bucket', { 's3:prefix': `org/${snapshots}` }],
    ['kms:Decrypt', configKey, viaS3],
  ] as const)('allows %s on %s where AWS Config has a bucket, and only there', (action, arn, context?: object) => {
    const call = [action, arn, (context ?? {}) as Record<string, string>] as const
    expect(decide(policiesOf(withBucket, 'lambda'), call)).toBe(true)
    expect(decide(policiesOf(withoutBucket, 'lambda'), call)).toBe(false)
  })

  it.each([
    'config:SelectAggregateResourceConfig',
    'config:ListAggregateDiscoveredResources',
    'config:BatchGetAggregateResourceConfig',
    'config:DescribeConfigurationAggregatorSourcesStatus',
  ])('allows %s where there is no such bucket, and only there', (action) => {
    expect(decide(policiesOf(withoutBucket, 'lambda'), [action, aggregator])).toBe(true)
    expect(decide(policiesOf(withBucket, 'lambda'), [action, aggregator])).toBe(false)
  })

  it.each([
    ['s3:PutObject', 'arn:aws:s3:::hub-bucket/published/organization.json'],
    ['s3:PutObject', 'arn:aws:s3:::hub-bucket/source/settings.yaml'],
    ['s3:DeleteObject', `${run}report.json`],
    ['s3:PutObject', `arn:aws:s3:::config-bucket/org/${snapshots}x.json.gz`],
    ['s3:GetObject', 'arn:aws:s3:::config-bucket/org/AWSLogs/111122223333/CloudTrail/us-east-1/x.json.gz'],
    ['s3:ListBucket', 'arn:aws:s3:::config-bucket', { 's3:prefix': '' }],
    ['kms:Decrypt', configKey, { 'kms:viaservice': 'secretsmanager.us-west-2.amazonaws.com' }],
    ['states:StartExecution', own('states', 'stateMachine:pullpath-organization-report')],
    ['lambda:InvokeFunction', own('lambda', 'function:pullpath-organization-report')],
  ] as const)('does not allow %s on %s', (action, arn, context?: object) => {
    const call = [action, arn, (context ?? {}) as Record<string, string>] as const
    expect(decide(policiesOf(withBucket, 'lambda'), call)).toBe(false)
  })
})

describe('the role of the state machine', () => {
  it.each([
    ['lambda:InvokeFunction', own('lambda', 'function:pullpath-organization-report')],
    ['states:StartExecution', own('states', 'stateMachine:pullpath-organization-report')],
    ['states:DescribeExecution', own('states', 'execution:pullpath-organization-report/Shards:1')],
    ['states:StopExecution', own('states', 'execution:pullpath-organization-report:1')],
    ['s3:GetObject', `${run}shards.json`],
    ['s3:PutObject', 'arn:aws:s3:::hub-bucket/reports/map-runs/1/manifest.json'],
    ['kms:GenerateDataKey', hubKey],
    ['logs:CreateLogDelivery', '*'],
  ] as const)('allows %s on %s', (action, arn) => {
    expect(decide(policiesOf(withBucket, 'states'), [action, arn])).toBe(true)
  })

  it.each([
    ['lambda:InvokeFunction', own('lambda', 'function:pullpath-organization')],
    ['states:StartExecution', own('states', 'stateMachine:another')],
    ['s3:GetObject', 'arn:aws:s3:::hub-bucket/published/settings.json'],
    ['s3:PutObject', `${run}report.json`],
    ['s3:PutObject', 'arn:aws:s3:::hub-bucket/reports/latest.json'],
    ['config:SelectAggregateResourceConfig', aggregator],
  ] as const)('does not allow %s on %s', (action, arn) => {
    expect(decide(policiesOf(withBucket, 'states'), [action, arn])).toBe(false)
  })
})

it.each(['lambda', 'states', 'events'])('the role of %s allows none of the dangerous actions', (service) => {
  for (const all of [withBucket, withoutBucket]) {
    const policies = policiesOf(all, service)
    const allowed = dangerous.filter(([action, arn]) => decide(policies, [action, arn]))
    expect(allowed).toEqual([])
  }
})
