import { expect, it } from 'vitest'
import { printPolicy } from '../../../shared/iam/policy/print-policy.ts'
import type { JsonValue } from '../../../shared/model/json.ts'
import { policyOf } from '../policy-of.ts'

const printed = (json: JsonValue): JsonValue => printPolicy(policyOf(json))

it('writes every element of a policy, values always as lists', () => {
  const pulling = {
    Sid: 'Pull',
    Effect: 'Allow',
    Principal: { AWS: ['111122223333', '444455556666'], Service: ['lambda.amazonaws.com'] },
    Action: ['ecr:BatchGetImage'],
    Resource: ['*'],
    Condition: { StringEquals: { k: ['v', 'w'], l: ['x'] }, Bool: { m: ['true'] } },
  }
  const others = {
    Effect: 'Deny',
    NotPrincipal: { AWS: ['111122223333'] },
    NotAction: ['ecr:*'],
    NotResource: ['a', 'b'],
  }
  const json = { Version: '2012-10-17', Id: 'ours', Statement: [pulling, others] }
  expect(printed(json)).toEqual(json)
  expect(Object.keys((printed(json) as { Statement: object[] }).Statement[1] ?? {})).toEqual([
    'Effect',
    'NotPrincipal',
    'NotAction',
    'NotResource',
  ])
})

it('writes everybody as a star and leaves out what is not there', () => {
  expect(printed({ Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'ecr:*' } })).toStrictEqual({
    Version: '2008-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: ['ecr:*'] }],
  })
})
