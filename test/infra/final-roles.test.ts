import { describe, expect, it } from 'vitest'
import { auditedAreas, auditors, eventFunctions, lookingUp } from '../../infra/config.ts'
import { callsOf } from '../../infra/derive/permissions.ts'
import { sourcePermissions } from '../../infra/derive/source-permissions.ts'
import { permissions as ofSweeps } from '../../lambdas/config-rule/invoke-itself.ts'
import { permissions as ofPullFailure } from '../../lambdas/pull-failure/permissions.ts'
import { present } from '../../shared/iam/conditions/context.ts'
import { evaluateAccess } from '../../shared/iam/evaluate/evaluate.ts'
import type { PolicyDocument } from '../../shared/iam/evaluate/types.ts'
import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import { type Area, judgingFunctions } from '../../shared/live/function-names.ts'
import { permissions as ofQueue } from '../../shared/sinks/queue/send-findings.ts'
import { permissions as ofSecurityHub } from '../../shared/sinks/security-hub/import-findings.ts'
import { permissions as ofComparison } from '../../shared/sources/config-compliance/permissions.ts'
import { permissions as ofImages } from '../../shared/sources/ecr-images/permissions.ts'
import { permissions as ofFindings } from '../../shared/sources/held-findings/permissions.ts'
import type { PermissionResource } from '../../shared/sources/permission.ts'
import { permissions as ofTags } from '../../shared/sources/tags/permissions.ts'
import { dangerous } from './dangerous-actions.ts'
import { allRules, deployed, memberStack, ofType, templateRules } from './synthesised.ts'

const account = '111122223333'
const region = 'eu-central-1'
const own = (service: string, resource: string, owner = account) => `arn:aws:${service}:${region}:${owner}:${resource}`
const key = own('kms', 'key/queues')
const hubKey = own('kms', 'key/hub', '999999999999')

const hubAccount = '999999999999'
const aggregatorRole = `arn:aws:iam::${hubAccount}:role/pullpath/pullpath-aggregator-reader`
const { template } = memberStack()

/** Everything a role can be given: a key for the queues, a hub with its aggregator, traces, and all rules. */
const everything = {
  ...{ QueueKey: key, HubBucket: 'hub', HubPrefix: 'pullpath/', HubAccount: hubAccount, HubKey: hubKey },
  ...{ AggregatorRole: aggregatorRole, AggregatorExternalId: 'external', Aggregator: 'pullpath', Tracing: 'on' },
  ...allRules,
}
/** As little as a role can be given. */
const least = {}

type Parameters = Readonly<Record<string, string>>

function known(name: string, json: object): PolicyDocument {
  const parsed = parsePolicy({ json: json as never, text: JSON.stringify(json), duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  return { state: 'known', name, policy: parsed.policy }
}

/** The final policies of a function's role. */
function policiesOf(functionName: string, parameters: Parameters = everything): readonly PolicyDocument[] {
  return attachedOf(functionName, parameters).map(({ PolicyName, PolicyDocument }) => known(PolicyName, PolicyDocument))
}

interface Attached {
  readonly PolicyName: string
  readonly PolicyDocument: { readonly Statement: readonly { readonly Effect: string; readonly Action: string[] }[] }
}

function attachedOf(functionName: string, parameters: Parameters): readonly Attached[] {
  const all = deployed(template, parameters)
  const lambda = ofType(all, 'AWS::Lambda::Function').find(
    ({ Properties }) => Properties.FunctionName === functionName,
  )!
  const id = lambda.Properties.Role.split('/').at(-1) as string
  const attached = ofType(all, 'AWS::IAM::Policy').filter(({ Properties }) => Properties.Roles.includes(id))
  const inline = all.get(id)!.Properties.Policies as Attached[]
  expect(inline).toHaveLength(1)
  return [...inline, ...attached.map(({ Properties }) => Properties)]
}

/** Keys whose policies leave everything to the roles of our account, and hand them to that account. */
const keyPolicy = {
  document: known('key', {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
    ],
  }),
}

/** The hub lets the roles of members in. */
const trustPolicy = {
  document: known('trust', {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole', Resource: '*' },
    ],
  }),
}

function resourcePoliciesOf(action: string) {
  if (action.startsWith('kms:')) return [keyPolicy]
  return action === 'sts:AssumeRole' ? [trustPolicy] : []
}

