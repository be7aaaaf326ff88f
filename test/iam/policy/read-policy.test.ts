import { describe, expect, it } from 'vitest'
import { maximumPatternLength } from '../../../shared/iam/match/wildcard.ts'
import { parsePolicy } from '../../../shared/iam/policy/parse-policy.ts'
import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'

const statement = { Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }

function parse(json: JsonValue, duplicateKeys: readonly string[] = []) {
  return parsePolicy({ json, text: JSON.stringify(json), duplicateKeys })
}

function reasonFor(json: JsonValue): string {
  const parsed = parse(json)
  return parsed.ok ? 'parsed' : parsed.reason
}

const reasonOf = (change: JsonObject): string => reasonFor({ Statement: [{ ...statement, ...change }] })
const statementOf = (change: JsonObject) => {
  const parsed = parse({ Statement: { ...statement, ...change } })
  return parsed.ok ? parsed.policy.statements[0] : parsed.reason
}

describe('a policy', () => {
  it('is read whole', () => {
    const json = {
      Version: '2012-10-17',
      Id: 'ours',
      Statement: [
        {
          Sid: 'Pull',
          Effect: 'Allow',
          NotPrincipal: { AWS: ['111122223333', '444455556666'], Service: 'lambda.amazonaws.com' },
          NotAction: 'ecr:PutImage',
          NotResource: ['a', 'b'],
          Condition: { StringEquals: { k: ['v', 'w'], l: 'x' }, Bool: { m: true }, NumericLessThan: { n: 3 } },
        },
        { Effect: 'Deny', Action: ['ecr:*'], Sid: '' },
      ],
    }
    expect(parse(json)).toEqual({
      ok: true,
      notes: [],
      policy: {
        version: '2012-10-17',
        id: 'ours',
        statements: [
          {
            position: 1,
            sid: 'Pull',
            effect: 'Allow',
            principal: {
              kind: 'listed',
              not: true,
              entries: [
                { type: 'AWS', value: '111122223333' },
                { type: 'AWS', value: '444455556666' },
                { type: 'Service', value: 'lambda.amazonaws.com' },
              ],
            },
            action: { patterns: ['ecr:PutImage'], not: true },
            resource: { patterns: ['a', 'b'], not: true },
            conditions: [
              { operator: 'StringEquals', key: 'k', values: ['v', 'w'] },
              { operator: 'StringEquals', key: 'l', values: ['x'] },
              { operator: 'Bool', key: 'm', values: ['true'] },
              { operator: 'NumericLessThan', key: 'n', values: ['3'] },
            ],
          },
          {
            position: 2,
            sid: undefined,
            effect: 'Deny',
            principal: undefined,
            action: { patterns: ['ecr:*'], not: false },
            resource: undefined,
            conditions: [],
          },
        ],
      },
    })
  })
  it('is of the old version when it names none', () => {
    const parsed = parse({ Statement: [] })
    expect(parsed).toEqual({ ok: true, notes: [], policy: { version: '2008-10-17', id: undefined, statements: [] } })
  })
  it.each([['2012-10-17'], ['2008-10-17']])('of version %s is read', (version) => {
    expect(parse({ Version: version, Statement: [] })).toMatchObject({ ok: true, policy: { version } })
  })
  it('keeps no Id that is not a string', () => {
    expect(parse({ Id: 7, Statement: [] })).toMatchObject({ ok: true, policy: { id: undefined } })
  })
  it('keeps no Sid that is not a string', () => {
    expect(statementOf({ Sid: 7 })).toMatchObject({ sid: undefined })
  })
  it('is remarked on for elements that mean nothing', () => {
    const parsed = parse({ Version: '2012-10-17', Id: 'a', Statement: [], Comment: 'x', ['y'.repeat(120)]: 1 }, [
      '/Id',
      '/Comment',
    ])
    expect(parsed).toMatchObject({
      ok: true,
      notes: [
        'duplicate key /Id',
        'duplicate key /Comment',
        'unknown element Comment',
        `unknown element ${'y'.repeat(100)}`,
      ],
    })
  })
  it('without a text is read anew each time', () => {
    const of = (json: JsonValue) => parsePolicy({ json, text: '', duplicateKeys: [] })
    expect(of({ Id: 'first', Statement: [] })).toMatchObject({ policy: { id: 'first' } })
    expect(of({ Id: 'second', Statement: [] })).toMatchObject({ policy: { id: 'second' } })
  })
  it('of the same text is the same object', () => {
    const json = { Id: 'remembered', Statement: [statement] }
    expect(parse(json)).toBe(parse(json))
  })
  it('is forgotten once 500 others were read since', () => {
    const json = { Id: 'to be forgotten', Statement: [statement] }
    const first = parse(json)
    for (let index = 0; index < 499; index += 1) parse({ Id: `other ${index}`, Statement: [] })
    expect(parse(json)).toBe(first)
    parse({ Id: 'the 500th', Statement: [] })
    expect(parse(json)).not.toBe(first)
    expect(parse(json)).toEqual(first)
  })
})

