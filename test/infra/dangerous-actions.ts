import { place } from './synthesised.ts'

const own = (service: string, resource: string, owner = place.account) =>
  `arn:aws:${service}:${place.region}:${owner}:${resource}`
const role = (name: string, owner = place.account) => `arn:aws:iam::${owner}:role/${name}`

/** What would make an auditor a danger: content, secrets, other identities, changes, and traces covered. Each with what it is done to. */
export const dangerous: readonly (readonly [action: string, arn: string])[] = [
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
  ['sts:AssumeRole', role('admin')],
  ['sts:AssumeRole', role('pullpath/pullpath-aggregator-reader')],
  ['sts:AssumeRole', role('admin', '999999999999')],
  ...['PassRole', 'PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy', 'CreateRole'].map(
    (name) => [`iam:${name}`, role('admin')] as const,
  ),
  ['iam:CreateAccessKey', `arn:aws:iam::${place.account}:user/u`],
  ['iam:CreatePolicyVersion', `arn:aws:iam::${place.account}:policy/p`],
  ...[
    'UpdateFunctionCode',
    'UpdateFunctionConfiguration',
    'AddPermission',
    'PutFunctionConcurrency',
    'GetFunction',
  ].map((name) => [`lambda:${name}`, own('lambda', 'function:pullpath-ecr-policy-auditor')] as const),
  ['lambda:InvokeFunction', own('lambda', 'function:someone-else')],
  ['lambda:InvokeFunction', own('lambda', 'function:pullpath-ecr-policy-auditor', '444455556666')],
  ...['PutConfigRule', 'DeleteConfigRule', 'DeleteEvaluationResults'].map(
    (name) => [`config:${name}`, own('config', 'config-rule/config-rule-abc123')] as const,
  ),
  ...['PutConformancePack', 'DeleteConformancePack'].map(
    (name) => [`config:${name}`, own('config', 'conformance-pack/pullpath/conformance-pack-abc123')] as const,
  ),
  ['config:GetConformancePackComplianceDetails', own('config', 'conformance-pack/other/conformance-pack-abc123')],
  ['config:StopConfigurationRecorder', '*'],
  ['config:PutConfigurationRecorder', '*'],
  ['ec2:ModifyVpcEndpoint', own('ec2', 'vpc-endpoint/vpce-1')],
  ['ec2:AuthorizeSecurityGroupIngress', own('ec2', 'security-group/sg-1')],
  ['ecs:RegisterTaskDefinition', '*'],
  ['ecs:ExecuteCommand', own('ecs', 'task/main/1')],
  ['eks:CreateAccessEntry', own('eks', 'cluster/main')],
  ['securityhub:BatchUpdateFindings', own('securityhub', 'hub/default')],
  ['securityhub:DisableSecurityHub', '*'],
  ['securityhub:BatchImportFindings', `arn:aws:securityhub:${place.region}::product/vendor/other`],
  ['sqs:PurgeQueue', own('sqs', 'pullpath-findings')],
  ['sqs:ReceiveMessage', own('sqs', 'pullpath-failed-invocations')],
  ['sqs:SendMessage', own('sqs', 'pullpath-findings', '444455556666')],
  ['logs:DeleteLogGroup', own('logs', 'log-group:/aws/lambda/pullpath-ecr-policy-auditor')],
  ['logs:GetLogEvents', own('logs', 'log-group:/aws/lambda/other:log-stream:a')],
  ['s3:GetObject', 'arn:aws:s3:::hub/pullpath/report.json'],
  ['s3:PutObject', 'arn:aws:s3:::hub/pullpath/organization.json'],
  ['s3:ListBucket', 'arn:aws:s3:::hub'],
  ['kms:Decrypt', own('kms', 'key/other')],
  ['kms:ScheduleKeyDeletion', own('kms', 'key/queues')],
  ['events:DisableRule', own('events', 'rule/pullpath-change-ecr-1')],
  ['cloudformation:DeleteStack', own('cloudformation', 'stack/pullpath/1')],
]
