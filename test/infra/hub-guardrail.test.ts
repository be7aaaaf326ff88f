import { AwsSolutionsChecks } from 'cdk-nag'
import { describe, expect, it } from 'vitest'
import { auditors, eventFunctions } from '../../infra/config.ts'
import { SCP_CHARACTERS } from '../../infra/hub-config.ts'
import { present } from '../../shared/iam/conditions/context.ts'
import { withCompleteContext } from '../../shared/iam/evaluate/derived-context.ts'
import { evaluateAccess } from '../../shared/iam/evaluate/evaluate.ts'
import type { PolicyDocument, RequestPrincipal } from '../../shared/iam/evaluate/types.ts'
import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import { chosen as chosenHub, guardrailStack, hubStack } from './hub-synthesised.ts'
import { allRules, deployed, memberStack, ofType, type Resource } from './synthesised.ts'

const { app, template } = guardrailStack()
const account = '444455556666'
const breakGlass = 'arn:aws:iam::*:role/break-glass'
const deployer = 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-*'
const chosen = { TargetIds: 'r-ab12,111122223333', ExemptRoles: `${breakGlass},${deployer}` }

function policies(parameters: Readonly<Record<string, string>> = {}) {
  return ofType(deployed(template, { ...chosen, ...parameters }), 'AWS::Organizations::Policy').map(
    ({ Properties }) => Properties,
  )
}

function known(name: string, text: string): PolicyDocument {
  const parsed = parsePolicy({ json: JSON.parse(text), text, duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  expect(parsed.notes).toEqual([])
  return { state: 'known', name, policy: parsed.policy }
}

const full = known(
  'FullAWSAccess',
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
)
/** A key leaves it to the policies of its account. */
const keyPolicy = known(
  'key',
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"kms:*","Resource":"*"}}',
)
const own = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:${account}:${resource}`
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`
const principal = (name: string, accountId = account): RequestPrincipal => ({
  ...{ kind: 'role', accountId, arn: `arn:aws:iam::${accountId}:role/${name}` },
})

type Call = readonly [action: string, arn: string, context?: Readonly<Record<string, string>>]

/** What a principal whose own policies allow everything may do under the guardrail. */
function decision(who: RequestPrincipal, [action, arn, context = {}]: Call, parameters = {}) {
  const keys = Object.entries(context).map(([key, value]) => [key.toLowerCase(), present(value)] as const)
  const request = { principal: who, action, resource: { arn, accountId: account }, context: new Map(keys) }
  const ours = policies(parameters).map(({ Name, Content }) => known(Name, Content))
  const serviceControlPolicies = [{ orgIdentifier: 'r-ab12', policies: [full, ...ours] }]
  const resourcePolicies = action.startsWith('kms:') ? [{ document: keyPolicy }] : []
  const one = { request, identityPolicies: [full], resourcePolicies, serviceControlPolicies }
  return evaluateAccess(withCompleteContext({ ...one, managementAccountId: '999999999999' })).decision
}

const admin = principal('aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_0123456789abcdef')
const auditor = 'StackSet-pullpath-member-EcrPolicyAuditorRole-ABC'
const f = own('lambda', 'function:pullpath-ecr-policy-auditor')
const log = own('logs', 'log-group:/aws/lambda/pullpath-ecr-policy-auditor')
const memberStackArn = own('cloudformation', 'stack/StackSet-pullpath-member-0f0f/1-2')
const withKey = { 'kms:ResourceAliases': 'alias/pullpath-hub' }

