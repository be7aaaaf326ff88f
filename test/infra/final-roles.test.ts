import { describe, expect, it } from 'vitest'
import { type AuditedArea, auditedAreas, auditors, eventFunctions } from '../../infra/config.ts'
import { callsOf } from '../../infra/derive/permissions.ts'
import { sourcePermissions } from '../../infra/derive/source-permissions.ts'
import { permissions as ofSweeps } from '../../lambdas/config-rule/invoke-itself.ts'
import { permissions as ofPullFailure } from '../../lambdas/pull-failure/permissions.ts'
import { present } from '../../shared/iam/conditions/context.ts'
import { evaluateAccess } from '../../shared/iam/evaluate/evaluate.ts'
import type { PolicyDocument } from '../../shared/iam/evaluate/types.ts'
import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import { permissions as ofQueue } from '../../shared/sinks/queue/send-findings.ts'
import { permissions as ofSecurityHub } from '../../shared/sinks/security-hub/import-findings.ts'
import { permissions as ofImages } from '../../shared/sources/ecr-images/permissions.ts'
import type { PermissionResource } from '../../shared/sources/permission.ts'
import { deployed, deployedRules, memberStack, ofType } from './synthesised.ts'

const account = '111122223333'
const region = 'eu-central-1'
const own = (service: string, resource: string, owner = account) => `arn:aws:${service}:${region}:${owner}:${resource}`
const key = own('kms', 'key/queues')
const hubKey = own('kms', 'key/hub', '999999999999')

/** Everything a role can be given: a key for the queues, and a hub. */
const all = deployed(memberStack().template, {
  ...{ QueueKey: key, HubBucket: 'hub', HubPrefix: 'pullpath/', HubAccount: '999999999999', HubKey: hubKey },
})

