import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../shared/model/json.ts'
import { acceptedBy, closed, deny, github, githubAudience, statement, trustOf } from './trust-of.ts'

const sub = `${github}:sub`
/** A subject that has to match one of each list. */
const both = (first: JsonValue, second: JsonValue, more: { readonly [key: string]: JsonValue } = githubAudience) =>
  statement(github, {
    StringLike: { [sub]: first },
    'ForAnyValue:StringLike': { [sub]: second },
    StringEquals: more,
  })
const tooComplex = { kind: 'fact', fact: 'the trust policy is too complex to be searched to the end' }
const repositories = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `repo:org/app${index}:*`)

describe('subjects that two conditions narrow', () => {
  it('reach as far as the widest they have in common', () => {
    const first = ['repo:*', 'repo:org/app:*']
    const second = ['repo:org/*', 'repo:*:main']
    expect(trustOf(both(first, second))).toEqual([
      { ...closed, wildcardSubjects: ['issuer repo:*', 'one repo:org/app:*', 'several repo:org/*'] },
    ])
  })
  it('reach as far as the widest whichever comes first', () => {
    expect(trustOf(both(['repo:org/app:*', 'repo:*'], ['repo:*:main', 'repo:org/*']))).toEqual([
      { ...closed, wildcardSubjects: ['one repo:org/app:*', 'issuer repo:*', 'several repo:org/*'] },
    ])
  })
  it('may come down to one subject, which is no wildcard but takes any audience', () => {
    expect(trustOf(both('repo:org/app:*', 'repo:?rg/app:main', {}))).toMatchObject([
      { anySubject: false, wildcardSubjects: [], anyAudience: true },
    ])
  })
  it('may have nothing in common', () => {
    expect(trustOf(both('repo:org/*', 'repo:other/*'))).toEqual([closed])
  })
  it('are crossed up to twelve patterns', () => {
    expect(trustOf(both(repositories(11), 'repo:org/*'))).toMatchObject([{ missing: [] }])
    expect(trustOf(both(repositories(12), 'repo:org/*'))).toMatchObject([{ missing: [tooComplex] }])
  })
  it('that are spelt out do not count for patterns', () => {
    const exact = repositories(20).map((pattern) => pattern.replace('*', 'main'))
    expect(trustOf(both(exact, 'repo:org/*'))).toEqual([{ ...closed, exactSubjects: exact }])
  })
  it('are wider than what is not known of their parts', () => {
    const partly = deny({ StringLike: { [sub]: 'repo:org/app:*' }, StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })
    const found = trustOf(
      statement(github, { StringLike: { [sub]: 'repo:org/*' }, StringEquals: githubAudience }),
      partly,
    )
    expect(found.map(({ wildcardSubjects }) => wildcardSubjects)).toEqual([['several repo:org/*']])
  })
})

describe('patterns that come down to the same', () => {
  it('are named once, by the first', () => {
    const twice = {
      StringLike: { [sub]: ['repo:org/app-???:main', 'repo:org/app-*:main'] },
      StringEquals: githubAudience,
    }
    expect(trustOf(statement(github, twice))).toEqual([
      { ...closed, wildcardSubjects: ['several repo:org/app-???:main'] },
    ])
  })
  it('are the witness of what is accepted', () => {
    const one = { StringLike: { [sub]: 'repo:org/app-?:*' }, StringEquals: githubAudience }
    expect(acceptedBy('2012-10-17', [statement(github, one)])[0]?.wildcardSubjects).toEqual([
      { pattern: 'repo:org/app-?:*', reach: 'several', witness: 'repo:org/app-ꙮ:ꙮꙮꙮ' },
    ])
  })
})