/** The list of tampering: each is one way to stop, blind or forge. */
const tampering: readonly Call[] = [
  ...['UpdateFunctionCode', 'UpdateFunctionConfiguration', 'DeleteFunction', 'AddPermission', 'RemovePermission'].map(
    (name): Call => [`lambda:${name}`, f],
  ),
  ...['PutFunctionConcurrency', 'PutFunctionEventInvokeConfig', 'DeleteFunctionEventInvokeConfig'].map(
    (name): Call => [`lambda:${name}`, f],
  ),
  ...['UpdateFunctionEventInvokeConfig', 'PutRuntimeManagementConfig', 'CreateFunctionUrlConfig', 'CreateAlias'].map(
    (name): Call => [`lambda:${name}`, f],
  ),
  ['lambda:UpdateEventSourceMapping', own('lambda', 'event-source-mapping:1-2'), { 'lambda:FunctionArn': f }],
  ['lambda:DeleteEventSourceMapping', own('lambda', 'event-source-mapping:1-2'), { 'lambda:FunctionArn': f }],
  ['lambda:InvokeFunction', f],
  ['lambda:InvokeFunctionUrl', f],
  ...['DisableRule', 'DeleteRule', 'PutRule', 'PutTargets', 'RemoveTargets'].map(
    (name): Call => [`events:${name}`, own('events', 'rule/pullpath-change-ecr-1')],
  ),
  ...['DeleteLogGroup', 'PutRetentionPolicy', 'DeleteRetentionPolicy'].map((name): Call => [`logs:${name}`, log]),
  ['logs:DeleteLogGroup', own('logs', 'log-group:/aws/vendedlogs/states/pullpath-organization-report')],
  ['logs:DeleteLogStream', `${log}:log-stream:2026/03/01/[$LATEST]0`],
  ['logs:PutLogEvents', `${log}:log-stream:2026/03/01/[$LATEST]0`],
  ['logs:CreateLogStream', `${log}:log-stream:forged`],
  ...['PurgeQueue', 'DeleteQueue', 'SetQueueAttributes', 'AddPermission', 'RemovePermission'].map(
    (name): Call => [`sqs:${name}`, own('sqs', 'pullpath-findings')],
  ),
  ...[
    ...['AttachRolePolicy', 'DetachRolePolicy', 'PutRolePolicy', 'DeleteRolePolicy', 'UpdateAssumeRolePolicy'],
    ...['DeleteRole', 'CreateRole', 'UpdateRole', 'PassRole', 'PutRolePermissionsBoundary'],
  ].map((name): Call => [`iam:${name}`, role(auditor)]),
  ['iam:PutRolePermissionsBoundary', role('pullpath-member-EcrPolicyAuditorRole-ABC')],
  ['iam:UpdateAssumeRolePolicy', role('stacksets-exec-0123456789abcdef')],
  ['iam:CreateRole', role('stacksets-exec-mine')],
  ['iam:UpdateAssumeRolePolicy', role('pullpath/pullpath-aggregator-reader')],
  ...['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'].map(
    (name): Call => [`kms:${name}`, own('kms', 'key/1'), withKey],
  ),
  ['kms:UpdateAlias', own('kms', 'alias/pullpath-hub')],
  ...['DeleteStack', 'UpdateStack', 'CreateChangeSet', 'ExecuteChangeSet', 'SetStackPolicy', 'CancelUpdateStack'].map(
    (name): Call => [`cloudformation:${name}`, memberStackArn],
  ),
  ['cloudformation:DeleteStack', own('cloudformation', 'stack/pullpath-member/1-2')],
  ['cloudformation:DeleteStackInstances', own('cloudformation', 'stackset/pullpath-member:1-2')],
  ['cloudformation:UpdateStackSet', own('cloudformation', 'stackset/pullpath-member:1-2')],
  ...['DeleteConformancePack', 'PutConformancePack'].map(
    (name): Call => [`config:${name}`, own('config', 'conformance-pack/pullpath/conformance-pack-abc')],
  ),
  ...[
    ...['DeleteEvaluationResults', 'PutConfigurationRecorder', 'StopConfigurationRecorder'],
    ...['DeleteConfigurationRecorder', 'PutDeliveryChannel', 'DeleteDeliveryChannel', 'DisassociateResourceTypes'],
    ...['DeleteRetentionConfiguration', 'DeleteAggregationAuthorization'],
    ...['DeleteConfigurationAggregator', 'PutConfigurationAggregator'],
  ].map((name): Call => [`config:${name}`, '*']),
  ['securityhub:DisableSecurityHub', own('securityhub', 'hub/default')],
  ['securityhub:DisassociateFromAdministratorAccount', '*'],
  ...['DeleteAlarms', 'DisableAlarmActions', 'PutMetricAlarm', 'SetAlarmState'].map(
    (name): Call => [`cloudwatch:${name}`, own('cloudwatch', 'alarm:StackSet-pullpath-member-0f0f-Heartbeat-1')],
  ),
  ['cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Pullpath' }],
  ['s3:PutObject', 'arn:aws:s3:::pullpath-hub-hubbucket-abc/reports/latest.json'],
  ['s3:PutObject', 'arn:aws:s3:::pullpath-hub-hubbucket-abc/published/settings.json'],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::pullpath-hub-hubbucket-abc'],
  ['s3:DeleteObjectVersion', 'arn:aws:s3:::pullpath-hub-hubbucket-abc/reports/latest.json'],
  ['states:StopExecution', own('states', 'execution:pullpath-organization-report:1')],
  ['states:UpdateStateMachine', own('states', 'stateMachine:pullpath-organization-report')],
]

