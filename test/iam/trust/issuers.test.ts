import { describe, expect, it } from 'vitest'
import { issuersOf } from '../../../shared/iam/trust/issuer.ts'
import type { JsonValue } from '../../../shared/model/json.ts'
import {
  acceptedBy,
  accountId,
  closed,
  deny,
  github,
  githubAudience,
  open,
  provider,
  statement,
  trustOf,
} from './trust-of.ts'

const gitlab = 'gitlab.com'
const forStar = (condition: JsonValue): JsonValue => statement('', condition, { Principal: '*' })
const issuersIn = (...statements: readonly JsonValue[]) =>
  acceptedBy('2012-10-17', statements).map(({ issuer, kind, anySubject }) => ({ issuer, kind, anySubject }))
const any = { issuer: undefined, kind: 'other', anySubject: true }

describe('whom an Allow lets in', () => {
  it('is each provider listed, and nobody listed otherwise', () => {
    const principal = { AWS: accountId, Federated: [provider(github), provider(gitlab)] }
    expect(issuersIn(statement('', {}, { Principal: principal }))).toEqual([
      { issuer: github, kind: 'external', anySubject: true },
      { issuer: gitlab, kind: 'external', anySubject: true },
    ])
  })
  it('is any provider when a star is among those listed', () => {
    expect(issuersIn(statement('', {}, { Principal: { Federated: [provider(github), '*'] } }))).toEqual([any])
  })
  it('is any provider when only others are left out', () => {
    const { Principal: _, ...rest } = statement('', {}) as { readonly [key: string]: JsonValue }
    expect(issuersIn({ ...rest, NotPrincipal: { AWS: accountId } })).toEqual([any])
  })
  it('is nobody when everybody is left out', () => {
    const { Principal: _, ...rest } = statement('', {}) as { readonly [key: string]: JsonValue }
    expect(issuersIn({ ...rest, NotPrincipal: '*' })).toEqual([])
  })
  it('is nobody without a principal', () => {
    const conditions = [{ operator: 'StringEquals', key: `${github}:sub`, values: ['a'] }]
    const action = { patterns: ['sts:*'], not: false }
    expect(
      issuersOf({
        position: 1,
        sid: undefined,
        effect: 'Allow',
        principal: undefined,
        action,
        resource: undefined,
        conditions,
      }),
    ).toEqual([])
  })
  it('is, for a star, whom a claim names, once for all its claims, and no service', () => {
    const condition = {
      StringEquals: { [`${github}:sub`]: 'repo:org/app:environment:prod', ...githubAudience },
      Bool: { 'aws:SecureTransport': 'true' },
    }
    expect(issuersIn(forStar(condition))).toEqual([{ issuer: github, kind: 'external', anySubject: false }])
    expect(trustOf(forStar(condition))).toEqual([{ ...closed, exactSubjects: ['repo:org/app:environment:prod'] }])
  })
  it('is any provider when only keys of services are demanded', () => {
    expect(issuersIn(forStar({ Bool: { 'aws:SecureTransport': 'true' } }))).toEqual([any])
  })
  it('is, for a star, somebody when a key is not known', () => {
    expect(acceptedBy('2012-10-17', [forStar({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })])).toMatchObject([
      { issuer: undefined, anySubject: false, missing: [{ kind: 'contextKey', key: 'aws:PrincipalOrgID' }] },
    ])
  })
})

