// Row D9 of the fault matrix: a warm process keeps what it is meant to keep, and nothing else.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../infra/bundle.ts'

/** What modules remember, `file name`, by why that shows in no later answer. */
const meant = new Map<string, readonly string[]>([
  [
    'the answer of a pure function, by everything it was made from; it goes with the objects it was made from',
    [
      'shared/iam/access/account-patterns.ts callers',
      'shared/iam/access/account-patterns.ts sources',
      'shared/iam/access/endpoint-owners.ts remembered',
      'shared/iam/access/organizations.ts remembered',
      'shared/iam/access/own-principals.ts remembered',
      'shared/iam/access/scope.ts masks',
      'shared/iam/access/text-candidates.ts remembered',
      'shared/iam/conditions/evaluate-condition.ts prepared',
      'shared/iam/conditions/evaluate-condition.ts preparedPlain',
      'shared/iam/evaluate/caller.ts remembered',
      'shared/iam/evaluate/compiled-policy.ts compiled',
      'shared/iam/evaluate/compiled-policy.ts matchers',
      'shared/network/topology.ts made',
      'shared/pull/decide.ts remembered',
      'shared/pull/endpoint-full-access.ts remembered',
      'shared/pull/endpoint-policy.ts remembered',
      'shared/pull/hops/image-state.ts remembered',
      'shared/pull/hops/principal.ts remembered',
      'shared/pull/image-platform.ts remembered',
      'shared/pull/merge-subnets.ts remembered',
      'shared/pull/policies-naming-roles.ts remembered',
      'shared/pull/pulls-of-inventory.ts remembered',
      'shared/pull/role-layers.ts remembered',
      'shared/pull/role-permissions.ts ownRepositories',
      'shared/pull/role-permissions.ts remembered',
      'shared/pull/trace-subnet.ts rememberedNetworks',
      'shared/pull/trace.ts rememberedAskers',
      'shared/pull/trace.ts rememberedIdentities',
      'shared/pull/traces.ts remembered',
      'shared/pull/workloads.ts remembered',
      'shared/rules/remembered-access.ts answers',
      'shared/rules/remembered-access.ts numbers',
      'shared/rules/service-images.ts grounds',
      'shared/rules/vpc-workloads.ts grounds',
      'shared/rules/vpc-workloads.ts remembered',
    ],
  ],
  ['the answer of a pure function, by its whole text; bounded', ['shared/iam/policy/parse-policy.ts remembered']],
  ['a number nobody sees: equal texts get one, others another', ['shared/rules/remembered-access.ts policiesSeen']],
  ['a constant, made when it is asked for first', ['shared/iam/aws-managed-policies/managed-policies.ts without']],
  ['the last answer of a pure function, with what it was made from', ['shared/iam/match/arn.ts latest']],
  [
    'never told anything: of a read-only type, or copied before it is used',
    [
      'shared/pull/diagnose/facts.ts arns',
      'shared/pull/diagnose/facts.ts words',
      'shared/pull/way-keys.ts nothingKnown',
    ],
  ],
  [
    'what AWS said to one client, for as long as that may be old',
    ['shared/sources/estate/via-config.ts recorders', 'shared/sources/iam/aws-policy-memory.ts memories'],
  ],
  [
    'clients and what a function was started with',
    [
      'lambdas/config-rule/ecr-handler.ts handler',
      'lambdas/config-rule/ecr-handler.ts parts',
      'lambdas/config-rule/role-handler.ts handler',
      'lambdas/config-rule/role-handler.ts parts',
      'lambdas/config-rule/role-handler.ts workloads',
      'lambdas/config-rule/vpc-handler.ts handler',
      'lambdas/config-rule/vpc-handler.ts parts',
      'lambdas/config-rule/vpc-handler.ts sights',
      'lambdas/finding-publisher/handler.ts clients',
      'lambdas/finding-publisher/handler.ts handler',
      'lambdas/finding-publisher/handler.ts queue',
      'lambdas/organization/handler.ts clients',
      'lambdas/organization/handler.ts handler',
      'lambdas/organization-report/handler.ts handler',
      'lambdas/pull-failure/handler.ts auditor',
      'lambdas/pull-failure/handler.ts pulls',
      'lambdas/pull-failure/handler.ts work',
      'lambdas/resource-change/handler.ts clients',
      'lambdas/resource-change/handler.ts handler',
    ],
  ],
])

/** A declaration at the top of a module; the formatter puts those, and nothing else, at the start of a line. */
const declaration =
  /^(?:export )?(?<kind>let|var|const) (?<name>\w+)(?:: (?<type>(?:[^=\n]|=>)+))? ?(?:= (?<value>.*))?$/gm
/** Values that can be told something: empty collections, weak ones, memories and what has them. */
const holders = [
  /^new Weak(?:Map|Set|Ref)\b/,
  /^new (?:Map|Set)(?:<.*>)?\(\)/,
  /^(?:remembering|production|createHandler|clientsPerRegion|published|vpcSight|serviceSight|newLimits|lastGood)\b/,
  // It remembers where it was.
  /^\/.*\/[dimsuv]*[gy][dimsuvgy]*$/,
]
const changing = '(?:set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin)'

/** Names of the top-level state in the text of a module. */
function stateIn(text: string): readonly string[] {
  return [...text.matchAll(declaration)].flatMap(({ groups = {} }) => {
    const { kind, name = '', type = '', value = '' } = groups
    const isConstant = /^(?:Readonly|readonly )/.test(type)
    const holds = !isConstant && holders.some((one) => one.test(value))
    const changed = new RegExp(
      `(?<![\\w.])${name}(?:\\.${changing}\\(|(?:\\.\\w+|\\[[^\\]]*\\]) ?(?:\\?\\?|[-+*|&])?= )`,
    )
    return kind !== 'const' || holds || changed.test(text) ? [name] : []
  })
}

const files = ['shared', 'lambdas'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
)

describe('D9 the state of modules', () => {
  it('D9 is what is meant to be remembered, each with its reason', () => {
    const found = files.flatMap((file) =>
      stateIn(readFileSync(join(projectRoot, file), 'utf8')).map((name) => `${file} ${name}`),
    )
    expect(found.sort()).toEqual([...meant.values()].flat().sort())
  })

  it.each([
    ['let seen = 0', ['seen']],
    ['export let seen: number | undefined', ['seen']],
    ['const held = new Map<string, Map<string, number>>()', ['held']],
    ['const held: Map<string, () => void> = new Map()', ['held']],
    ['const held = new WeakMap<Inventory, Found>()', ['held']],
    ['const remembered = remembering<Traces>(20)', ['remembered']],
    ['const pattern = /a|b/gi', ['pattern']],
    ['const list: string[] = []\nfunction f() {\n  list.push(1)\n}', ['list']],
    ["const table = { a: 1 }\nconst f = () => {\n  table['a'] = 2\n}", ['table']],
    ['const table = { a: 1 }\nfunction f() {\n  table.a += 2\n}', ['table']],
    ["const known: ReadonlySet<string> = new Set(['a'])", []],
    ['const nothing: ReadonlyMap<string, string> = new Map()', []],
    ['const pattern = /a|b/i', []],
    ["const limit = 3\nconst f = (x: number) => x === limit && table.get('a')", []],
    ['function f() {\n  const held = new Map<string, string>()\n  let n = 0\n}', []],
  ])('D9 is found in %j', (text, names) => {
    expect(stateIn(text)).toEqual(names)
  })
})