/** Work of people in their account, near to what is denied. */
const ordinary: readonly Call[] = [
  ['lambda:UpdateFunctionCode', own('lambda', 'function:shop')],
  ['lambda:InvokeFunction', own('lambda', 'function:shop')],
  ['lambda:PutFunctionConcurrency', own('lambda', 'function:not-pullpath')],
  ['lambda:GetFunction', f],
  ['lambda:GetEventSourceMapping', own('lambda', 'event-source-mapping:1-2'), { 'lambda:FunctionArn': f }],
  [
    'lambda:DeleteEventSourceMapping',
    own('lambda', 'event-source-mapping:1-2'),
    { 'lambda:FunctionArn': own('lambda', 'function:shop') },
  ],
  ['events:PutRule', own('events', 'rule/shop')],
  ['events:DescribeRule', own('events', 'rule/pullpath-change-ecr-1')],
  ['logs:PutLogEvents', own('logs', 'log-group:/aws/lambda/shop:log-stream:1')],
  ['logs:FilterLogEvents', log],
  ['logs:DeleteLogGroup', own('logs', 'log-group:/aws/lambda/shop')],
  ['sqs:ReceiveMessage', own('sqs', 'pullpath-finding-dead-letters')],
  ['sqs:StartMessageMoveTask', own('sqs', 'pullpath-finding-dead-letters')],
  ['sqs:PurgeQueue', own('sqs', 'orders')],
  ['iam:CreateRole', role('shop')],
  ['iam:PassRole', role('shop')],
  ['iam:GetRole', role(auditor)],
  ['iam:ListRolePolicies', role(auditor)],
  ['iam:CreateServiceLinkedRole', role('aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig')],
  ['kms:DisableKey', own('kms', 'key/2'), { 'kms:ResourceAliases': 'alias/shop' }],
  ['kms:PutKeyPolicy', own('kms', 'key/3')],
  ['cloudformation:UpdateStack', own('cloudformation', 'stack/shop/1-2')],
  ['cloudformation:DescribeStacks', memberStackArn],
  ['cloudformation:DetectStackDrift', memberStackArn],
  ['config:PutConfigRule', own('config', 'config-rule/config-rule-abc')],
  ['config:DeleteConfigRule', own('config', 'config-rule/config-rule-abc')],
  ['config:PutEvaluations', '*'],
  ['config:StartConfigRulesEvaluation', own('config', 'config-rule/config-rule-abc')],
  ['config:PutConformancePack', own('config', 'conformance-pack/security/1')],
  ['securityhub:BatchUpdateFindings', own('securityhub', 'hub/default')],
  ['cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Shop' }],
  ['cloudwatch:DeleteAlarms', own('cloudwatch', 'alarm:shop')],
  ['s3:PutObject', 'arn:aws:s3:::shop/reports/1'],
  ['s3:GetObject', 'arn:aws:s3:::pullpath-hub-hubbucket-abc/reports/latest.json'],
  // People edit the settings, and delete a file that has to be published anew.
  ['s3:PutObject', 'arn:aws:s3:::pullpath-hub-hubbucket-abc/source/settings.yaml'],
  ['s3:DeleteObject', 'arn:aws:s3:::pullpath-hub-hubbucket-abc/published/organization.json'],
  ['ecr:SetRepositoryPolicy', own('ecr', 'repository/app')],
]

const member = deployed(memberStack().template, {
  ...allRules,
  AggregatorRole: 'arn:aws:iam::111122223333:role/pullpath/pullpath-aggregator-reader',
  ...{ HubBucket: 'pullpath-hub-hubbucket-1', HubKey: own('kms', 'key/hub'), QueueKey: own('kms', 'key/queues') },
})
const hub = deployed(hubStack().template, {
  ...chosenHub,
  ConfigBucket: 'config-bucket',
  ConfigBucketKey: own('kms', 'key/c'),
})

interface Statement {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
}

