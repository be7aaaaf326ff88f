/**
 * What a service control policy keeps from everybody but those who deploy: texts in the spelling of `Fn::Sub`, because the
 * partition and the exempted roles are known when it is deployed.
 */

/** One statement of the policy, as it stands in it. */
export interface GuardrailStatement {
  readonly Sid: string
  readonly Effect: 'Deny'
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
const partition = '${AWS::Partition}'
/** Stands in a list of texts for the ARNs of the exempted roles, which may be several. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
const exempted = '${Exempted}'

const arn = (service: string, rest: string): string => `arn:${partition}:${service}:${rest}`
const role = (name: string): string => arn('iam', `:*:role/${name}`)

/** CloudFormation works in member accounts as a role of the stack sets service, whose name begins so. */
const deployers = [role('stacksets-exec-*'), exempted]
const ourRoles = [role('pullpath-*'), role('pullpath/*'), role('StackSet-pullpath-*')]

/** Calls of AWS services are not bound by such policies; this says so. */
const byPeople = { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } }
const notByDeployers = { ArnNotLike: { 'aws:PrincipalArn': deployers } }

const notByOthers = { ArnNotLike: { 'aws:PrincipalArn': [...deployers, ...ourRoles] }, ...byPeople }

const functions = arn('lambda', '*:*:function:pullpath-*')
const logGroups = arn('logs', '*:*:log-group:/aws/lambda/pullpath-*')
/** Of state machines: what they write there, a service delivers. */
const vendedLogGroups = arn('logs', '*:*:log-group:/aws/vendedlogs/states/pullpath-*')
const stateMachines = arn('states', '*:*:*:pullpath-*')
const bucket = arn('s3', '::pullpath-hub-*')

/** What is ours by its name: nobody changes it, whatever the action. */
const ours: GuardrailStatement = {
  Sid: 'Ours',
  Effect: 'Deny',
  Action: [
    ...['Cancel', 'Continue', 'Create', 'Delete', 'Execute', 'Import', 'Rollback', 'Set', 'Stop', 'Update'].map(
      (verb) => `cloudformation:${verb}*`,
    ),
    ...['DeleteAlarms', 'DisableAlarmActions', 'PutMetricAlarm', 'SetAlarmState'].map((name) => `cloudwatch:${name}`),
    ...['DeleteConformancePack', 'PutConformancePack'].map((name) => `config:${name}`),
    ...['DeleteRule', 'DisableRule', 'PutRule', 'PutTargets', 'RemoveTargets'].map((name) => `events:${name}`),
    ...['AttachRole*', 'CreateRole', 'DeleteRole*', 'DetachRole*', 'PassRole', 'PutRole*', 'Update*Role*'].map(
      (name) => `iam:${name}`,
    ),
    ...['DeleteAlias', 'UpdateAlias'].map((name) => `kms:${name}`),
    ...['Add', 'Create', 'Delete', 'Put', 'Remove', 'Update'].map((verb) => `lambda:${verb}*`),
    ...['DeleteLog*', '*RetentionPolicy'].map((name) => `logs:${name}`),
    ...['DeleteBucket*', 'DeleteObjectVersion', 'PutBucket*', 'Put*Configuration'].map((name) => `s3:${name}`),
    ...['AddPermission', 'DeleteQueue', 'PurgeQueue', 'RemovePermission', 'SetQueueAttributes'].map(
      (name) => `sqs:${name}`,
    ),
    ...['DeleteStateMachine', 'UpdateStateMachine'].map((name) => `states:${name}`),
  ],
  Resource: [
    ...['stack/pullpath-*', 'stack/StackSet-pullpath-*', 'stackset/pullpath-*'].map((name) =>
      arn('cloudformation', `*:*:${name}`),
    ),
    ...['alarm:pullpath-*', 'alarm:StackSet-pullpath-*'].map((name) => arn('cloudwatch', `*:*:${name}`)),
    arn('config', '*:*:conformance-pack/pullpath*'),
    arn('events', '*:*:rule/pullpath-*'),
    // The roles that deploy, too: whoever may change one of them is exempted from everything.
    ...[...ourRoles, role('stacksets-exec-*')],
    arn('kms', '*:*:alias/pullpath-*'),
    functions,
    ...[logGroups, vendedLogGroups],
    bucket,
    arn('sqs', '*:*:pullpath-*'),
    stateMachines,
  ],
  Condition: notByDeployers,
}

