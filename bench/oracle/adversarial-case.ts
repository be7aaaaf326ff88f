import type { InputCase, InputPolicy, InputStatement } from './input-case.ts'
import { variable } from './random.ts'

const account = '111122223333'

/** Policies at the size limit that make a careless matcher slow, each with its name. */
export function adversarialCases(): ReadonlyMap<string, InputCase> {
  const long = 'a'.repeat(1900)
  const stars = Array.from({ length: 6 }, () => `arn:aws:ecr:us-east-1:${account}:repository/${'*a'.repeat(700)}b`)
  const marks = Array.from({ length: 6 }, () => `arn:aws:ecr:us-east-1:${account}:repository/${'*?'.repeat(700)}b`)
  const short = Array.from({ length: 2000 }, () => '*b')
  const like = { StringLike: { 'aws:PrincipalTag/t': stars.map(() => `${'*a'.repeat(700)}b`) } }
  const each = { 'ForAllValues:StringLike': { 'aws:TagKeys': [...short.slice(0, 1900)] } }
  const tag = variable('aws:PrincipalTag/t')
  const variables = Array.from({ length: 5 }, () => `arn:aws:ecr:us-east-1:${account}:repository/*${tag.repeat(80)}b`)
  const statements = Array.from({ length: 150 }, () => ({ ...allow('*a*a*a*a*b'), Action: '*:*a*e*t*x' }))
  const letters = 'bcdefghijklmnopqrstuvwxyz'
  const distinct = Array.from({ length: 1600 }, (_, index) => `*a?${pairOf(letters, index)}*?a`)
  const marked = { 'ForAllValues:StringLike': { 'aws:TagKeys': distinct } }
  const ranges = Array.from({ length: 900 }, (_, index) => `10.${index % 256}.${Math.floor(index / 256)}.0/24`)
  const addresses = { 'ForAllValues:IpAddress': { 'aws:VpcSourceIp': ranges } }
  const colons = Array.from({ length: 1000 }, (_, index) => `*:*a:${pairOf(letters, index)}*:?`)
  const openFields = Array.from({ length: 1000 }, (_, index) => `a*:a:a:a:${pairOf(letters, index)}`)
  const manyColons = `arn:aws:s3:::${'a:'.repeat(1017)}a`
  return new Map([
    ['stars in resources', caseOf(long, { Statement: [allow(stars)], Version: '2012-10-17' })],
    ['stars and question marks', caseOf(long, { Statement: [allow(marks)], Version: '2012-10-17' })],
    ['thousands of short patterns', caseOf(long, { Statement: [allow(short)], Version: '2012-10-17' })],
    ['stars in a condition', caseOf(long, { Statement: [{ ...allow('*'), Condition: like }], Version: '2012-10-17' })],
    [
      'many values against many patterns',
      caseOf(long, { Statement: [{ ...allow('*'), Condition: each }], Version: '2012-10-17' }),
    ],
    ['variables that grow', caseOf(long, { Statement: [allow(variables)], Version: '2012-10-17' })],
    ['distinct patterns with question marks', withCondition(long, marked)],
    ['many address ranges', withCondition(long, addresses)],
    ['open fields against an ARN of colons', caseOf('', allowing(openFields), manyColons)],
    ['closed fields against an ARN of colons', caseOf('', allowing(colons), manyColons)],
    ['many statements', caseOf(long, { Statement: statements, Version: '2012-10-17' })],
  ])
}

function allow(resource: string | readonly string[]): InputStatement {
  return { Effect: 'Allow', Action: 'ecr:*', Resource: resource }
}

function pairOf(letters: string, index: number): string {
  return `${letters[index % letters.length]}${letters[Math.floor(index / letters.length) % letters.length]}`
}

function allowing(resource: readonly string[]): InputPolicy {
  return { Statement: [{ ...allow(resource), Action: '*' }], Version: '2012-10-17' }
}

function withCondition(long: string, condition: InputStatement['Condition']): InputCase {
  return caseOf(long, {
    Statement: [{ ...allow('*'), ...(condition === undefined ? {} : { Condition: condition }) }],
    Version: '2012-10-17',
  })
}

function caseOf(long: string, policy: InputPolicy, arn?: string): InputCase {
  return {
    request: {
      principal: `arn:aws:iam::${account}:role/team`,
      action: 'ecr:BatchGetImage',
      resource: { resource: arn ?? `arn:aws:ecr:us-east-1:${account}:repository/${long}`, accountId: account },
      context: {
        'aws:PrincipalTag/t': long,
        'aws:TagKeys': Array.from({ length: 50 }, (_, index) => `${'a'.repeat(126)}${pairOf('abcdefgh', index)}`),
        'aws:VpcSourceIp': Array.from({ length: 50 }, (_, index) => `192.0.2.${index}`),
      },
    },
    identityPolicies: [{ name: 'adversarial', policy }],
  }
}
