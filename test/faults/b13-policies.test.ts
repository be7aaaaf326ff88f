import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Finding } from '../../shared/model/finding.ts'
import { accountIds, estateOf, policy, publicRepository, repositoryArn } from '../support/fake-estate/estate.ts'
import { type FakeEstate, startFakeEstate } from '../support/fake-estate/fake-estate.ts'
import { audited, usualRules } from './audited.ts'
import { readBarely } from './bare-reading.ts'
import { numRuns } from './runs.ts'

const region = 'eu-central-1'
const [account = ''] = accountIds(1)
const open = repositoryArn(account, region, publicRepository)
const ecrTypes = new Set(['AWS::ECR::Repository', 'AWS::ECR::RegistryPolicy'])
const roleTypes = new Set(['AWS::IAM::Role', 'AWS::IAM::Policy'])
const ecrRules = usualRules.filter(({ area }) => area === 'ecr')
const roleRules = usualRules.filter(({ id }) => id === 'role-registry-admin-restricted')
let estate: FakeEstate
beforeAll(async () => {
  estate = await startFakeEstate(estateOf({ accounts: 1, regions: [region] }))
})
afterAll(() => estate.close())

/** What is said about the repository when its policy is this text. */
async function judged(text: string): Promise<readonly Finding[]> {
  const state = estate.accounts.get(account)?.regions.get(region)?.state
  state?.repositories.set(publicRepository, text)
  const { findings } = audited(await readBarely(estate, [account], { types: ecrTypes }), [], ecrRules)
  return findings.filter(({ resource }) => resource.arn === open)
}
const publicIn = (findings: readonly Finding[]) => findings.find(({ rule }) => rule === 'ecr-repository-not-public')
const accessRules = new Set(['ecr-repository-not-public', 'ecr-repository-access-trusted'])
/** A rule that broke, as the audit words it. */
const broken = (findings: readonly Finding[]) =>
  findings.filter(({ reason }) => reason.includes('failed on this resource'))

const statement = { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }
const opening = policy(statement)
const inner = JSON.stringify(statement)

