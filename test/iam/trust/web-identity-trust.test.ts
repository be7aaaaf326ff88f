import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../shared/model/json.ts'
import { accountId, closed, github, githubAudience, provider, statement, trustOf } from './trust-of.ts'

const gitlab = 'gitlab.com'
const cluster = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE'

const githubSubject = (operator: string, subject: JsonValue, more: { readonly [key: string]: JsonValue } = {}) =>
  trustOf(statement(github, { [operator]: { [`${github}:sub`]: subject }, StringEquals: githubAudience, ...more }))

describe('subjects of GitHub', () => {
  it('accepts exactly the subjects that are spelt out', () => {
    const both = { [`${github}:sub`]: 'repo:org/app:ref:refs/heads/main', ...githubAudience }
    expect(trustOf(statement(github, { StringEquals: both }))).toEqual([
      { ...closed, exactSubjects: ['repo:org/app:ref:refs/heads/main'] },
    ])
  })
  it.each([
    ['repo:org/*', 'several'],
    ['repo:org/app*', 'several'],
    ['repo:org/app-?:ref:refs/heads/main', 'several'],
    ['repo:org/*:ref:refs/heads/main', 'several'],
    ['repo:org/app:*', 'one'],
    ['repo:org/app:ref:*', 'one'],
    ['repo:or*/app:ref:refs/heads/main', 'issuer'],
    ['repo:*/app:ref:refs/heads/main', 'issuer'],
  ])('%s reaches %s', (pattern, reach) => {
    expect(githubSubject('StringLike', pattern)).toEqual([{ ...closed, wildcardSubjects: [`${reach} ${pattern}`] }])
  })
  it('accepts any subject through repo:*', () => {
    expect(githubSubject('StringLike', 'repo:*')).toEqual([
      { ...closed, anySubject: true, wildcardSubjects: ['issuer repo:*'] },
    ])
  })
  it('takes a star under StringEquals for the character', () => {
    expect(
      trustOf(statement(github, { StringEquals: { [`${github}:sub`]: 'repo:org/*', ...githubAudience } })),
    ).toEqual([{ ...closed, exactSubjects: ['repo:org/*'] }])
  })
  it('accepts any subject when no condition names it', () => {
    expect(trustOf(statement(github, { StringEquals: githubAudience }))).toEqual([{ ...closed, anySubject: true }])
  })
  it('accepts any subject and audience without conditions', () => {
    expect(trustOf(statement(github, {}))).toEqual([{ ...closed, anySubject: true, anyAudience: true }])
  })
  it('reads keys without regard to case', () => {
    const key = 'Token.Actions.GitHubUserContent.com:SUB'
    expect(
      trustOf(statement(github, { StringLike: { [key]: 'repo:org/app:*' }, StringEquals: githubAudience })),
    ).toEqual([{ ...closed, wildcardSubjects: ['one repo:org/app:*'] }])
  })
  it('restricts nothing with ForAllValues on a claim of another issuer', () => {
    const foreign = { 'ForAllValues:StringLike': { 'gitlab.com:sub': 'project_path:group/app:*' } }
    expect(trustOf(statement(github, { ...foreign, StringEquals: githubAudience }))).toMatchObject([
      { anySubject: true },
    ])
  })
  it('lets nobody in with a plain condition on a claim of another issuer', () => {
    expect(trustOf(statement(github, { StringLike: { 'gitlab.com:sub': '*' } }))).toMatchObject([
      { anySubject: false, wildcardSubjects: [], exactSubjects: [], anyAudience: false, missing: [] },
    ])
  })
  it('says which other claims narrow an arbitrary subject', () => {
    const pinned = { [`${github}:repository_id`]: '12345', ...githubAudience }
    expect(trustOf(statement(github, { StringEquals: pinned }))).toEqual([
      { ...closed, anySubject: true, narrowedBy: [`${github}:repository_id StringEquals 12345`] },
    ])
  })
  it('takes the common part of two patterns', () => {
    expect(
      githubSubject('StringLike', 'repo:org/*', {
        'ForAnyValue:StringLike': { [`${github}:sub`]: '*:ref:refs/heads/main' },
      }),
    ).toMatchObject([{ anySubject: false, wildcardSubjects: ['several repo:org/*'] }])
  })
  it('sees a pattern that another condition narrows to one repository', () => {
    const more = { StringLikeIfExists: { [`${github}:sub`]: 'repo:org/app:*' } }
    expect(githubSubject('StringLike', 'repo:org/*', more)).toMatchObject([
      { anySubject: false, wildcardSubjects: ['one repo:org/*'] },
    ])
  })
})

describe('Deny statements', () => {
  const denyOthers = (principal: JsonValue, condition: JsonValue): JsonValue => ({
    Effect: 'Deny',
    Principal: principal,
    Action: 'sts:*',
    Condition: condition,
  })
  const open = statement(github, { StringEquals: githubAudience })
  it('leave the subjects they spare', () => {
    const spare = { StringNotLike: { [`${github}:sub`]: ['repo:org/app:*', 'repo:org/lib:ref:refs/heads/main'] } }
    expect(trustOf(open, denyOthers('*', spare))).toEqual([
      { ...closed, wildcardSubjects: ['one repo:org/app:*'], exactSubjects: ['repo:org/lib:ref:refs/heads/main'] },
    ])
  })
  it('do not mean a token when they name an account', () => {
    const spare = { StringNotLike: { [`${github}:sub`]: 'repo:org/app:*' } }
    expect(trustOf(open, denyOthers({ AWS: accountId }, spare))).toMatchObject([{ anySubject: true }])
  })
  it('close a provider altogether', () => {
    expect(trustOf(open, denyOthers({ Federated: provider(github) }, {}))).toEqual([closed])
  })
})

