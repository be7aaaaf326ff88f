import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateAccess } from '../../../shared/iam/evaluate/evaluate.ts'
import { explainAccess } from '../../../shared/iam/evaluate/explain.ts'
import type { AccessCase } from '../../../shared/iam/evaluate/types.ts'
import { compileResourcePattern, coversResource } from '../../../shared/iam/match/resource-pattern.ts'
import { compileTextPattern, matchesTextPattern } from '../../../shared/iam/match/text-pattern.ts'
import { parsePolicy } from '../../../shared/iam/policy/parse-policy.ts'
import { printPolicy } from '../../../shared/iam/policy/print-policy.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import { accessCaseOf, contextOf, type WrittenCase } from './access-case.ts'

const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/app'
const role = 'arn:aws:iam::111122223333:role/puller'
const session = 'arn:aws:sts::111122223333:assumed-role/puller/one'
const user = 'arn:aws:iam::111122223333:user/ann'
const federated = 'arn:aws:sts::111122223333:federated-user/ann'
const root = 'arn:aws:iam::111122223333:root'

function variable(key: string): string {
  return `$\{${key}}`
}

const effects = fc.constantFrom('Allow', 'Deny')
const actions = fc.constantFrom('ecr:BatchGetImage', 'ecr:*', 'ecr:Batch*', 's3:*', 'ecr:PutImage')
const resources = fc.constantFrom(
  '*',
  repository,
  'arn:aws:ecr:*:*:repository/*',
  'arn:aws:ecr:us-east-1:*:*',
  `arn:aws:ecr:eu-west-1:111122223333:repository/${variable('k:a')}`,
)
const conditions = fc.option(
  fc.record({
    operator: fc.constantFrom(
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIfExists',
      'ForAllValues:StringLike',
      'Null',
      'What',
    ),
    key: fc.constantFrom('k:a', 'k:b'),
    value: fc.constantFrom('app', 'true', variable('k:b'), 'x*'),
  }),
  { nil: undefined },
)
const principals = fc.constantFrom<JsonObject>(
  { Principal: '*' },
  { Principal: { AWS: role } },
  { Principal: { AWS: session } },
  { Principal: { AWS: federated } },
  { Principal: { AWS: [user, root] } },
  { Principal: { Service: 'lambda.amazonaws.com' } },
  { NotPrincipal: { AWS: [role, root] } },
  { NotPrincipal: { AWS: [role, root, session] } },
)
const plain = fc.record({
  effect: effects,
  not: fc.boolean(),
  action: actions,
  resource: resources,
  condition: conditions,
})

type Plain = typeof plain extends fc.Arbitrary<infer T> ? T : never

function statementOf({ effect, not, action, resource, condition }: Plain): JsonObject {
  return {
    Effect: effect,
    [not && action !== 's3:*' ? 'NotAction' : 'Action']: [action],
    Resource: [resource],
    ...(condition === undefined ? {} : { Condition: { [condition.operator]: { [condition.key]: [condition.value] } } }),
  }
}

const own = plain.map(statementOf)
const shared = fc.tuple(plain, principals).map(([one, principal]) => ({ ...statementOf(one), ...principal }))
const contexts = fc.dictionary(
  fc.constantFrom('k:a', 'k:b'),
  fc.constantFrom<string | string[] | null>('app', 'true', null, ['app', 'xy']),
)
const cases: fc.Arbitrary<Omit<WrittenCase, 'name' | 'expect'>> = fc.record(
  {
    principal: fc.constantFrom<WrittenCase['principal'] & {}>(
      role,
      session,
      { session, roleArn: role },
      user,
      federated,
      root,
      'lambda.amazonaws.com',
      'anonymous',
    ),
    owner: fc.constantFrom('111122223333', '999988887777'),
    context: contexts,
    identity: fc.array(own, { maxLength: 3 }),
    resourcePolicy: fc.array(shared, { maxLength: 3 }),
    boundary: fc.array(own, { maxLength: 2 }),
    session: fc.array(own, { maxLength: 2 }),
    scp: fc.array(fc.array(own, { maxLength: 2 }), { maxLength: 2 }),
    rcp: fc.array(fc.array(shared, { maxLength: 2 }), { maxLength: 1 }),
  },
  { requiredKeys: ['principal', 'owner', 'context', 'identity', 'resourcePolicy'] },
)

type Row = Omit<WrittenCase, 'name' | 'expect'>

function caseOf(row: Row): AccessCase {
  return accessCaseOf({ name: '', expect: 'unknown', ...row })
}

function decide(row: Row) {
  return evaluateAccess(caseOf(row)).decision
}

function listOf(policy: unknown): readonly JsonObject[] {
  return policy as readonly JsonObject[]
}

const runs = { numRuns: 1500 }

