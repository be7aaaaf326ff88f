/** What the value of a parameter looks like. */
export interface ParameterForm {
  readonly pattern: RegExp
  readonly expected: string
}

const key: ParameterForm = {
  pattern: /^arn:[a-z-]{1,20}:kms:[a-z0-9-]{1,40}:\d{12}:key\/[A-Za-z0-9-]{1,100}$/,
  expected: 'the ARN of a KMS key',
}
const region: ParameterForm = {
  pattern: /^[a-z]{2,5}(?:-[a-z]{1,20}){1,3}-\d{1,2}$/,
  expected: 'the name of a region',
}

/** Patterns of our own, of the parameters of the member stack: those in a file are data, and may take for ever. */
const forms: ReadonlyMap<string, ParameterForm> = new Map([
  ['OrganizationId', { pattern: /^o-[a-z0-9]{10,32}$/, expected: 'an organization id (o-…)' }],
  ['TrustedAccounts', { pattern: /^\d{12}(?:,\d{12})*$/, expected: '12-digit account ids, separated by commas' }],
  ['HomeRegion', region],
  ['HubBucket', { pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, expected: 'the name of a bucket' }],
  ['HubPrefix', { pattern: /^[A-Za-z0-9_!.'()/-]{1,50}\/$/, expected: 'a prefix of at most 50 characters and /' }],
  ['HubAccount', { pattern: /^\d{12}$/, expected: 'a 12-digit account id' }],
  ['HubRegion', region],
  ['HubKey', key],
  ['QueueKey', key],
  [
    'AggregatorRole',
    { pattern: /^arn:[a-z-]{3,20}:iam::\d{12}:role\/[\w+=,.@/-]{1,96}$/, expected: 'the ARN of a role' },
  ],
  ['AggregatorExternalId', { pattern: /^[\w+=,.@:/-]{2,64}$/, expected: 'an external id of 2 to 64 characters' }],
  ['Aggregator', { pattern: /^[\w-]{0,40}$/, expected: 'the name of an aggregator, of at most 40 characters' }],
  ['AggregatorRegion', region],
  [
    'AlarmTopic',
    { pattern: /^arn:[a-z-]{1,20}:sns:[a-z0-9-]{1,40}:\d{12}:[\w-]{1,256}$/, expected: 'the ARN of an SNS topic' },
  ],
  ['ReservedConcurrency', { pattern: /^\d{0,4}$/, expected: 'a number' }],
])

/** The form of a parameter, if it has one. */
export function formOf(name: string): ParameterForm | undefined {
  return forms.get(name)
}