describe('B13 texts that are hard to read', () => {
  it.each([
    ['opens the repository', opening, 'NON_COMPLIANT'],
    ['has 10,240 characters', opening.padEnd(10_240, ' '), 'NON_COMPLIANT'],
    ['has a Sid of 10,240 characters', policy({ ...statement, Sid: 'a'.repeat(10_240) }), 'NON_COMPLIANT'],
    ['has a lone surrogate', policy({ ...statement, Sid: '\ud800' }), 'NON_COMPLIANT'],
    ['has a NUL', policy({ ...statement, Sid: 'a\u0000b' }), 'NON_COMPLIANT'],
    ['has __proto__ beside a statement', `{"__proto__":{"Statement":[]},"Statement":[${inner}]}`, 'NON_COMPLIANT'],
    ['has an open statement in __proto__ alone', `{"__proto__":{"Statement":[${inner}]}}`, 'UNDETERMINED'],
    ['has constructor and toString for statements', '{"constructor":[],"toString":[]}', 'UNDETERMINED'],
    ['says Effect twice, Deny last', opening.replace('"Allow"', '"Allow","Effect":"Deny"'), 'UNDETERMINED'],
    ['says Statement twice, the empty one last', `{"Statement":[${inner}],"Statement":[]}`, 'UNDETERMINED'],
    ['is no JSON', 'Allow everybody', 'UNDETERMINED'],
    ['is half of a policy', opening.slice(0, 60), 'UNDETERMINED'],
    ['is a number', '42', 'UNDETERMINED'],
    ['is null', 'null', 'UNDETERMINED'],
    ['is a list of two policies', `[${opening},${opening}]`, 'UNDETERMINED'],
    ['is blank', '   ', 'UNDETERMINED'],
    ['nests 100,000 lists', `{"Statement":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'UNDETERMINED'],
    ['nests 100,000 objects', `${'{"Statement":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'UNDETERMINED'],
    ['is URL-encoded', encodeURIComponent(opening), 'NON_COMPLIANT'],
    ['is URL-encoded twice', encodeURIComponent(encodeURIComponent(opening)), 'UNDETERMINED'],
    ['is broken URL encoding', '%7B%ZZ', 'UNDETERMINED'],
  ])('B13 a policy that %s', async (_name, text, compliance) => {
    const findings = await judged(text)
    expect(publicIn(findings)?.compliance).toBe(compliance)
    expect(broken(findings)).toEqual([])
  })

  it('B13 a policy that was spoilt anywhere never breaks a rule, and passes only as JSON', async () => {
    const spoilt = fc
      .array(
        fc.tuple(
          fc.nat(opening.length - 1),
          fc.constantFrom('', '"', '{', '}', '[', ',', '\\', '%', '\u0000', '\ud800', 'x'),
        ),
        {
          minLength: 1,
          maxLength: 3,
        },
      )
      .map((edits) => edits.reduce((text, [at, by]) => text.slice(0, at) + by + text.slice(at + 1), opening))
    await fc.assert(
      fc.asyncProperty(spoilt, async (text) => {
        const findings = await judged(text)
        expect(broken(findings)).toEqual([])
        if (!isJson(text)) expect(publicIn(findings)?.compliance).toBe('UNDETERMINED')
      }),
      { numRuns: numRuns(150) },
    )
  }, 600_000)

  it.each([
    ['once', (text: string) => text, 'NON_COMPLIANT'],
    ['twice', encodeURIComponent, 'UNDETERMINED'],
    ['and cut in half', (text: string) => text.slice(0, text.length / 2), 'UNDETERMINED'],
  ] as const)('B13 a policy of a role that IAM gives URL-encoded %s', async (_name, change, compliance) => {
    const roles = estate.accounts.get(account)?.global.state.iam.roles ?? []
    const at = roles.findIndex(({ name }) => name === 'exec')
    const role = roles[at]
    if (role === undefined) throw new Error('no such role')
    const inline = (role.inline ?? []).map(({ name, document }) => ({ name, document: change(document) }))
    roles[at] = { ...role, inline }
    const { findings } = audited(await readBarely(estate, [account], { types: roleTypes }), [], roleRules)
    roles[at] = role
    expect(findings.find(({ resource }) => resource.arn.endsWith('role/exec'))?.compliance).toBe(compliance)
    expect(broken(findings)).toEqual([])
  })
})

describe('B14 words nobody knows', () => {
  const unknown: readonly (readonly [string, string, object])[] = [
    ['an Effect', 'Effect is neither Allow nor Deny', { Effect: 'Permit' }],
    ['an Effect in other letters', 'Effect is neither Allow nor Deny', { Effect: 'allow' }],
    ['an operator', 'StringSounds', { Condition: { StringSounds: { 'aws:PrincipalOrgID': 'o-exampleorg1' } } }],
    [
      'an operator with a set prefix',
      'ForSome:StringEquals',
      { Condition: { 'ForSome:StringEquals': { 'aws:PrincipalOrgID': 'o-1' } } },
    ],
    ['a condition key', 'aws:Weather', { Condition: { StringEquals: { 'aws:Weather': 'sunny' } } }],
    ['a kind of principal', 'Everyone', { Principal: { Everyone: '*' } }],
  ]
  it.each(unknown)('B14 %s: the statement could allow, and %s is said', async (_name, word, more) => {
    const findings = await judged(policy({ ...statement, ...more }))
    // Who is neither everybody nor one of ours is a stranger: then the rule on strangers speaks.
    const open = findings
      .filter(({ rule }) => accessRules.has(rule))
      .filter(({ compliance }) => compliance !== 'COMPLIANT')
    expect(open.length).toBeGreaterThan(0)
    expect(JSON.stringify(open.map(({ reason, evidence }) => [reason, evidence]))).toContain(word)
  })
  it.each([
    ['a number for a principal', { Principal: 42 }],
    ['a list of principals', { Principal: ['*'] }],
    ['an object for an account', { Principal: { AWS: { '*': '*' } } }],
    ['no effect', { Effect: undefined }],
    ['a list for a condition', { Condition: [] }],
    ['a text for a condition', { Condition: 'never' }],
    ['a number for an action', { Action: 7 }],
  ])('B14 %s: not a pass', async (_name, more) => {
    const findings = await judged(policy({ ...statement, ...more }))
    expect(['NON_COMPLIANT', 'UNDETERMINED']).toContain(publicIn(findings)?.compliance)
    expect(broken(findings)).toEqual([])
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
