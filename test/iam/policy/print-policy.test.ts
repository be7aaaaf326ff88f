import { expect, it } from 'vitest'
import { parsePolicy } from '../../../shared/iam/policy/parse-policy.ts'
import { printPolicy } from '../../../shared/iam/policy/print-policy.ts'
import type { JsonValue } from '../../../shared/model/json.ts'

function printed(json: JsonValue): JsonValue {
  const parsed = parsePolicy({ json, text: JSON.stringify(json), duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  return printPolicy(parsed.policy)
}

it('writes every element of a policy, values always as lists', () => {
  const json = {
    Version: '2012-10-17',
    Id: 'ours',
    Statement: [
      {
        Sid: 'Pull',
        Effect: 'Allow',
        Principal: { AWS: ['111122223333', '444455556666'], Service: ['lambda.amazonaws.com'] },
        Action: ['ecr:BatchGetImage'],
        Resource: ['*'],
        Condition: { StringEquals: { k: ['v', 'w'], l: ['x'] }, Bool: { m: ['true'] } },
      },
      {
        Effect: 'Deny',
        NotPrincipal: { AWS: ['111122223333'] },
        NotAction: ['ecr:*'],
        NotResource: ['a', 'b'],
      },
    ],
  }
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
