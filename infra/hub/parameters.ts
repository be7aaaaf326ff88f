import { CfnCondition, CfnParameter, Fn, type Stack } from 'aws-cdk-lib'
import { regionPattern } from '../region-pattern.ts'

/** Text parameters of a stack by their ids; the value of each is a token. */
export type Parameters<Id extends string> = Readonly<Record<Id, string>>

interface Definition {
  readonly description: string
  /** Missing: whoever deploys has to say. */
  readonly fallback?: string
  readonly pattern?: string
  readonly values?: readonly string[]
  readonly maxLength?: number
  readonly isSecret?: true
}

const arnOfStackSet = 'arn:[a-z-]+:cloudformation:[a-z0-9-]+:[0-9]{12}:stackset/[A-Za-z0-9:-]+'
const unit = '(r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32})'
const commaList = (one: string): string => `${one}(,${one})*`
const ruleSets = ['recommended', 'all', 'none'] as const
const percentage = '^([1-9][0-9]?|100)$'

/** Lengths count where a function is told: its variables share 4 KB. */
const definitions = {
  OrganizationId: { pattern: '^o-[a-z0-9]{10,32}$', description: 'Id of the organization (o-...).' },
  OrganizationalUnits: {
    ...{ pattern: `^${commaList(unit)}$`, maxLength: 2_000 },
    description:
      'Comma-separated ids of the root (r-...) or of organizational units (ou-...) whose accounts are audited, new ones included.',
  },
  Regions: {
    ...{ pattern: `^${commaList(regionPattern)}$`, maxLength: 800 },
    description: 'Comma-separated regions that are audited in each account.',
  },
  HomeRegion: {
    ...{ fallback: '', pattern: `^(${regionPattern})?$` },
    description:
      'The one of these regions whose AWS Config recorders record IAM: only there rules on roles exist. Empty: the region of this stack, which has to be one of them then.',
  },
  CallAs: {
    ...{ fallback: 'DELEGATED_ADMIN', values: ['DELEGATED_ADMIN', 'SELF'] },
    description: 'DELEGATED_ADMIN in a delegated administrator account, SELF in the management account.',
  },
  AggregatorExternalId: {
    ...{ isSecret: true, pattern: '^[A-Za-z0-9+=,.@:/_-]{32,64}$', maxLength: 64 },
    description:
      'Random text that the functions show when they look up repositories of other accounts, 32 to 64 characters. Make one with: openssl rand -hex 32',
  },
  RepositoryLookUp: {
    ...{ fallback: 'on', values: ['on', 'off'] },
    description:
      'Whether functions may look up repositories of other accounts in the aggregator. Whoever administers a member account can then read what AWS Config records in the organization.',
  },
  SettingsKey: {
    ...{ fallback: 'source/settings.yaml', pattern: '^source/[A-Za-z0-9_.-]{1,100}$' },
    description: 'Key in the bucket of the settings that people edit.',
  },
  FailureTolerance: {
    ...{ fallback: '10', pattern: '^([0-9]|[1-9][0-9]|100)$' },
    description: 'Percentage of accounts, per region, in which a deployment may fail before it stops.',
  },
  MaxConcurrent: {
    ...{ fallback: '25', pattern: percentage },
    description: 'Percentage of accounts that are deployed at the same time.',
  },
  StackSetDependencies: {
    ...{ fallback: '', pattern: `^(${commaList(arnOfStackSet)})?$` },
    description:
      'Comma-separated ARNs of at most ten stack sets that new accounts get first, such as the one that enables AWS Config.',
  },
  TrustedAccounts: {
    ...{ fallback: '', pattern: '^([0-9]{12}(,[0-9]{12})*)?$', maxLength: 519 },
    description: 'Comma-separated ids of accounts outside the organization that may reach repositories.',
  },
  SecurityHub: {
    ...{ fallback: 'on', values: ['on', 'off'] },
    description:
      'Whether findings of members also go to AWS Security Hub, which has to be enabled in each account and region.',
  },
  ConfigRules: {
    ...{ fallback: 'pack', values: ['pack', 'rules'] },
    description:
      'pack: the AWS Config rules of an account are a conformance pack with a score. rules: they stand alone.',
  },
  EcrRules: { fallback: 'recommended', values: ruleSets, description: 'Rules on registries and repositories.' },
  RoleRules: { fallback: 'recommended', values: ruleSets, description: 'Rules on roles that pull and push images.' },
  VpcRules: { fallback: 'recommended', values: ruleSets, description: 'Rules on the ways images take into VPCs.' },
  ImageRules: { fallback: 'recommended', values: ruleSets, description: 'Rules on images.' },
  MemberAlarms: {
    ...{ fallback: 'evidence', values: ['evidence', 'all', 'none'] },
    description: 'Alarms in each account and region. The hub misses heartbeats of members without them, too.',
  },
  Tracing: {
    ...{ fallback: 'off', values: ['off', 'on'] },
    description: 'Whether the functions of members are traced with AWS X-Ray.',
  },
  ConfigBucket: {
    ...{ fallback: '', pattern: '^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$' },
    description:
      'Bucket to which AWS Config delivers snapshots of all accounts, which the report reads. Empty: the report reads the aggregator, which holds less.',
  },
  ConfigBucketPrefix: {
    ...{ fallback: '', pattern: '^([A-Za-z0-9_.-]+/){0,8}$', maxLength: 200 },
    description: 'What comes before AWSLogs/ in the keys of that bucket, with its /.',
  },
  ConfigBucketAccount: {
    ...{ fallback: '', pattern: '^([0-9]{12})?$' },
    description: 'Id of the account that owns that bucket. Empty: this one.',
  },
  ConfigBucketRegion: {
    ...{ fallback: '', pattern: `^(${regionPattern})?$` },
    description: 'Region of that bucket. Empty: this one.',
  },
  ConfigBucketKey: {
    ...{ fallback: '', pattern: '^(arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$' },
    description: 'ARN of the KMS key of that bucket. Empty: it is encrypted without one.',
  },
  ReportSchedule: {
    ...{ fallback: 'cron(0 5 * * ? *)', pattern: '^(cron|rate)[(][A-Za-z0-9 ,*?/#-]{3,100}[)]$' },
    description: 'When the report is made, as a schedule of EventBridge in UTC. An alarm expects one each day.',
  },
  ReserveConcurrency: {
    ...{ fallback: 'on', values: ['on', 'off'] },
    description: 'off in an account whose quota of concurrent executions is too small to reserve one.',
  },
  AlarmTopic: {
    ...{ fallback: '', pattern: '^(arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+)?$' },
    description: 'ARN of an SNS topic that alarms of the hub are sent to. Empty: they only show in CloudWatch.',
  },
} as const satisfies Readonly<Record<string, Definition>>