describe('every decision', () => {
  it('names what is missing exactly when it is unknown, sorted and once', () => {
    fc.assert(
      fc.property(cases, (row) => {
        const { decision, missing, layers, decidedBy } = evaluateAccess(caseOf(row))
        expect(missing.length > 0).toBe(decision === 'unknown')
        expect(new Set(missing.map((item) => JSON.stringify(item))).size).toBe(missing.length)
        expect(layers).toContain(decidedBy)
      }),
      runs,
    )
  })

  it('is the same with an explanation', () => {
    fc.assert(
      fc.property(cases, (row) => {
        expect(explainAccess(caseOf(row)).decision).toEqual(evaluateAccess(caseOf(row)))
      }),
      runs,
    )
  })

  it('never becomes an access by one more Deny', () => {
    fc.assert(
      fc.property(cases, own, shared, fc.boolean(), (row, mine, theirs, toIdentity) => {
        const before = decide(row)
        const denied = toIdentity
          ? { ...row, identity: [...listOf(row.identity), { ...mine, Effect: 'Deny' }] }
          : { ...row, resourcePolicy: [...listOf(row.resourcePolicy), { ...theirs, Effect: 'Deny' }] }
        const after = decide(denied)
        if (before !== 'allowed') expect(after).not.toBe('allowed')
        if (before === 'explicitlyDenied') expect(after).toBe('explicitlyDenied')
        if (before === 'implicitlyDenied') expect(after).not.toBe('unknown')
      }),
      runs,
    )
  })

  it('loses no access by one more Allow', () => {
    fc.assert(
      fc.property(cases, own, shared, fc.boolean(), (row, mine, theirs, toIdentity) => {
        const more = toIdentity
          ? { ...row, identity: [...listOf(row.identity), { ...mine, Effect: 'Allow' }] }
          : { ...row, resourcePolicy: [...listOf(row.resourcePolicy), { ...theirs, Effect: 'Allow' }] }
        if (decide(row) === 'allowed') expect(decide(more)).toBe('allowed')
      }),
      runs,
    )
  })

  it('does not depend on the order of statements', () => {
    fc.assert(
      fc.property(cases, (row) => {
        const turned = {
          ...row,
          identity: [...listOf(row.identity)].reverse(),
          resourcePolicy: [...listOf(row.resourcePolicy)].reverse(),
        }
        expect(decide(turned)).toBe(decide(row))
      }),
      runs,
    )
  })

  it('is the same when a policy is split in two', () => {
    fc.assert(
      fc.property(cases, fc.nat(3), (row, at) => {
        const identity = listOf(row.identity)
        expect(decide({ ...row, identity: [identity.slice(0, at), identity.slice(at)] })).toBe(decide(row))
      }),
      runs,
    )
  })

  it('turns at most into unknown when a key is forgotten', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom('k:a', 'k:b'), (row, key) => {
        const one = caseOf(row)
        const context = new Map(contextOf(row.context ?? {}))
        context.delete(key)
        const before = evaluateAccess(one).decision
        const after = evaluateAccess({ ...one, request: { ...one.request, context } }).decision
        if (after !== 'unknown') expect(after === 'allowed').toBe(before === 'allowed')
        if (after !== 'unknown') expect(before).not.toBe('unknown')
      }),
      runs,
    )
  })
})

describe('a policy', () => {
  it('is the same after printing and parsing', () => {
    fc.assert(
      fc.property(fc.array(shared, { minLength: 1, maxLength: 4 }), (statements) => {
        const json = { Version: '2012-10-17', Id: 'x', Statement: statements }
        const parsed = parsePolicy({ json, text: JSON.stringify(json), duplicateKeys: [] })
        if (!parsed.ok) throw new Error(parsed.reason)
        const printed = printPolicy(parsed.policy)
        const again = parsePolicy({ json: printed, text: JSON.stringify(printed), duplicateKeys: [] })
        expect(again).toEqual(parsed)
      }),
      runs,
    )
  })
})

/** The definition of a wildcard match, slow and plain. */
function naive(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern[0] === '*') return naive(pattern.slice(1), text) || (text !== '' && naive(pattern, text.slice(1)))
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && naive(pattern.slice(1), text.slice(1))
}

/** As `naive`, but in the first five fields only a star before a colon runs on over a colon. */
function naiveArn(pattern: string, text: string, field = 0): boolean {
  if (field >= 5) return naive(pattern, text)
  const [first, next] = pattern
  if (first === undefined) return text === ''
  if (first === '*') {
    if (naiveArn(pattern.slice(1), text, field)) return true
    if (text === '' || (text[0] === ':' && next !== ':')) return false
    return naiveArn(pattern, text.slice(1), field)
  }
  if (text === '' || (first === '?' ? text[0] === ':' : first !== text[0])) return false
  return naiveArn(pattern.slice(1), text.slice(1), first === ':' ? field + 1 : field)
}

describe('matching', () => {
  const letters = (alphabet: readonly string[], maxLength: number) =>
    fc.array(fc.constantFrom(...alphabet), { maxLength }).map((list) => list.join(''))

  it('of text agrees with the definition', () => {
    fc.assert(
      fc.property(letters(['a', 'b', '*', '?'], 7), letters(['a', 'b'], 8), (pattern, text) => {
        expect(matchesTextPattern(compileTextPattern(pattern), text)).toBe(naive(pattern, text))
      }),
      { numRuns: 20_000 },
    )
  })

  it('of resources agrees with the definition', () => {
    const field = letters(['a', 'b', '*', '?'], 3)
    const pattern = fc.array(field, { minLength: 6, maxLength: 7 }).map((fields) => fields.join(':'))
    const arn = fc.array(letters(['a', 'b'], 2), { minLength: 6, maxLength: 9 }).map((fields) => fields.join(':'))
    fc.assert(
      fc.property(pattern, arn, (wanted, text) => {
        expect(coversResource(compileResourcePattern(wanted), text)).toBe(naiveArn(wanted, text))
      }),
      { numRuns: 20_000 },
    )
  })
})