describe('which action is meant', () => {
  it.each([
    [['sts:TagSession', 'sts:AssumeRoleWithWebIdentity']],
    ['sts:*'],
    ['*'],
    ['STS:assumerolewithwebidentity'],
    ['sts:AssumeRoleWith????dentity*'.replace('????', '???I')],
  ])('%j lets tokens in', (action) => {
    expect(trustOf(statement(github, {}, { Action: action }))).toEqual([{ ...open, anyAudience: true }])
  })
  it.each([['sts:AssumeRole'], ['sts:AssumeRoleWithSAML'], [['sts:TagSession', 'sts:SetSourceIdentity']]])(
    '%j lets no token in',
    (action) => {
      expect(trustOf(statement(github, {}, { Action: action }))).toEqual([])
    },
  )
  it('is all but those left out', () => {
    const { Action: _, ...rest } = statement(github, {}) as { readonly [key: string]: JsonValue }
    expect(trustOf({ ...rest, NotAction: ['sts:AssumeRole', 'sts:AssumeRoleWithSAML'] })).toEqual([
      { ...open, anyAudience: true },
    ])
    expect(trustOf({ ...rest, NotAction: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'] })).toEqual([])
  })
})

describe('whom a Deny means', () => {
  const allowed = statement(github, { StringEquals: githubAudience })
  const denyFor = (principal: { readonly [key: string]: JsonValue }): JsonValue => {
    const { Principal: _, ...rest } = deny({}) as { readonly [key: string]: JsonValue }
    return { ...rest, ...principal }
  }
  it.each([
    [{ Principal: { Federated: [provider(gitlab), provider(github)] } }],
    [{ Principal: { Federated: [provider(gitlab), '*'] } }],
    [{ Principal: { AWS: accountId, Federated: provider(github) } }],
    [{ NotPrincipal: { Federated: provider(gitlab) } }],
    [{ NotPrincipal: { AWS: accountId } }],
    [{ NotPrincipal: { AWS: provider(github) } }],
  ])('%j shuts the door', (principal) => {
    expect(trustOf(allowed, denyFor(principal))).toEqual([closed])
  })
  it.each([
    [{ Principal: { Federated: provider(gitlab) } }],
    [{ Principal: { AWS: provider(github) } }],
    [{ NotPrincipal: { Federated: provider(github) } }],
    [{ NotPrincipal: { Federated: [provider(gitlab), provider(github)] } }],
    [{ NotPrincipal: '*' }],
    [{}],
  ])('%j leaves it open', (principal) => {
    expect(trustOf(allowed, denyFor(principal))).toEqual([open])
  })
  const star = forStar({ StringEquals: githubAudience })
  it.each([
    [{ Principal: { Federated: provider(github) } }],
    [{ Principal: { Federated: '*' } }],
    [{ NotPrincipal: { Federated: provider(gitlab) } }],
  ])('%j shuts the door for a provider that a star lets in', (principal) => {
    expect(trustOf(star, denyFor(principal))).toEqual([])
  })
  it.each([
    [{ Principal: { Federated: provider(gitlab) } }],
    [{ NotPrincipal: { Federated: provider(github) } }],
    [{ NotPrincipal: { Federated: provider(github.toUpperCase()) } }],
    [{ Principal: { Federated: `arn:aws:iam::${accountId}:saml-provider/idp` } }],
  ])('%j leaves it open for a provider that a star lets in', (principal) => {
    expect(trustOf(star, denyFor(principal))).toEqual([open])
  })
  it('is all that are not named when a star lets anybody in', () => {
    expect(issuersIn(forStar({}), denyFor({ Principal: { Federated: provider(github) } }))).toEqual([any])
    expect(issuersIn(forStar({}), denyFor({ NotPrincipal: { Federated: provider(github) } }))).toEqual([])
  })
})

describe('kinds of providers', () => {
  it.each([
    ['oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE', 'eks'],
    ['OIDC.EKS.cn-north-1.amazonaws.com.cn/id/EXAMPLED539D4633E53DE1B71EXAMPLE', 'eks'],
    ['oidc-eks.us-east-1.api.aws/id/EXAMPLED539D4633E53DE1B71EXAMPLE', 'eks'],
    ['mirror.oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE', 'external'],
    ['oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE/more', 'external'],
    ['accounts.google.com', 'other'],
    ['Graph.Facebook.com', 'other'],
    ['vstoken.actions.githubusercontent.com', 'external'],
  ])('%s is of kind %s', (name, kind) => {
    expect(issuersIn(statement(name, {}))).toEqual([{ issuer: name, kind, anySubject: true }])
  })
  it.each([
    ['www.amazon.com', 'user_id', 'app_id'],
    ['graph.facebook.com', 'id', 'app_id'],
    ['accounts.google.com', 'sub', 'aud'],
  ])('%s names its subject %s and its audience %s', (name, subject, audience) => {
    const condition = { StringEquals: { [`${name}:${subject}`]: 'someone', [`${name}:${audience}`]: 'ours' } }
    expect(trustOf(statement('', condition, { Principal: { Federated: name } }))).toEqual([
      { ...closed, kind: 'other', exactSubjects: ['someone'] },
    ])
  })
})
