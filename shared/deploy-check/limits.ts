/** Limits of AWS that a deployment has to keep. */
export const awsLimits = {
  /** Of a template that CloudFormation reads from S3, bytes. */
  templateBytes: 1024 * 1024,
  resources: 500,
  parameters: 200,
  stackInstances: 100_000,
  accountsOfAggregator: 10_000,
  /** Code within a template, bytes of one function. */
  inlineCodeBytes: 4 * 1024 * 1024,
  /** Names and values of the variables of one function, bytes. */
  environmentBytes: 4_096,
  eventPatternCharacters: 2_048,
  configRulesOfRegion: 1_000,
  /** GetComplianceDetailsByConfigRule takes no longer names. */
  configRuleName: 64,
  /** PutConfigRule does; a conformance pack appends a suffix. */
  packedRuleName: 128,
  packSuffix: 27,
  configRuleDescription: 256,
  inputParameters: 1_024,
  scopeTypes: 100,
  sourceDetails: 25,
  packTemplateBytes: 51_200,
  packRules: 130,
  packsOfAccount: 50,
} as const

/** Prefix of every AWS Config rule of ours. */
export const configRulePrefix = 'pullpath-'

/** Characters of the member's parameter `Settings` where the template does not say. */
export const settingsParameterCharacters = 2_500
