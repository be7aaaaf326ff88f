import type { InputStatement } from './input-case.ts'
import { type Random, variable } from './random.ts'

type Values = readonly [string, ...string[]]

interface Family {
  readonly operators: Values
  readonly keys: Values
  readonly stated: Values
  readonly patterns: Values
}

const families: readonly [Family, ...Family[]] = [
  {
    operators: [
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
      'StringLike',
      'StringNotLike',
    ],
    keys: ['aws:PrincipalTag/team', 'aws:PrincipalOrgID', 'aws:SourceVpce', 'AWS:principaltag/TEAM'],
    stated: ['team', 'Team', 'o-abc', 'vpce-1', 'te*m'],
    patterns: [
      'team',
      'TEAM',
      'o-abc',
      'vpce-1',
      't*',
      't?am',
      '*',
      variable('aws:PrincipalTag/team'),
      variable("aws:PrincipalTag/none, 'team'"),
      `te${variable('*')}m`,
      '',
      variable('aws:PrincipalTag/none'),
    ],
  },
  {
    operators: [
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThan',
      'NumericLessThanEquals',
      'NumericGreaterThan',
      'NumericGreaterThanEquals',
    ],
    keys: ['aws:MultiFactorAuthAge'],
    stated: ['300', '300.0', '5', '-1'],
    patterns: ['300', '300.0', '5', '1000', '-1'],
  },
  {
    operators: [
      'DateEquals',
      'DateNotEquals',
      'DateLessThan',
      'DateLessThanEquals',
      'DateGreaterThan',
      'DateGreaterThanEquals',
    ],
    keys: ['aws:CurrentTime', 'aws:TokenIssueTime'],
    stated: ['2026-01-01T00:00:00Z', '2026-06-01T12:00:00Z'],
    patterns: ['2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z', '1767225600', '2026-01-01T01:00:00+01:00', '2026-01-01'],
  },
  {
    operators: ['Bool'],
    keys: ['aws:SecureTransport', 'aws:MultiFactorAuthPresent', 'aws:PrincipalIsAWSService'],
    stated: ['true', 'false'],
    patterns: ['true', 'false', 'True'],
  },
  {
    operators: ['IpAddress', 'NotIpAddress'],
    keys: ['aws:SourceIp', 'aws:VpcSourceIp'],
    stated: ['10.1.2.3', '203.0.113.9', '2001:db8::1'],
    patterns: ['10.0.0.0/8', '203.0.113.9', '203.0.113.0/24', '0.0.0.0/0', '2001:db8::/32', '::/0'],
  },
  {
    operators: ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike'],
    keys: ['aws:PrincipalArn', 'aws:SourceArn'],
    stated: ['arn:aws:s3:::team-bucket', 'arn:aws:sns:us-east-1:111122223333:team'],
    patterns: [
      'arn:aws:iam::111122223333:role/team',
      'arn:aws:iam::*:role/*',
      'arn:aws:iam::111122223333:*',
      'arn:aws:s3:::team-*',
      'arn:aws:sns:*:*:team',
      '*',
      `arn:aws:iam::111122223333:user/${variable('aws:username')}`,
    ],
  },
]

const multivalued: Family = {
  operators: ['StringEquals', 'StringLike', 'StringNotEquals', 'StringNotLike', 'StringEqualsIgnoreCase'],
  keys: ['aws:TagKeys', 'aws:PrincipalOrgPaths'],
  stated: ['team', 'cost', 'o-abc/r-1/ou-1/'],
  patterns: ['team', 'cost', 't*', 'o-abc/*', 'none'],
}

/** A random condition block of one or two operators. */
export function generateCondition(random: Random): NonNullable<InputStatement['Condition']> {
  const block: Record<string, Record<string, string | readonly string[]>> = {}
  for (let left = 1 + random.below(2); left > 0; left--) {
    const [operator, key, values] = random.chance(12) ? nullCheck(random) : comparison(random)
    block[operator] = { ...block[operator], [key]: values }
  }
  return block
}

type Clause = readonly [operator: string, key: string, values: string | readonly string[]]

function nullCheck(random: Random): Clause {
  const family = random.chance(20) ? multivalued : random.pick(families)
  return ['Null', random.pick(family.keys), random.pick(['true', 'false'])]
}

function comparison(random: Random): Clause {
  const many = random.chance(20)
  const family = many ? multivalued : random.pick(families)
  const prefix = many ? random.pick(['ForAllValues:', 'ForAnyValue:']) : ''
  const suffix = random.chance(20) ? 'IfExists' : ''
  const first = random.pick(family.patterns)
  const values = random.chance(25) ? [first, random.pick(family.patterns)] : first
  return [`${prefix}${random.pick(family.operators)}${suffix}`, random.pick(family.keys), values]
}

/** A random request context: about half of the keys of the conditions, with values that may match. */
export function generateContext(random: Random): Readonly<Record<string, string | readonly string[]>> {
  const context: Record<string, string | readonly string[]> = {}
  for (const family of families) {
    for (const key of family.keys) {
      // These follow from the principal; the upper-case spelling would say a key twice.
      if (key === 'aws:PrincipalArn' || key === 'aws:PrincipalIsAWSService' || key.startsWith('AWS:')) continue
      if (random.chance(55)) context[key] = random.pick(family.stated)
    }
  }
  for (const key of multivalued.keys) {
    if (random.chance(55))
      context[key] = Array.from({ length: 1 + random.below(2) }, () => random.pick(multivalued.stated))
  }
  return context
}