/** The roles of a deployment as CloudFormation would name them, with an example of each call that their policies allow. */
function rolesOf(prefix: string, all: ReadonlyMap<string, Resource>) {
  const attached = ofType(all, 'AWS::IAM::Policy').map(({ Properties }) => Properties)
  return [...all].flatMap(([id, { Type, Properties }]) => {
    if (Type !== 'AWS::IAM::Role') return []
    const policies = [...Properties.Policies, ...attached.filter(({ Roles }) => Roles.includes(id))]
    const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Statement[])
    return [{ name: `${prefix}${id.slice(0, 24)}-ABC`, allowed: statements.flatMap(callsOf) }]
  })
}

function callsOf({ Effect, Action, Resource }: Statement): readonly Call[] {
  if (Effect !== 'Allow') return []
  // CloudFormation names the bucket, and ids are put in place of wildcards.
  const arns = [Resource]
    .flat()
    .map((arn) => arn.replace('HubBucket', 'pullpath-hub-hubbucket-1').replaceAll('*', 'x1'))
  return [Action].flat().flatMap((action) => arns.map((arn): Call => [action, arn === 'x1' ? '*' : arn]))
}

const rows = (calls: readonly Call[]) => calls.map((call) => [call[0], call[1], call] as const)

describe('the guardrail', () => {
  it.each(rows(tampering))('denies an administrator %s on %s', (_action, _arn, call) => {
    expect(decision(admin, call)).toBe('explicitlyDenied')
  })

  it.each(rows(ordinary))('leaves %s on %s', (_action, _arn, call) => {
    expect(decision(admin, call)).toBe('allowed')
  })

  it.each([
    ['the role of stack sets', principal('stacksets-exec-0123456789abcdef0123456789abcdef')],
    ['the break-glass role', principal('break-glass')],
    [
      'the role that deploys the hub',
      principal('cdk-hnb659fds-cfn-exec-role-111122223333-eu-central-1', '111122223333'),
    ],
    [
      'a service-linked role',
      principal('aws-service-role/config-conforms.amazonaws.com/AWSServiceRoleForConfigConforms'),
    ],
    ['the management account', principal('admin', '999999999999')],
  ])('binds none of what deploys: %s', (_name, who) => {
    const denied = tampering.filter((call) => decision(who, call) === 'explicitlyDenied')
    expect(denied).toEqual([])
  })

  it.each([
    ['AWS Config', 'config.amazonaws.com'],
    ['EventBridge', 'events.amazonaws.com'],
  ])('does not bind %s, which invokes the functions', (_name, name) => {
    const request = {
      principal: { kind: 'service', name } as const,
      ...{ action: 'lambda:InvokeFunction', resource: { arn: f, accountId: account }, context: new Map() },
    }
    const policy = { Effect: 'Allow', Principal: { Service: name }, Action: 'lambda:InvokeFunction', Resource: f }
    const resource = known('permission', JSON.stringify({ Version: '2012-10-17', Statement: [policy] }))
    const serviceControlPolicies = [
      { orgIdentifier: 'r-ab12', policies: [full, ...policies().map(({ Name, Content }) => known(Name, Content))] },
    ]
    const one = { request, identityPolicies: [], resourcePolicies: [{ document: resource }], serviceControlPolicies }
    expect(evaluateAccess(withCompleteContext(one)).decision).toBe('allowed')
  })

  it('lets functions do their own work and not change themselves', () => {
    const functions = [...Object.values(auditors), ...Object.values(eventFunctions)]
    const invocations = functions.map(
      ({ functionName }): Call => ['lambda:InvokeFunction', own('lambda', `function:${functionName}`)],
    )
    const work: readonly Call[] = [
      ...invocations,
      ['logs:PutLogEvents', `${log}:log-stream:1`],
      ['config:PutEvaluations', '*'],
      ['sqs:SendMessage', own('sqs', 'pullpath-findings')],
      ['s3:PutObject', 'arn:aws:s3:::pullpath-hub-hubbucket-abc/published/settings.json'],
    ]
    for (const name of [auditor, 'pullpath-member-EcrPolicyAuditorRole-ABC', 'pullpath-hub-PublisherRole-ABC']) {
      expect(work.map((call) => decision(principal(name), call))).toEqual(work.map(() => 'allowed'))
      expect(decision(principal(name), ['lambda:UpdateFunctionCode', f])).toBe('explicitlyDenied')
      expect(decision(principal(name), ['iam:PutRolePolicy', role(auditor)])).toBe('explicitlyDenied')
    }
  })

  it('denies no deployed role what its own policies allow', () => {
    const roles = [...rolesOf('StackSet-pullpath-member-', member), ...rolesOf('pullpath-hub-', hub)]
    const calls = roles.flatMap(({ name, allowed }) => allowed.map((call) => ({ name, call })))
    expect(new Set(roles.map(({ name }) => name)).size).toBeGreaterThan(10)
    expect(calls.length).toBeGreaterThan(200)
    const strict = { OtherConfigRules: 'denied' }
    const denied = calls.filter(({ name, call }) => decision(principal(name), call, strict) === 'explicitlyDenied')
    expect(denied).toEqual([])
  })

  it('leaves rules and evaluations to pullpath where people say so', () => {
    const strict = { OtherConfigRules: 'denied' }
    const rule = own('config', 'config-rule/config-rule-abc')
    const calls: readonly Call[] = [
      ['config:PutConfigRule', rule],
      ['config:DeleteConfigRule', rule],
      ['config:PutEvaluations', '*'],
    ]
    expect(calls.map((call) => decision(admin, call, strict))).toEqual(calls.map(() => 'explicitlyDenied'))
    expect(decision(principal(auditor), calls[2]!, strict)).toBe('allowed')
    expect(decision(principal(auditor), calls[0]!, strict)).toBe('explicitlyDenied')
    expect(decision(principal('stacksets-exec-0'), calls[0]!, strict)).toBe('allowed')
  })
})