function decide(
  functionName: string,
  action: string,
  arn: string,
  context: Record<string, string> = {},
  parameters: Parameters = everything,
) {
  const principal = { kind: 'role', arn: `arn:aws:iam::${account}:role/f`, accountId: account } as const
  const resource = { arn, accountId: arn.includes(`:${hubAccount}:`) ? hubAccount : account }
  const resourcePolicies = resourcePoliciesOf(action)
  const keys = Object.entries(context).map(([name, value]) => [name, present(value)] as const)
  const request = { principal, action, resource, context: new Map(keys) }
  return evaluateAccess({ request, identityPolicies: policiesOf(functionName, parameters), resourcePolicies }).decision
}

/** An own resource of each kind a read is limited to. */
const examples: Partial<Record<PermissionResource, string>> = {
  repository: own('ecr', 'repository/team/app'),
  role: `arn:aws:iam::${account}:role/path/r`,
  policy: `arn:aws:iam::${account}:policy/p`,
  'ecs-cluster': own('ecs', 'cluster/main'),
  'ecs-service': own('ecs', 'service/main/web'),
  'eks-cluster': own('eks', 'cluster/main'),
  'eks-nodegroup': own('eks', 'nodegroup/main/a/1'),
  'eks-fargate-profile': own('eks', 'fargateprofile/main/a/1'),
  '*': '*',
}
const rulesOf = (area: Area) => templateRules.filter((rule) => rule.area === area)
const readsOf = (rules: typeof templateRules, calls = sourcePermissions) => {
  const types = new Set<string>(rules.flatMap(({ judges, reads }) => [judges, ...reads]))
  return calls.filter(({ reads }) => reads.some((type) => types.has(type)))
}

/** What is shown of rules and of the pack they are in. */
const shown = {
  ...{ 'config-rule': own('config', 'config-rule/config-rule-abc123'), '*': '*' },
  'conformance-pack': own('config', 'conformance-pack/pullpath/conformance-pack-abc123'),
}

type Needed = readonly (readonly [action: string, arn: string])[]
const findings = own('sqs', 'pullpath-findings')
const failed = own('sqs', 'pullpath-failed-invocations')
const logOf = (functionName: string): Needed =>
  ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => [
    action,
    own('logs', `log-group:/aws/lambda/${functionName}:log-stream:2026/03/01/[$LATEST]0`),
  ])
const ofAsynchronous = (functionName: string): Needed => [
  ...ofQueue.map(({ action }) => [action, findings] as const),
  ['sqs:SendMessage', failed],
  ...logOf(functionName),
]
const reading = (permissions: readonly { readonly action: string; readonly resource: PermissionResource }[]): Needed =>
  permissions.map(({ action, resource }) => [action, examples[resource]!])

const traces: Needed = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => [action, '*'])
const lookUp: Needed = [['sts:AssumeRole', aggregatorRole]]
/** What judging behind AWS Config takes besides reads. */
const ofJudging = (functionName: string): Needed => [
  ...(['config:PutEvaluations', 'config:GetResourceConfigHistory'] as const).map((action) => [action, '*'] as const),
  ...[...ofComparison, ...ofFindings, ...ofTags].map(({ action, resource }) => [action, shown[resource]] as const),
  ...ofSweeps.map(({ action }) => [action, own('lambda', `function:${functionName}`)] as const),
]