/** What has no name of ours, and blinds us. Rules of AWS Config have ids for ARNs; those of a conformance pack are locked by AWS. */
const foundations: GuardrailStatement = {
  Sid: 'Foundations',
  Effect: 'Deny',
  Action: [
    'config:DeleteAggregationAuthorization',
    'config:DeleteConfigurationAggregator',
    'config:DeleteConfigurationRecorder',
    'config:DeleteDeliveryChannel',
    'config:DeleteEvaluationResults',
    'config:DeleteRetentionConfiguration',
    'config:DisassociateResourceTypes',
    'config:PutConfigurationAggregator',
    'config:PutConfigurationRecorder',
    'config:PutDeliveryChannel',
    'config:StopConfigurationRecorder',
    'securityhub:DisableSecurityHub*',
    'securityhub:DisassociateFrom*',
  ],
  Resource: ['*'],
  Condition: notByDeployers,
}

/** A key has no name in its ARN, but an alias. */
const keys: GuardrailStatement = {
  Sid: 'Keys',
  Effect: 'Deny',
  Action: ['kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'],
  Resource: ['*'],
  Condition: { ...notByDeployers, 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/pullpath-*' } },
}

/** The poller of the queue of findings has an id for its ARN, too. */
const pollers: GuardrailStatement = {
  Sid: 'Pollers',
  Effect: 'Deny',
  Action: ['Create', 'Delete', 'Update'].map((verb) => `lambda:${verb}EventSourceMapping`),
  Resource: ['*'],
  Condition: { ...notByDeployers, ArnLike: { 'lambda:FunctionArn': functions } },
}

/** What our functions do for themselves, and services for them: an invocation, log line or report of anyone else is a forgery. */
const work: GuardrailStatement = {
  Sid: 'Work',
  Effect: 'Deny',
  Action: ['lambda:Invoke*', 'logs:CreateLogStream', 'logs:PutLogEvents', 's3:PutObject', 'states:StopExecution'],
  Resource: [functions, logGroups, `${bucket}/published/*`, `${bucket}/reports/*`, stateMachines],
  Condition: notByOthers,
}

/** Metrics are evidence of work; our functions write them to their log and need no call. */
const measures: GuardrailStatement = {
  Sid: 'Measures',
  Effect: 'Deny',
  Action: ['cloudwatch:PutMetricData'],
  Resource: ['*'],
  Condition: { ...notByDeployers, StringEquals: { 'cloudwatch:namespace': 'Pullpath' } },
}

/** Rules of AWS Config have ids for ARNs, so these can only be denied for all rules: for accounts without custom rules of their own. */
const rules: GuardrailStatement = {
  Sid: 'Rules',
  Effect: 'Deny',
  Action: ['config:DeleteConfigRule', 'config:PutConfigRule'],
  Resource: ['*'],
  Condition: notByDeployers,
}

const evaluations: GuardrailStatement = {
  Sid: 'Evaluations',
  Effect: 'Deny',
  Action: ['config:PutEvaluations'],
  Resource: ['*'],
  Condition: notByOthers,
}

/** Protects what is ours, and its traces. Takes nothing from anybody's own work. */
export const ourGuardrail: readonly GuardrailStatement[] = [ours, keys, pollers, work, measures]

/** Protects what all of AWS Config and Security Hub rests on in an account. */
export const foundationGuardrail: readonly GuardrailStatement[] = [foundations]

/** Leaves the rules of AWS Config to us: for accounts that have no custom rules of their own. */
export const ruleGuardrail: readonly GuardrailStatement[] = [rules, evaluations]

/** A policy as text without a needless character, in the spelling of `Fn::Sub`. */
export function policyText(statements: readonly GuardrailStatement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}