describe('service accounts of a cluster', () => {
  const of = (condition: JsonValue) => trustOf(statement(cluster, condition))
  const sub = `${cluster}:sub`
  const aud = { [`${cluster}:aud`]: 'sts.amazonaws.com' }
  it('is scoped to one service account', () => {
    expect(of({ StringEquals: { [sub]: 'system:serviceaccount:team:app', ...aud } })).toEqual([
      { ...closed, kind: 'eks', exactSubjects: ['system:serviceaccount:team:app'] },
    ])
  })
  it('accepts any audience when none is demanded', () => {
    expect(of({ StringEquals: { [sub]: 'system:serviceaccount:team:app' } })).toEqual([
      { ...closed, kind: 'eks', exactSubjects: ['system:serviceaccount:team:app'], anyAudience: true },
    ])
  })
  it.each([
    ['system:serviceaccount:*:*', 'issuer', true],
    ['system:serviceaccount:*', 'issuer', true],
    ['system:serviceaccount:*:app', 'several', false],
    ['system:serviceaccount:team-*:app', 'several', false],
    ['system:serviceaccount:team:*', 'one', false],
  ])('%s reaches %s', (pattern, reach, anySubject) => {
    expect(of({ StringLike: { [sub]: pattern }, StringEquals: aud })).toEqual([
      { ...closed, kind: 'eks', anySubject, wildcardSubjects: [`${reach} ${pattern}`] },
    ])
  })
})

describe('other providers', () => {
  it.each([
    ['project_path:group/*:ref_type:branch:ref:main', 'several'],
    ['project_path:group/app:*', 'one'],
    ['project_path:gr*/app:ref_type:branch:ref:main', 'issuer'],
  ])('%s of GitLab reaches %s', (pattern, reach) => {
    const condition = {
      StringLike: { [`${gitlab}:sub`]: pattern },
      StringEquals: { [`${gitlab}:aud`]: 'https://gitlab.com' },
    }
    expect(trustOf(statement(gitlab, condition))).toEqual([{ ...closed, wildcardSubjects: [`${reach} ${pattern}`] }])
  })
  it('knows Cognito for a built-in provider', () => {
    const condition = { StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:pool' } }
    expect(trustOf(statement('', condition, { Principal: { Federated: 'cognito-identity.amazonaws.com' } }))).toEqual([
      { ...closed, kind: 'other', anySubject: true },
    ])
  })
  it('leaves out SAML providers and other actions', () => {
    const saml = { Principal: { Federated: `arn:aws:iam::${accountId}:saml-provider/idp` } }
    expect(trustOf(statement('', {}, saml), statement(github, {}, { Action: 'sts:AssumeRole' }))).toEqual([])
  })
  it.each([['*'], [{ Federated: '*' }], [{ AWS: '*' }]] as const)('lets any provider in for %j', (principal) => {
    expect(trustOf(statement('', {}, { Principal: principal }))).toEqual([
      { ...closed, kind: 'other', anySubject: true, anyAudience: true },
    ])
  })
  it('lets in for a star only the issuer whose claim is demanded', () => {
    const condition = { StringLike: { [`${github}:sub`]: 'repo:org/*' }, StringEquals: githubAudience }
    expect(trustOf(statement('', condition, { Principal: '*' }))).toEqual([
      { ...closed, wildcardSubjects: ['several repo:org/*'] },
    ])
  })
})

describe('what is not known', () => {
  it('names an operator nobody has told us of', () => {
    expect(githubSubject('StringFuzzy', 'repo:org/app:*')).toEqual([
      { ...closed, missing: [{ kind: 'operator', operator: 'StringFuzzy', policy: 'trust policy', position: 1 }] },
    ])
  })
  it('names a key nobody knows', () => {
    const condition = { StringEquals: { ...githubAudience, 'aws:PrincipalOrgID': 'o-ours123456' } }
    expect(trustOf(statement(github, condition))).toEqual([
      {
        ...closed,
        missing: [{ kind: 'contextKey', key: 'aws:PrincipalOrgID', policy: 'trust policy', position: 1 }],
      },
    ])
  })
  it('gives up on a policy that is too complex', () => {
    const key = (index: number): string => `${github}:claim${index}`
    const denies = Array.from({ length: 16 }, (_, index) => ({
      Effect: 'Deny',
      Principal: '*',
      Action: '*',
      Condition: { StringEquals: { [key(index)]: 'a' }, StringNotEquals: { [key((index + 1) % 16)]: 'a' } },
    }))
    const never = { Effect: 'Deny', Principal: '*', Action: '*', Condition: { Null: { [`${github}:sub`]: 'false' } } }
    expect(trustOf(statement(github, {}), ...denies, never)).toEqual([
      { ...closed, missing: [{ kind: 'fact', fact: 'the trust policy is too complex to be searched to the end' }] },
    ])
  })
  it('decides many patterns of one condition', () => {
    const patterns = Array.from({ length: 60 }, (_, index) => `repo:org/app${index}:*`)
    const found = githubSubject('StringLike', patterns)
    expect(found[0]?.wildcardSubjects.length).toBe(60)
    expect(found[0]?.missing).toEqual([])
  })
})
