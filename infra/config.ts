import { type Area, judgingFunctions } from '../shared/live/function-names.ts'

/** Prefix of every AWS Config rule name; the rest is the rule's id. */
export const ruleNamePrefix = 'pullpath-'

/** Name of the conformance pack the rules are in. */
export const conformancePackName = 'pullpath'

/**
 * Limits of AWS Config, CloudFormation and Lambda that the template must keep.
 * `GetComplianceDetailsByConfigRule` takes names of 64 characters although a rule may have 128, so 64 it is.
 */
export const limits = {
  ruleName: 64,
  ruleDescription: 256,
  inputParameters: 1024,
  packRules: 130,
  packTemplateBytes: 51_200,
  inlineCodeBytes: 4 * 1024 * 1024,
  templateBytes: 1024 * 1024,
  /** Of the parameters, in characters: with all other variables a function stays within the 4 KB of Lambda. */
  settings: 2_500,
  trustedAccounts: 40 * 13 - 1,
} as const

/** The functions behind AWS Config rules, by the area they judge; a log group is named after each. */
export const auditors = {
  ecr: {
    constructId: 'EcrPolicyAuditor',
    functionName: judgingFunctions.ecr,
    description: 'Judges ECR repositories and registries for the pullpath AWS Config rules',
    entry: 'lambdas/config-rule/ecr-handler.ts',
  },
  role: {
    constructId: 'RolePermissionAuditor',
    functionName: judgingFunctions.role,
    description: 'Judges the roles that pull and push images for the pullpath AWS Config rules',
    entry: 'lambdas/config-rule/role-handler.ts',
  },
  vpc: {
    constructId: 'VpcEndpointAuditor',
    functionName: judgingFunctions.vpc,
    description: 'Judges the ways images take into VPCs for the pullpath AWS Config rules',
    entry: 'lambdas/config-rule/vpc-handler.ts',
  },
} as const

/** The functions that events and the queue of findings lead to. They exist where findings go to Security Hub. */
export const eventFunctions = {
  publisher: {
    constructId: 'FindingPublisher',
    functionName: 'pullpath-finding-publisher',
    description: 'Publishes the findings of the pullpath functions to AWS Security Hub',
    entry: 'lambdas/finding-publisher/handler.ts',
    timeoutSeconds: 60,
  },
  resourceChange: {
    constructId: 'ResourceChange',
    functionName: 'pullpath-resource-change',
    description:
      'Hands a call recorded by CloudTrail, or an image scan, to the functions that judge what it has touched',
    entry: 'lambdas/resource-change/handler.ts',
    timeoutSeconds: 60,
  },
  pullFailure: {
    constructId: 'PullFailure',
    functionName: judgingFunctions.image,
    description: 'Finds out why a workload could not pull its image, and judges the images that services run',
    entry: 'lambdas/pull-failure/handler.ts',
    timeoutSeconds: 300,
  },
} as const

/** A function that events or the queue of findings lead to. */
export type EventFunction = keyof typeof eventFunctions

/** Prefix of every EventBridge rule name. */
export const eventRulePrefix = 'pullpath-'

/** The queues, by name: roles and queue policies speak of them before they exist. */
export const queueNames = {
  /** Findings on their way to Security Hub. */
  findings: 'pullpath-findings',
  /** Findings that Security Hub would not take. */
  findingDeadLetters: 'pullpath-finding-dead-letters',
  /** Events that EventBridge could not hand to a function. */
  undeliveredEvents: 'pullpath-undelivered-events',
  /** Invocations that failed every time. */
  failedInvocations: 'pullpath-failed-invocations',
} as const

/** The queue of findings. Lambda wants the visibility timeout six times the function's; seconds. */
export const findingDelivery = {
  batchSize: 100,
  batchingWindowSeconds: 5,
  maximumConcurrency: 2,
  visibilityTimeoutSeconds: 6 * eventFunctions.publisher.timeoutSeconds,
  maxReceiveCount: 5,
} as const

/** Seconds a dead letter is kept: as long as SQS keeps anything. A message keeps its age when it moves, so the queues before keep less. */
export const retention = { deadLetters: 1_209_600, findings: 345_600 } as const

/**
 * How often and how long the delivery of an event is tried. Older than this an event says nothing the daily sweep does not
 * find by itself; a notification of AWS Config is waited for as long as Lambda does. Ages in seconds.
 */
export const attempts = {
  eventTarget: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 10 },
  eventFunction: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 2 },
  configFunction: { maximumEventAgeInSeconds: 21_600, maximumRetryAttempts: 2 },
} as const

/** An area that has a function. */
export type AuditedArea = keyof typeof auditors
/** All areas that have a function, in the order of the template. */
export const auditedAreas: readonly AuditedArea[] = ['ecr', 'role', 'vpc']

/** All areas whose rules are deployed: those on images are judged by the function `pullFailure`. */
export const deployedAreas: readonly Area[] = [...auditedAreas, 'image']

/** The areas whose function looks up repositories of other accounts, besides the function `pullFailure`. */
export const lookingUp: ReadonlySet<AuditedArea> = new Set<AuditedArea>(['role', 'vpc'])

/**
 * Calls of sources that a function does not make although its rules read their types: the function of area role does not look at
 * what instances are made from, those of areas vpc and image read the roles and task
 * definitions that workloads name, and list neither.
 */
export const uncalled: ReadonlyMap<Area, readonly string[]> = new Map<Area, readonly string[]>([
  ['role', ['autoscaling:DescribeAutoScalingGroups', 'ec2:DescribeLaunchTemplateVersions', 'iam:ListInstanceProfiles']],
  ['vpc', ['ecs:ListTaskDefinitionFamilies', 'iam:GetAccountAuthorizationDetails', 'iam:ListEntitiesForPolicy']],
  ['image', ['ecs:ListTaskDefinitionFamilies', 'iam:GetAccountAuthorizationDetails', 'iam:ListEntitiesForPolicy']],
])

/** Defaults of every function. Memory buys CPU too: parsing and evaluation finish in well under a second at 512 MB. */
export const functionDefaults = {
  runtime: 'nodejs24.x',
  architecture: 'arm64',
  memoryMegabytes: 512,
  timeoutSeconds: 300,
  logRetentionDays: 90,
} as const

/** How often a scheduled rule runs. Daily is the cheapest frequency AWS Config offers. */
export const scheduledFrequency = 'TwentyFour_Hours'

export { contextTriggers, homeRegionTypes, unrecordedTypes } from '../shared/rules/change-scope.ts'
