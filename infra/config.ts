/** Prefix of every AWS Config rule name; the rest is the rule's id. */
export const ruleNamePrefix = 'pullpath-'

/**
 * Limits of AWS Config, CloudFormation and Lambda that the template must keep.
 * `GetComplianceDetailsByConfigRule` takes names of 64 characters although a rule may have 128, so 64 it is.
 */
export const limits = {
  ruleName: 64,
  ruleDescription: 256,
  inputParameters: 1024,
  inlineCodeBytes: 4 * 1024 * 1024,
  templateBytes: 1024 * 1024,
} as const

/** The function that judges area `ecr`; its log group is named after it. */
export const ecrAuditor = {
  functionName: 'pullpath-ecr-policy-auditor',
  description: 'Judges ECR repositories and registries for the pullpath AWS Config rules',
} as const

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

/** Types that AWS Config records and on which verdicts about other resources rest: their changes re-judge those. */
export const recordedContextTypes: ReadonlySet<string> = new Set([
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::RepositoryCreationTemplate',
])
