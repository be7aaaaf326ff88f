import { organizationReport } from './derive/report-state-machine.ts'

/** Names and numbers of what the hub account gets. Names that other accounts rely on are fixed: roles, policies and templates speak of them. */

/**
 * Name of the stack set. CloudFormation calls its stacks `StackSet-<name>-<id>` and begins the names of their roles with some
 * twenty characters of that, so all begin with `StackSet-pullpath-`.
 */
export const stackSetName = 'pullpath-member'

/**
 * How the names of deployed roles begin: stacks of the stack set, and a stack deployed by hand under a name that begins with
 * `pullpath-`, such as that of the management account.
 */
export const deployedRolePrefixes = ['StackSet-pullpath-', 'pullpath-'] as const

/** Path and name of the role by which members read the aggregator. */
export const aggregatorReader = { path: '/pullpath/', name: 'pullpath-aggregator-reader' } as const

/** Name of the organization's aggregator. */
export const aggregatorName = 'pullpath-organization'

/** Alias of the hub's key. Guardrails know keys of ours by the prefix. */
export const hubKeyAlias = 'alias/pullpath-hub'

/** Below which prefix of the bucket the hub publishes for members; nothing else of the bucket is readable for them. */
export const publishedPrefix = 'published/'

/** Below which prefix reports lie. */
export const reportPrefix = 'reports/'

/** The function that publishes the organization and the settings. */
export const organizationFunction = {
  constructId: 'Organization',
  functionName: 'pullpath-organization',
  description: 'Publishes the organization and the settings for the pullpath functions of all accounts',
  entry: 'lambdas/organization/handler.ts',
  timeoutSeconds: 300,
} as const

/**
 * How long CloudFormation waits for the first publication, seconds: three attempts of Lambda with the pauses between them. A function
 * that ends without an answer is what it waits for in vain.
 */
export const firstPublicationSeconds = 3 * organizationFunction.timeoutSeconds + 300

/** The functions of the hub, by what they are called in the code. */
export const hubFunctions = { organization: organizationFunction, report: organizationReport } as const

/** EventBridge rule that invokes it, and how often. */
export const organizationSchedule = { name: 'pullpath-organization-hourly', expression: 'rate(1 hour)' } as const

/** Queue of events and invocations of the hub that failed every time. Not a member's: the hub account is a member, too. */
export const hubFailedInvocations = 'pullpath-hub-failed-invocations'

/** Days after which reports, heartbeats, and versions that were replaced, are deleted. */
export const retentionDays = {
  ...{ reports: 400, noncurrentVersions: 90, incompleteUploads: 7 },
  ...{ heartbeats: 30, replacedHeartbeats: 1 },
} as const

/** Dashboard of the hub. */
export const dashboardName = 'pullpath-organization'

/** Most characters a service control policy may have. */
export const SCP_CHARACTERS = 5_120