describe('the policies', () => {
  it('are service control policies on the targets, of which the third is there where people say so', () => {
    const strict = policies({ OtherConfigRules: 'denied' })
    expect(strict.map(({ Name, Type, TargetIds }) => [Name, Type, TargetIds])).toEqual(
      ['pullpath-guardrail', 'pullpath-guardrail-foundations', 'pullpath-guardrail-rules'].map((name) => [
        ...[name, 'SERVICE_CONTROL_POLICY', ['r-ab12', '111122223333']],
      ]),
    )
    expect(policies().map(({ Name }) => Name)).toEqual(['pullpath-guardrail', 'pullpath-guardrail-foundations'])
  })

  it('have no needless character, and at most 5,120 with the longest list of roles in the partition of the longest name', () => {
    const { AllowedPattern, MaxLength } = template.toJSON().Parameters.ExemptRoles
    const shortest = 'arn:aws-us-gov:iam::*:role/a'
    const most = Math.floor((MaxLength + 1) / (shortest.length + 1))
    const roles = Array(most).fill(shortest).join(',').padEnd(MaxLength, 'a')
    expect([roles.length, new RegExp(AllowedPattern).test(roles)]).toEqual([MaxLength, true])
    const sizes = policies({ ExemptRoles: roles, OtherConfigRules: 'denied' }).map(({ Name, Content }) => {
      expect(JSON.stringify(JSON.parse(Content))).toBe(Content)
      const text = (Content as string).replaceAll('arn:aws:', 'arn:aws-us-gov:')
      return [Name, text.length] as const
    })
    console.info(`guardrail: ${sizes.map(([name, length]) => `${name} ${length}`).join(', ')} of ${SCP_CHARACTERS}`)
    expect(sizes.filter(([, length]) => length > SCP_CHARACTERS)).toEqual([])
  })

  it('take no roles that would break out of the text', () => {
    const { AllowedPattern } = template.toJSON().Parameters.ExemptRoles
    const takes = (text: string) => new RegExp(AllowedPattern).test(text)
    expect(takes(chosen.ExemptRoles)).toBe(true)
    expect(takes('')).toBe(false)
    expect(takes('arn:aws:iam::111122223333:role/a"')).toBe(false)
    expect(takes('arn:aws:iam::111122223333:role/a\\')).toBe(false)
    expect(takes('arn:aws:iam::111122223333:user/a')).toBe(false)
    expect(takes('*')).toBe(false)
  })

  it('name no partition of their own', () => {
    expect(JSON.stringify(template.toJSON().Resources)).not.toMatch(/arn:aws[\w-]*:/)
  })

  it('are all that the stack has, without assets, and cdk-nag has nothing to say', () => {
    expect(new Set([...deployed(template, chosen).values()].map(({ Type }) => Type))).toEqual(
      new Set(['AWS::Organizations::Policy']),
    )
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([])
    expect(template.toJSON().Parameters).not.toHaveProperty('BootstrapVersion')
  })
})
