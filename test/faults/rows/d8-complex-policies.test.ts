// Row D8 of the fault matrix: policies made to keep an auditor busy. Steps are counted, not time: bench/access-decisions.ts measures.
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { auditInventory } from '../../../shared/engine/audit.ts'
import { organizationOf } from '../../../shared/engine/organization.ts'
import type { solve as Solve } from '../../../shared/iam/access/solve.ts'
import type { JsonValue } from '../../../shared/model/json.ts'
import { defaultSettings } from '../../../shared/model/settings.ts'
import { rules } from '../../../shared/rules/index.ts'
import { accessOf } from '../../iam/access-of.ts'
import { inventoryOf, repository } from '../../support/builders.ts'
import { numRuns } from '../runs.ts'

// A machine may have other things to do.
vi.setConfig({ testTimeout: 120_000 })

/** What the searches of one analysis have cost: by their own account, and by the tests of conditions that were really made. */
const spent = vi.hoisted(() => ({ accounted: 0, tested: 0 }))
vi.mock(import('../../../shared/iam/access/solve.ts'), async (load) => {
  const real = await load()
  const solve: typeof Solve = (allow, denies, situation, world, budget) => {
    const counted = <T extends typeof allow>(prepared: T): T => ({
      ...prepared,
      clauses: prepared.clauses.map((clause) => ({
        ...clause,
        evaluate: (...parts: Parameters<typeof clause.evaluate>) => {
          spent.tested += clause.cost
          return clause.evaluate(...parts)
        },
      })),
    })
    const before = budget.left
    const found = real.solve(counted(allow), denies.map(counted), situation, world, budget)
    spent.accounted += Math.max(0, before) - Math.max(0, budget.left)
    return found
  }
  return { ...real, solve }
})
beforeEach(() => {
  Object.assign(spent, { accounted: 0, tested: 0 })
})

/** Steps one analysis may take: of all its Allow statements together, and of each at least. */
const stepBudget = 3_000_000
const leastSteps = 100_000
const maximumBytes = 10_240
const tooComplex = 'policy too complex'

type Statements = readonly (JsonValue & { readonly Effect?: JsonValue })[]
const open = { Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }
const deny = { Effect: 'Deny', Principal: '*', Action: 'ecr:*' }
const many = <T>(count: number, one: (n: number) => T) => Array.from({ length: count }, (_, n) => one(n))
const endpoint = (n: number) => `vpce-0a1b2c3d4e5f6${String(n).padStart(4, '0')}`
const tag = (name: string) => `aws:PrincipalTag/${name}`

/** Policies nobody searches to the end. */
const corpus: readonly (readonly [string, Statements])[] = [
  [
    'more endpoints than can be tried, all but a few denied',
    [
      { ...open, Condition: { StringEquals: { 'aws:SourceVpce': many(1100, endpoint) } } },
      { ...deny, Condition: { StringEquals: { 'aws:SourceVpce': many(1000, endpoint) } } },
    ],
  ],
  [
    'patterns crossed with patterns',
    [
      {
        ...open,
        Condition: {
          StringLike: { [tag('a')]: many(40, (n) => `p${n}-*`) },
          StringLikeIfExists: { [tag('a')]: many(40, (n) => `q${n}-*`) },
        },
      },
    ],
  ],
  [
    'two patterns that are long',
    [
      {
        ...open,
        Condition: {
          StringLike: { [tag('a')]: `${'a'.repeat(200)}*` },
          StringLikeIfExists: { [tag('a')]: `*${'b'.repeat(200)}` },
        },
      },
    ],
  ],
  [
    'keys of which every combination counts',
    [
      { ...open, Condition: { StringLike: Object.fromEntries(many(7, (n) => [tag(`k${n}`), ['a*', 'b*', 'c*']])) } },
      ...many(21, (n) => ({
        ...deny,
        Condition: {
          StringLike: {
            [tag(`k${n % 7}`)]: [`${'abc'[n % 3]}*`],
            [tag(`k${(n + 1) % 7}`)]: [`${'abc'[(n + 1) % 3]}*`],
          },
        },
      })),
      ...many(6, (n) => ({
        ...deny,
        Condition: { StringEquals: { [tag(`k${n}`)]: `\${aws:PrincipalTag/k${n + 1}}` } },
      })),
      { ...deny, Condition: { StringNotLike: { [tag('k0')]: 'zz*' } } },
    ],
  ],
]