/** What each function does, from what its parts say. */
const needs: readonly (readonly [functionName: string, needed: Needed])[] = [
  ...auditedAreas.map((area) => {
    const { functionName } = auditors[area]
    const needed: Needed = [
      ...reading(readsOf(rulesOf(area), callsOf(area, sourcePermissions))),
      ...ofJudging(functionName),
      ...(lookingUp.has(area) ? lookUp : []),
      ...ofAsynchronous(functionName),
    ]
    return [functionName, needed] as const
  }),
  [
    eventFunctions.resourceChange.functionName,
    [
      ...Object.values(judgingFunctions).map(
        (name) => ['lambda:InvokeFunction', own('lambda', `function:${name}`)] as const,
      ),
      ...ofAsynchronous(eventFunctions.resourceChange.functionName).filter(([, arn]) => arn !== findings),
    ],
  ],
  [
    eventFunctions.pullFailure.functionName,
    [
      ...reading([
        ...ofPullFailure,
        ...readsOf(rulesOf('image'), callsOf('image', [...sourcePermissions, ...ofImages])),
      ]),
      ...ofJudging(eventFunctions.pullFailure.functionName),
      ...lookUp,
      ...ofAsynchronous(eventFunctions.pullFailure.functionName),
    ],
  ],
  [
    eventFunctions.publisher.functionName,
    [
      // What Security Hub never takes.
      ['sqs:SendMessage', own('sqs', 'pullpath-finding-dead-letters')],
      ...ofSecurityHub.map(({ action }) => [action, own('securityhub', `product/${account}/default`)] as const),
      ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((name) => [`sqs:${name}`, findings] as const),
      ...logOf(eventFunctions.publisher.functionName),
    ],
  ],
]

const names = needs.map(([name]) => name)

it('every role of the template is that of a function whose needs are stated here', () => {
  const functions = ofType(deployed(template, everything), 'AWS::Lambda::Function')
  expect(functions.map(({ Properties }) => Properties.FunctionName).sort()).toEqual([...names].sort())
  const roles = functions.map(({ Properties }) => Properties.Role.split('/').at(-1))
  expect(Object.keys(template.findResources('AWS::IAM::Role')).sort()).toEqual(roles.sort())
})

describe.each(needs)('the final role of %s', (functionName, needed) => {
  it('allows everything the function does', () => {
    expect(needed.length).toBeGreaterThan(4)
    const refused = needed.filter(([action, arn]) => decide(functionName, action, arn) !== 'allowed')
    expect(refused).toEqual([])
  })

  it.each([
    ['everything is given', everything],
    ['nothing is given', least],
  ])('allows none of the dangerous actions when %s', (_name, parameters) => {
    expect(new Set(dangerous.map(([action]) => action)).size).toBeGreaterThanOrEqual(30)
    const allowed = dangerous.filter(
      ([action, arn]) => !/Denied$/.test(decide(functionName, action, arn, {}, parameters)),
    )
    expect(allowed).toEqual([])
  })

  it('allows nothing besides, its key and its hub apart', () => {
    const granted = attachedOf(functionName, everything)
      .filter(({ PolicyName }) => ['auditor', 'further-reads', 'tracing'].includes(PolicyName))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : []))
    const wanted = [...needed, ...traces].map(([action]) => action)
    expect([...new Set(granted)].sort()).toEqual([...new Set(wanted)].sort())
  })
})