describe('duplicate keys', () => {
  it.each([
    '/Statement/0/NotPrincipal',
    '/Statement/0/Action',
    '/Statement/0/NotAction',
    '/Statement/0/Resource',
    '/Statement/0/NotResource',
    '/Statement/0/Condition',
    'Statement',
  ])('of %s make a policy unreadable', (pointer) => {
    expect(parse({ Statement: [statement] }, ['/Id', pointer])).toEqual({
      ok: false,
      reason: `duplicate key ${pointer}: parsers disagree which one counts`,
    })
  })
  it.each(['/MyStatement', '/Versions', '/Id', '/Comment/Effects'])('of %s decide nothing', (pointer) => {
    expect(parse({ Statement: [statement] }, [pointer])).toMatchObject({
      ok: true,
      notes: [`duplicate key ${pointer}`],
    })
  })
})

describe('what cannot be read', () => {
  it.each([
    [[], 'the policy is not a JSON object'],
    ['text', 'the policy is not a JSON object'],
    [null, 'the policy is not a JSON object'],
    [{ Version: 2012, Statement: [] }, 'Version is not a string'],
    [{ Version: '9'.repeat(120), Statement: [] }, `Version ${'9'.repeat(100)} is neither 2012-10-17 nor 2008-10-17`],
    [{ Version: '2012-10-17' }, 'the policy has no Statement'],
    [{ Statement: 'x' }, 'statement 1: not a JSON object'],
    [{ Statement: [statement, 7] }, 'statement 2: not a JSON object'],
    [{ Statement: [statement, { ...statement, Effect: 'allow' }] }, 'statement 2: Effect is neither Allow nor Deny'],
  ])('%j', (json, reason) => {
    expect(reasonFor(json as JsonValue)).toBe(reason)
  })
  it.each([
    [{ Effect: null }, 'Effect is neither Allow nor Deny'],
    [{ ['z'.repeat(120)]: 1 }, `unknown element ${'z'.repeat(100)}`],
    [{ Principal: 'arn:aws:iam::111122223333:root' }, 'Principal is neither "*" nor an object'],
    [{ Principal: ['*'] }, 'Principal is neither "*" nor an object'],
    [{ Principal: { AWS: 7 } }, 'Principal AWS holds something other than strings'],
    [{ Principal: { AWS: ['111122223333', null] } }, 'Principal AWS holds something other than strings'],
    [{ Principal: { ['P'.repeat(120)]: 7 } }, `Principal ${'P'.repeat(100)} holds something other than strings`],
    [{ NotPrincipal: '*' }, 'both Principal and NotPrincipal'],
    [{ NotAction: 'ecr:*' }, 'both Action and NotAction'],
    [{ Action: 7 }, 'Action holds something other than strings'],
    [{ Action: ['ecr:*', {}] }, 'Action holds something other than strings'],
    [{ Resource: '*', NotResource: '*' }, 'both Resource and NotResource'],
    [{ NotResource: [true] }, 'Resource holds something other than strings'],
    [
      { Resource: 'r'.repeat(maximumPatternLength + 1) },
      `Resource has a value longer than ${maximumPatternLength} characters`,
    ],
    [{ Condition: [] }, 'Condition is not an object'],
    [{ Condition: null }, 'Condition is not an object'],
    [{ Condition: { StringEquals: 'x' } }, 'Condition StringEquals is not an object'],
    [{ Condition: { ['S'.repeat(120)]: 'x' } }, `Condition ${'S'.repeat(100)} is not an object`],
    [{ Condition: { StringEquals: { k: null } } }, 'Condition StringEquals k holds something other than scalars'],
    [{ Condition: { StringEquals: { k: ['a', {}] } } }, 'Condition StringEquals k holds something other than scalars'],
    [{ Condition: { StringEquals: { k: [['a']] } } }, 'Condition StringEquals k holds something other than scalars'],
    [
      { Condition: { ['S'.repeat(120)]: { ['k'.repeat(120)]: null } } },
      `Condition ${'S'.repeat(100)} ${'k'.repeat(100)} holds something other than scalars`,
    ],
  ])('%j of a statement', (change, reason) => {
    expect(reasonOf(change as JsonObject)).toBe(`statement 1: ${reason}`)
  })
  it('a statement without an action', () => {
    expect(reasonFor({ Statement: { Effect: 'Allow', Principal: '*' } })).toBe(
      'statement 1: neither Action nor NotAction',
    )
  })
  it('a statement without an effect', () => {
    expect(reasonFor({ Statement: { Principal: '*', Action: '*' } })).toBe(
      'statement 1: Effect is neither Allow nor Deny',
    )
  })
})

describe('who is meant', () => {
  it.each([
    ['*', { kind: 'any', not: false }],
    [{ AWS: '*' }, { kind: 'any', not: false }],
    [{ AWS: ['111122223333', '*'] }, { kind: 'any', not: false }],
    [{ Service: '*' }, { kind: 'listed', not: false, entries: [{ type: 'Service', value: '*' }] }],
    [{ AWS: '111122223333' }, { kind: 'listed', not: false, entries: [{ type: 'AWS', value: '111122223333' }] }],
    [{ AWS: [] }, { kind: 'listed', not: false, entries: [] }],
  ])('by %j', (principal, meant) => {
    expect(statementOf({ Principal: principal as JsonValue })).toMatchObject({ principal: meant })
  })
  it('by a NotPrincipal of everybody', () => {
    const { Principal: _, ...rest } = statement
    const parsed = parse({ Statement: { ...rest, NotPrincipal: { AWS: '*' } } })
    expect(parsed.ok && parsed.policy.statements[0]?.principal).toEqual({ kind: 'any', not: true })
  })
})