describe('D8 a policy too complex to be searched', () => {
  it.each(corpus)(
    'D8 with %s ends within its steps, and is said to be too complex in place of what it allows',
    (_name, statements) => {
      const { grants } = accessOf({ statements })
      expect(grants.length).toBeGreaterThan(0)
      const lacking = grants.map(({ missing }) => missing.join())
      expect(lacking.filter((facts) => !facts.includes(tooComplex))).toEqual([])
      expect(spent.accounted).toBeLessThanOrEqual(stepBudget)
      expect(spent.tested).toBeLessThanOrEqual(stepBudget)
    },
  )

  it.each(corpus)(
    'D8 with %s is undetermined by the rules that would have to search it, and leaves the others alone',
    (_name, Statement) => {
      const policies = { a: [deny], complex: Statement, z: [open] }
      const parts = Object.entries(policies).map(([name, statements]) =>
        repository({ name, policy: { Version: '2012-10-17', Statement: statements as JsonValue } }),
      )
      const inventory = inventoryOf(parts)
      const organization = organizationOf(inventory, defaultSettings)
      const findings = auditInventory({ inventory, rules, settings: defaultSettings, organization })
      const named = findings.filter((one) => JSON.stringify(one).includes(tooComplex))
      expect(named.length).toBeGreaterThan(0)
      expect([...new Set(named.map(({ resource }) => resource.id))]).toEqual(['complex'])
      expect([...new Set(named.map(({ compliance }) => compliance))]).toEqual(['UNDETERMINED'])
      expect(named.map(({ reason }) => reason).join()).toContain(tooComplex)
      const others = findings.filter(
        ({ rule, resource }) => rule === 'ecr-repository-not-public' && resource.id !== 'complex',
      )
      expect(others.map(({ resource, compliance }) => [resource.id, compliance])).toEqual([
        ['a', 'COMPLIANT'],
        ['z', 'NON_COMPLIANT'],
      ])
    },
  )
})

const key = fc.constantFrom(
  'aws:SourceVpce',
  'aws:PrincipalArn',
  'aws:SourceIp',
  tag('a'),
  tag('b'),
  'aws:PrincipalOrgPaths',
)
const value = fc.oneof(
  fc.nat(1500).map(endpoint),
  fc.stringMatching(/^[ab*?]{1,40}$/),
  fc.stringMatching(/^[ab]{20}\*[ab]{60}\*$/),
  fc.nat(255).map((n) => `10.${n}.0.0/16`),
  key.map((name) => `\${${name}}`),
)
const operator = fc.constantFrom(
  ...['StringEquals', 'StringLike', 'StringNotLike', 'StringNotEquals', 'ArnLike', 'IpAddress', 'NotIpAddress'],
  ...['ForAnyValue:StringLike', 'ForAllValues:StringLike', 'StringLikeIfExists', 'Null', 'Bool'],
)
const condition = fc.dictionary(
  operator,
  fc.dictionary(key, fc.array(value, { minLength: 1, maxLength: 30 }), { maxKeys: 3 }),
  {
    maxKeys: 3,
  },
)
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  Principal: fc.constantFrom<JsonValue>('*', { AWS: '111122223333' }, { AWS: ['444455556666', '111122224444'] }),
  Action: fc.constantFrom<JsonValue>('ecr:*', 'ecr:BatchGetImage', ['ecr:Put*', 'ecr:*Layer*']),
  Condition: condition,
})

it('D8 whatever a policy of its size says, the search ends within its steps', () => {
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 25 }), (statements) => {
      // As many as a policy of a repository may hold.
      const fitting = statements.filter((_, n) => JSON.stringify(statements.slice(0, n + 1)).length < maximumBytes)
      Object.assign(spent, { accounted: 0, tested: 0 })
      accessOf({ statements: fitting })
      const allows = fitting.filter(({ Effect }) => Effect === 'Allow').length
      // Once for whoever it means, and once more for each principal of the account itself.
      const bound = 2 * Math.max(stepBudget, allows * leastSteps)
      expect(spent.accounted).toBeLessThanOrEqual(bound)
      // The last context of a search is judged to its end.
      expect(spent.tested).toBeLessThanOrEqual(bound + allows * leastSteps)
    }),
    { numRuns: numRuns(15) },
  )
})