/** A parameter of the hub. */
export type HubParameter = keyof typeof definitions

/** The parameters of the hub in the order in which people are asked, by what they are about. */
const groups: readonly { readonly label: string; readonly ids: readonly HubParameter[] }[] = [
  { label: 'Where', ids: ['OrganizationId', 'OrganizationalUnits', 'Regions', 'HomeRegion', 'CallAs'] },
  {
    label: 'What',
    ids: ['ConfigRules', 'EcrRules', 'RoleRules', 'VpcRules', 'ImageRules', 'TrustedAccounts', 'SettingsKey'],
  },
  { label: 'Repositories of other accounts', ids: ['AggregatorExternalId', 'RepositoryLookUp'] },
  {
    label: 'Report',
    ids: [
      'ReportSchedule',
      'ConfigBucket',
      'ConfigBucketPrefix',
      'ConfigBucketAccount',
      'ConfigBucketRegion',
      'ConfigBucketKey',
    ],
  },
  { label: 'Findings and alarms', ids: ['SecurityHub', 'AlarmTopic', 'MemberAlarms', 'Tracing', 'ReserveConcurrency'] },
  { label: 'Roll-out', ids: ['FailureTolerance', 'MaxConcurrent', 'StackSetDependencies'] },
]

/** Makes the parameters of the hub, in groups for the console. */
export function createHubParameters(stack: Stack): Parameters<HubParameter> {
  const all = groups.flatMap(({ ids }) => ids)
  const parameters = all.map((id) => [id, textParameter(stack, id, definitions[id])] as const)
  stack.templateOptions.metadata = {
    'AWS::CloudFormation::Interface': {
      ParameterGroups: groups.map(({ label, ids }) => ({ Label: { default: label }, Parameters: ids })),
    },
  }
  return Object.fromEntries(parameters) as Parameters<HubParameter>
}

/** One text parameter; its value as a token. */
export function textParameter(stack: Stack, id: string, definition: Definition): string {
  const { description, fallback, pattern, values, maxLength, isSecret } = definition
  return new CfnParameter(stack, id, {
    description,
    ...(fallback !== undefined && { default: fallback }),
    ...(pattern !== undefined && { allowedPattern: pattern }),
    ...(values !== undefined && { allowedValues: [...values] }),
    ...(maxLength !== undefined && { maxLength }),
    ...(isSecret && { noEcho: true }),
  }).valueAsString
}

/** True where a parameter is not empty. */
export function isGiven(stack: Stack, id: string, value: string): CfnCondition {
  return new CfnCondition(stack, id, { expression: Fn.conditionNot(Fn.conditionEquals(value, '')) })
}

/** True where a parameter says `on`. */
export function isOn(stack: Stack, id: string, value: string): CfnCondition {
  return new CfnCondition(stack, id, { expression: Fn.conditionEquals(value, 'on') })
}