describe('the roles together', () => {
  const allowing = (action: string, arn: string, context = {}) =>
    names.filter((name) => decide(name, action, arn, context) === 'allowed')

  it('let finding-publisher alone write to Security Hub and take findings', () => {
    const publisher: readonly string[] = [eventFunctions.publisher.functionName]
    expect(allowing('securityhub:BatchImportFindings', own('securityhub', `product/${account}/default`))).toEqual(
      publisher,
    )
    expect(allowing('sqs:ReceiveMessage', findings)).toEqual(publisher)
    // What it may send goes to where nobody takes from.
    expect(allowing('sqs:SendMessage', own('sqs', 'pullpath-finding-dead-letters'))).toEqual(publisher)
    expect(allowing('sqs:ReceiveMessage', own('sqs', 'pullpath-finding-dead-letters'))).toEqual([])
    const silent = [...publisher, eventFunctions.resourceChange.functionName]
    expect(allowing('sqs:SendMessage', findings)).toEqual(names.filter((name) => !silent.includes(name)))
  })

  it('let those that look up repositories of others enter exactly the role that is given, and nobody any without', () => {
    const lookingUpNames = [
      ...auditedAreas.filter((area) => lookingUp.has(area)).map((area): string => auditors[area].functionName),
      eventFunctions.pullFailure.functionName,
    ]
    expect(allowing('sts:AssumeRole', aggregatorRole)).toEqual(names.filter((name) => lookingUpNames.includes(name)))
    for (const name of names) {
      // Denied, not only not allowed: whatever else is attached to the role.
      expect(decide(name, 'sts:AssumeRole', aggregatorRole, {}, least)).toBe('explicitlyDenied')
      for (const other of [`${aggregatorRole}s`, `arn:aws:iam::${account}:role/pullpath/pullpath-aggregator-reader`])
        expect(decide(name, 'sts:AssumeRole', other)).toBe('explicitlyDenied')
      if (!lookingUpNames.includes(name))
        expect(decide(name, 'sts:AssumeRole', aggregatorRole)).toBe('explicitlyDenied')
    }
  })

  it('write to X-Ray where traces are on only', () => {
    for (const [action, arn] of traces) {
      expect(allowing(action, arn)).toEqual(names)
      expect(names.filter((name) => decide(name, action, arn, {}, least) === 'allowed')).toEqual([])
    }
  })

  it('let the functions behind AWS Config rules alone record evaluations', () => {
    const auditing: readonly string[] = Object.values(judgingFunctions)
    expect(allowing('config:PutEvaluations', '*')).toEqual(auditing)
  })

  it('let each function behind AWS Config rules invoke itself, and resource-change those that judge', () => {
    const auditing: readonly string[] = Object.values(judgingFunctions)
    const judging: readonly string[] = Object.values(judgingFunctions)
    for (const name of names) {
      const wanted = [
        ...(auditing.includes(name) ? [name] : []),
        ...(judging.includes(name) ? [eventFunctions.resourceChange.functionName] : []),
      ]
      expect(allowing('lambda:InvokeFunction', own('lambda', `function:${name}`)).sort()).toEqual(wanted.sort())
    }
  })

  it('use the key of the queues through SQS of this region only', () => {
    const via = { 'kms:viaservice': `sqs.${region}.amazonaws.com` }
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey']) expect(allowing(action, key, via)).toEqual(names)
    expect(allowing('kms:Decrypt', key, { 'kms:viaservice': `secretsmanager.${region}.amazonaws.com` })).toEqual([])
    expect(allowing('kms:Decrypt', key, { 'kms:viaservice': 'sqs.us-east-1.amazonaws.com' })).toEqual([])
  })

  it('read of a hub what it publishes for members, where settings count', () => {
    const readers = [
      eventFunctions.pullFailure.functionName,
      ...auditedAreas.map((area) => auditors[area].functionName),
    ]
    for (const name of ['organization.json', 'settings.yaml']) {
      expect(allowing('s3:GetObject', `arn:aws:s3:::hub/pullpath/${name}`).sort()).toEqual(readers.sort())
    }
    expect(allowing('s3:GetObject', 'arn:aws:s3:::hub/pullpath/reports/1.json')).toEqual([])
    const via = { 'kms:viaservice': 's3.us-east-1.amazonaws.com' }
    expect(allowing('kms:Decrypt', hubKey, via).sort()).toEqual(readers.sort())
  })

  it('leave the heartbeats of their own account in the bucket of a hub, where they sweep, and nothing else', () => {
    const sweeping = Object.values(judgingFunctions).sort()
    const key = (file: string, owner = account) => `arn:aws:s3:::hub/pullpath/heartbeats/${owner}/${file}`
    for (const area of Object.keys(judgingFunctions)) {
      expect(allowing('s3:PutObject', key(`eu-central-1/${area}.json`)).sort()).toEqual(sweeping)
    }
    const others = [
      ...['eu-central-1/other.json', 'us-east-1/ecr.json', 'eu-central-1/ecr.json/x'].map((file) => key(file)),
      key('eu-central-1/ecr.json', '444455556666'),
      ...['organization.json', 'settings.json', 'heartbeats/x.json'].map((name) => `arn:aws:s3:::hub/pullpath/${name}`),
      `arn:aws:s3:::other/pullpath/heartbeats/${account}/eu-central-1/ecr.json`,
    ]
    for (const arn of others) expect(allowing('s3:PutObject', arn), arn).toEqual([])
    for (const action of ['s3:GetObject', 's3:DeleteObject', 's3:PutObjectAcl']) {
      expect(allowing(action, key('eu-central-1/ecr.json')), action).toEqual([])
    }
    const via = (service: string) => ({ 'kms:viaservice': `${service}.us-east-1.amazonaws.com` })
    expect(allowing('kms:GenerateDataKey', hubKey, via('s3')).sort()).toEqual(sweeping)
    expect(allowing('kms:GenerateDataKey', hubKey, via('sqs'))).toEqual([])
  })
})