function known(name: string, json: object): PolicyDocument {
  const parsed = parsePolicy({ json: json as never, text: JSON.stringify(json), duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  return { state: 'known', name, policy: parsed.policy }
}

/** The final policies of a function's role. */
function policiesOf(functionName: string): readonly PolicyDocument[] {
  const lambda = ofType(all, 'AWS::Lambda::Function').find(
    ({ Properties }) => Properties.FunctionName === functionName,
  )!
  const id = lambda.Properties.Role.split('/').at(-1) as string
  const attached = ofType(all, 'AWS::IAM::Policy').filter(({ Properties }) => Properties.Roles.includes(id))
  const inline = all.get(id)!.Properties.Policies as { PolicyName: string; PolicyDocument: object }[]
  expect(inline).toHaveLength(1)
  return [...inline, ...attached.map(({ Properties }) => Properties)].map(({ PolicyName, PolicyDocument }) =>
    known(PolicyName, PolicyDocument),
  )
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

function decide(functionName: string, action: string, arn: string, context: Record<string, string> = {}) {
  const principal = { kind: 'role', arn: `arn:aws:iam::${account}:role/f`, accountId: account } as const
  const resource = { arn, accountId: arn === hubKey ? '999999999999' : account }
  const resourcePolicies = action.startsWith('kms:') ? [keyPolicy] : []
  const keys = Object.entries(context).map(([name, value]) => [name, present(value)] as const)
  const request = { principal, action, resource, context: new Map(keys) }
  return evaluateAccess({ request, identityPolicies: policiesOf(functionName), resourcePolicies }).decision
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
const rulesOf = (area: AuditedArea) => deployedRules.filter((rule) => rule.area === area)
const readsOf = (rules: typeof deployedRules, calls = sourcePermissions) => {
  const types = new Set<string>(rules.flatMap(({ judges, reads }) => [judges, ...reads]))
  return calls.filter(({ reads }) => reads.some((type) => types.has(type)))
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

/** What each function does, from what its parts say. */
const needs: readonly (readonly [functionName: string, needed: Needed])[] = [
  ...auditedAreas.map((area) => {
    const { functionName } = auditors[area]
    const needed: Needed = [
      ...reading(readsOf(rulesOf(area), callsOf(area, sourcePermissions))),
      ...(['config:PutEvaluations', 'config:GetResourceConfigHistory'] as const).map(
        (action) => [action, '*'] as const,
      ),
      ['config:GetComplianceDetailsByConfigRule', own('config', 'config-rule/config-rule-abc123')],
      ...ofSweeps.map(({ action }) => [action, own('lambda', `function:${functionName}`)] as const),
      ...ofAsynchronous(functionName),
    ]
    return [functionName, needed] as const
  }),
  [
    eventFunctions.resourceChange.functionName,
    [
      ...reading(readsOf(deployedRules, [...sourcePermissions, ...ofImages])),
      ['config:GetResourceConfigHistory', '*'],
      ...ofAsynchronous(eventFunctions.resourceChange.functionName),
    ],
  ],
  [
    eventFunctions.pullFailure.functionName,
    [...reading(ofPullFailure), ...ofAsynchronous(eventFunctions.pullFailure.functionName)],
  ],
  [
    eventFunctions.publisher.functionName,
    [
      ...ofSecurityHub.map(({ action }) => [action, own('securityhub', `product/${account}/default`)] as const),
      ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((name) => [`sqs:${name}`, findings] as const),
      ...logOf(eventFunctions.publisher.functionName),
    ],
  ],
]

const names = needs.map(([name]) => name)

/** What would make an auditor a danger: content, secrets, other identities, changes, and traces covered. */
const dangerous: Needed = [
  ['ecr:GetAuthorizationToken', '*'],
  ...[
    'BatchGetImage',
    'GetDownloadUrlForLayer',
    'PutImage',
    'BatchDeleteImage',
    'SetRepositoryPolicy',
    'DeleteRepository',
  ].map((name) => [`ecr:${name}`, own('ecr', 'repository/app')] as const),
  ['ecr:PutRegistryPolicy', '*'],
  ['secretsmanager:GetSecretValue', own('secretsmanager', 'secret:ecr-pullthroughcache/a-abc')],
  ['ssm:GetParameter', own('ssm', 'parameter/secret')],
  ['ssm:SendCommand', own('ec2', 'instance/i-1')],
  ['sts:AssumeRole', `arn:aws:iam::${account}:role/admin`],
  ...['PassRole', 'PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy', 'CreateRole'].map(
    (name) => [`iam:${name}`, `arn:aws:iam::${account}:role/admin`] as const,
  ),
  ['iam:CreateAccessKey', `arn:aws:iam::${account}:user/u`],
  ['iam:CreatePolicyVersion', `arn:aws:iam::${account}:policy/p`],
  ...['UpdateFunctionCode', 'AddPermission', 'PutFunctionConcurrency', 'GetFunction'].map(
    (name) => [`lambda:${name}`, own('lambda', 'function:pullpath-ecr-policy-auditor')] as const,
  ),
  ['lambda:InvokeFunction', own('lambda', 'function:someone-else')],
  ...['PutConfigRule', 'DeleteConfigRule', 'DeleteEvaluationResults'].map(
    (name) => [`config:${name}`, own('config', 'config-rule/config-rule-abc123')] as const,
  ),
  ['config:StopConfigurationRecorder', '*'],
  ['config:PutConfigurationRecorder', '*'],
  ['ec2:ModifyVpcEndpoint', own('ec2', 'vpc-endpoint/vpce-1')],
  ['ec2:AuthorizeSecurityGroupIngress', own('ec2', 'security-group/sg-1')],
  ['ecs:RegisterTaskDefinition', '*'],
  ['ecs:ExecuteCommand', own('ecs', 'task/main/1')],
  ['eks:CreateAccessEntry', own('eks', 'cluster/main')],
  ['securityhub:BatchUpdateFindings', own('securityhub', 'hub/default')],
  ['securityhub:DisableSecurityHub', '*'],
  ['securityhub:BatchImportFindings', `arn:aws:securityhub:${region}::product/vendor/other`],
  ['sqs:PurgeQueue', findings],
  ['sqs:ReceiveMessage', failed],
  ['sqs:SendMessage', own('sqs', 'pullpath-findings', '444455556666')],
  ['logs:DeleteLogGroup', own('logs', 'log-group:/aws/lambda/pullpath-ecr-policy-auditor')],
  ['logs:GetLogEvents', own('logs', 'log-group:/aws/lambda/other:log-stream:a')],
  ['s3:GetObject', 'arn:aws:s3:::hub/pullpath/report.json'],
  ['s3:PutObject', 'arn:aws:s3:::hub/pullpath/organization.json'],
  ['s3:ListBucket', 'arn:aws:s3:::hub'],
  ['kms:Decrypt', own('kms', 'key/other')],
  ['kms:ScheduleKeyDeletion', key],
  ['events:DisableRule', own('events', 'rule/pullpath-change-ecr-1')],
  ['cloudformation:DeleteStack', own('cloudformation', 'stack/pullpath/1')],
]

describe.each(needs)('the final role of %s', (functionName, needed) => {
  it('allows everything the function does', () => {
    expect(needed.length).toBeGreaterThan(4)
    const refused = needed.filter(([action, arn]) => decide(functionName, action, arn) !== 'allowed')
    expect(refused).toEqual([])
  })

  it('allows none of the dangerous actions', () => {
    expect(dangerous.length).toBeGreaterThanOrEqual(30)
    const allowed = dangerous.filter(([action, arn]) => !/Denied$/.test(decide(functionName, action, arn)))
    expect(allowed).toEqual([])
  })

  it('allows nothing besides', () => {
    const lambda = ofType(all, 'AWS::Lambda::Function').find(
      ({ Properties }) => Properties.FunctionName === functionName,
    )!
    const role = all.get(lambda.Properties.Role.split('/').at(-1))!
    const statements = role.Properties.Policies[0].PolicyDocument.Statement as { Effect: string; Action: string[] }[]
    const granted = statements.flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : []))
    expect([...new Set(granted)].sort()).toEqual([...new Set(needed.map(([action]) => action))].sort())
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
    expect(allowing('sqs:SendMessage', findings)).toEqual(names.filter((name) => !publisher.includes(name)))
  })

  it('let the functions behind AWS Config rules alone record evaluations, and each invoke itself only', () => {
    const auditing: readonly string[] = auditedAreas.map((area) => auditors[area].functionName)
    expect(allowing('config:PutEvaluations', '*')).toEqual(auditing)
    for (const name of names) {
      const self = allowing('lambda:InvokeFunction', own('lambda', `function:${name}`))
      expect(self).toEqual(auditing.includes(name) ? [name] : [])
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
      eventFunctions.resourceChange.functionName,
      ...auditedAreas.map((area) => auditors[area].functionName),
    ]
    for (const name of ['organization.json', 'settings.yaml']) {
      expect(allowing('s3:GetObject', `arn:aws:s3:::hub/pullpath/${name}`).sort()).toEqual(readers.sort())
    }
    expect(allowing('s3:GetObject', 'arn:aws:s3:::hub/pullpath/reports/1.json')).toEqual([])
    const via = { 'kms:viaservice': 's3.us-east-1.amazonaws.com' }
    expect(allowing('kms:Decrypt', hubKey, via).sort()).toEqual(readers.sort())
  })
})
