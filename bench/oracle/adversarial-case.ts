import type { InputCase, InputPolicy, InputStatement } from './input-case.ts'
import { variable } from './random.ts'

const account = '111122223333'
/** Characters of the largest policy that AWS takes for a role (inline policies together). */
const policyLimit = 10_240

/** Policies at the size limit that make a careless matcher slow, each with its name. */
export function adversarialCases(): ReadonlyMap<string, InputCase> {
  const long = 'a'.repeat(1900)
  const stars = Array.from({ length: 6 }, () => `arn:aws:ecr:us-east-1:${account}:repository/${'*a'.repeat(700)}b`)
  const marks = Array.from({ length: 6 }, () => `arn:aws:ecr:us-east-1:${account}:repository/${'*?'.repeat(700)}b`)
  const short = Array.from({ length: Math.floor(policyLimit / 5) }, () => '*b')
  const like = { StringLike: { 'aws:PrincipalTag/t': stars.map(() => `${'*a'.repeat(700)}b`) } }
  const each = { 'ForAllValues:StringLike': { 'aws:TagKeys': [...short.slice(0, 1900)] } }
  const tag = variable('aws:PrincipalTag/t')
  const variables = Array.from({ length: 5 }, () => `arn:aws:ecr:us-east-1:${account}:repository/*${tag.repeat(80)}b`)
  const statements = Array.from({ length: 150 }, () => ({ ...allow('*a*a*a*a*b'), Action: '*:*a*e*t*x' }))
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
    ['many statements', caseOf(long, { Statement: statements, Version: '2012-10-17' })],
  ])
}

function allow(resource: string | readonly string[]): InputStatement {
  return { Effect: 'Allow', Action: 'ecr:*', Resource: resource }
}

function caseOf(long: string, policy: InputPolicy): InputCase {
  return {
    request: {
      principal: `arn:aws:iam::${account}:role/team`,
      action: 'ecr:BatchGetImage',
      resource: { resource: `arn:aws:ecr:us-east-1:${account}:repository/${long}`, accountId: account },
      context: { 'aws:PrincipalTag/t': long, 'aws:TagKeys': Array.from({ length: 50 }, () => 'a'.repeat(128)) },
    },
    identityPolicies: [{ name: 'adversarial', policy }],
  }
}
