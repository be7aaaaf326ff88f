import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accessTo } from '../../shared/iam/access.ts'
import { patternsOverlap } from '../../shared/iam/match/overlap.ts'
import { matchesWildcard } from '../../shared/iam/match/wildcard.ts'
import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import type { JsonValue } from '../../shared/model/json.ts'
import { policyWith } from './policy-of.ts'

function accessOf(statements: readonly JsonValue[]) {
  return accessTo({
    resourceArn: 'arn:aws:ecr:eu-west-1:111122223333:repository/app',
    resourceAccountId: '111122223333',
    region: 'eu-west-1',
    documents: [{ document: 'repository policy', policy: policyWith(statements), appliesTo: 'all-actions' }],
    organization: {
      organizationId: 'o-ours123456',
      ownAccounts: new Set(),
      organizationAccounts: new Set(['222222222222']),
      trustedAccounts: new Set(['333333333333']),
    },
  })
}

/** What anyone may do, and what each other caller may do. */
function reachOf(statements: readonly JsonValue[]): readonly string[] {
  const { grants } = accessOf(statements)
  return grants
    .filter(({ audience }) => audience === 'anyone')
    .flatMap(({ actions }) => actions.map((action) => `anyone ${action}`))
}

function isWithin(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.every((item) => outer.includes(item))
}

const condition = fc.constantFrom<JsonValue>(
  {},
  { StringEquals: { 'aws:PrincipalOrgID': 'o-ours123456' } },
  { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-ours123456' } },
  { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-ours123456/*' } },
  { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
  { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ci' } },
  { Null: { 'aws:PrincipalTag/x': 'true' } },
  { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' } },
  { StringFoo: { 'aws:Foo': 'x' } },
)
const principal = fc.constantFrom<JsonValue>(
  { Principal: '*' },
  { Principal: { AWS: '222222222222' } },
  { NotPrincipal: { AWS: 'arn:aws:iam::333333333333:root' } },
  { Principal: { Service: 'lambda.amazonaws.com' } },
)
const action = fc.constantFrom('ecr:*', 'ecr:BatchGetImage', 'ecr:Put*')
const statement = (effect: fc.Arbitrary<string>) =>
  fc
    .tuple(effect, principal, action, condition)
    .map(([Effect, who, Action, Condition]) => ({ Effect, ...(who as object), Action, Condition }) as JsonValue)
const statements = fc.array(statement(fc.constantFrom('Allow', 'Deny')), { minLength: 1, maxLength: 5 })

function oracle(pattern: string, text: string): boolean {
  let row = Array.from({ length: text.length + 1 }, (_, index) => index === 0)
  for (const symbol of pattern) {
    const next = [symbol === '*' && row[0] === true]
    for (let at = 1; at <= text.length; at += 1) {
      next[at] =
        symbol === '*'
          ? next[at - 1] === true || row[at] === true
          : row[at - 1] === true && (symbol === '?' || symbol === text[at - 1])
    }
    row = next
  }
  return row[text.length] === true
}

describe('properties', () => {
  it('the matcher agrees with dynamic programming', () => {
    const symbols = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', ':'), maxLength: 12 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 12 })
    fc.assert(
      fc.property(symbols, text, (pattern, subject) => matchesWildcard(pattern, subject) === oracle(pattern, subject)),
      { numRuns: 2000 },
    )
  })

  it('a text that matches two patterns proves that they overlap', () => {
    const symbols = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
    fc.assert(
      fc.property(
        symbols,
        symbols,
        text,
        (a, b, subject) => !(oracle(a, subject) && oracle(b, subject)) || patternsOverlap(a, b),
      ),
      { numRuns: 2000 },
    )
  })

  it('adding a Deny never opens anything to anyone', () => {
    fc.assert(
      fc.property(statements, statement(fc.constant('Deny')), (before, deny) =>
        isWithin(reachOf([...before, deny]), reachOf(before)),
      ),
    )
  })

  it('adding an Allow never takes anything from anyone', () => {
    fc.assert(
      fc.property(statements, statement(fc.constant('Allow')), (before, allow) =>
        isWithin(reachOf(before), reachOf([...before, allow])),
      ),
    )
  })

  it('the order of statements does not matter', () => {
    const told = (list: readonly JsonValue[]) =>
      accessOf(list)
        .grants.map(({ statement: _statement, ...grant }) => JSON.stringify(grant))
        .sort()
    fc.assert(
      fc.property(statements, (list) => {
        expect(told([...list].reverse())).toEqual(told(list))
      }),
    )
  })

  it('the order of statements does not matter when the search stops early', () => {
    const many = Array.from({ length: 24 }, (_, index) => ({
      Effect: index % 3 === 0 ? 'Deny' : 'Allow',
      Principal: '*',
      Action: index % 2 === 0 ? 'ecr:BatchGetImage' : 'ecr:Put*',
      Condition: {
        StringLike: { [`aws:PrincipalTag/${index % 5}`]: Array.from({ length: 40 }, (__, at) => `*${index}-${at}*`) },
        StringNotLike: { 'aws:username': [`*a${index}*`, `\${aws:PrincipalTag/${index % 4}}*`] },
      },
    }))
    const told = (list: readonly JsonValue[]) =>
      accessOf(list)
        .grants.map(({ statement: _statement, ...grant }) => JSON.stringify(grant))
        .sort()
    const expected = told(many)
    expect(expected.some((grant) => grant.includes('policy too complex'))).toBe(true)
    expect(told([...many].reverse())).toEqual(expected)
    expect(told([...many.slice(7), ...many.slice(0, 7)])).toEqual(expected)
  })

  it('any JSON is parsed or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const wrapped = [
          json,
          { Statement: json },
          { Statement: { Effect: 'Allow', Action: json, Principal: json, Condition: json } },
        ]
        for (const value of wrapped) {
          const parsed = parsePolicy({ json: value as JsonValue, text: JSON.stringify(value), duplicateKeys: [] })
          expect(typeof parsed.ok).toBe('boolean')
        }
      }),
    )
  })

  it('a policy made to be slow ends and counts as could allow', () => {
    const star = '*a'.repeat(40)
    const slow = Array.from({ length: 40 }, (_, index) => ({
      Effect: index % 2 === 0 ? 'Allow' : 'Deny',
      Principal: '*',
      Action: 'ecr:*',
      Condition: {
        StringLike: { 'aws:PrincipalArn': `${star}${index}`, [`aws:PrincipalTag/${index}`]: `${star}b` },
        StringNotLike: { 'aws:username': `\${aws:PrincipalTag/${index}}${star}` },
      },
    }))
    const { grants } = accessOf(slow)
    expect(grants.some(({ audience }) => audience === 'anyone')).toBe(true)
  })
})
