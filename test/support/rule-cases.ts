import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { Registry } from '../../shared/inventory/ecr.ts'
import type { Inventory } from '../../shared/inventory/inventory.ts'
import { type Fact, unknown } from '../../shared/model/fact.ts'
import type { Organization } from '../../shared/model/organization.ts'
import { defaultSettings, type Settings } from '../../shared/model/settings.ts'
import type { Severity, Verdict } from '../../shared/model/verdict.ts'
import {
  type JudgedResources,
  type JudgedType,
  judgedTypes,
  type Rule,
  type RuleContext,
} from '../../shared/rules/define-rule.ts'
import { type EstatePart, home, inventoryOf } from './builders.ts'

/** What a case expects besides the kind of the verdict, and under which circumstances. */
export interface CaseDetails {
  /** A part of the reason, or of the missing facts. */
  readonly says?: string
  /** A part of some evidence. */
  readonly shows?: string
  /** A part of some assumption. */
  readonly assumes?: string
  readonly severity?: Severity
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly settings?: Partial<Settings>
  readonly organization?: Partial<Organization>
  /**
   * Facts the rule looks at although the others already prove the verdict: `scanOnPush`, `registry.policy.scope`, or a lookup
   * whose answers are not needed: `inventory.role`, `inventory.managedPolicy`, `inventory.repository`, and for rules on VPCs
   * `network.listing` and `network.blockPublicAccess`.
   */
  readonly provenWithout?: readonly string[]
}

/** Lookups of the inventory that answer with a fact. The organization's tree is not one: without it rules state an assumption. */
const lookups = ['role', 'managedPolicy', 'repository'] as const

/** The same of its network side, for rules that judge VPCs. */
const networkLookups = ['listing', 'blockPublicAccess'] as const

/** An estate whose first resource of the judged type is judged, the verdict, and what it should say. */
export type RuleCase = readonly [EstatePart | readonly EstatePart[], Verdict['kind'], (string | CaseDetails)?]

/** The time of every case. */
const now = new Date('2026-11-21T00:00:00Z')

const organization: Organization = {
  organizationId: 'o-exampleorg1',
  ownAccounts: new Set(),
  organizationAccounts: new Set(['222222222222']),
  trustedAccounts: new Set(['333333333333']),
}

/**
 * Tests a rule by named cases. Every case is run on frozen input, twice, and once more for each fact the rule looked at made
 * unknown: then the verdict must be undetermined, unless the case says that the other facts prove it.
 */
export function ruleCases(rule: Rule, cases: Readonly<Record<string, RuleCase>>): void {
  describe(rule.id, () => {
    test('has a compliant and a noncompliant case, each named by a sentence', () => {
      const kinds = Object.values(cases).map(([, kind]) => kind)
      expect(kinds).toContain('compliant')
      expect(kinds).toContain('noncompliant')
      for (const name of Object.keys(cases)) expect(name.split(' ').length, name).toBeGreaterThan(3)
    })
    for (const [name, [estate, kind, expected]] of Object.entries(cases)) {
      const details = typeof expected === 'string' ? { says: expected } : (expected ?? {})
      test(name, () => runCase(rule, estate as EstatePart | readonly EstatePart[], kind, details))
    }
  })
}

function runCase(rule: Rule, estate: EstatePart | readonly EstatePart[], kind: Verdict['kind'], details: CaseDetails) {
  const inventory = deepFreeze(inventoryOf(Array.isArray(estate) ? estate : [estate as EstatePart]))
  const resource = deepFreeze(judgedOf(rule, inventory))
  const context = contextOf(rule, inventory, details)
  const verdict = rule.evaluate(resource, context)
  expect(verdict.kind, JSON.stringify(verdict)).toBe(kind)
  expectDetails(verdict, details)
  expect(rule.evaluate(resource, context)).toEqual(verdict)
  expectHumility(rule, resource, context, details.provenWithout ?? [])
}

function contextOf(rule: Rule, inventory: Inventory, details: CaseDetails): RuleContext {
  return {
    inventory,
    organization: { ...organization, ...details.organization },
    now,
    settings: deepFreeze({ ...defaultSettings, ...details.settings }),
    parameters: deepFreeze(z.parse(rule.parameters, details.parameters ?? {})),
  }
}

/** The first resource of the judged types, in the order the rule names them. */
function judgedOf(rule: Rule, inventory: Inventory): JudgedResources[JudgedType] {
  const resources: Readonly<Record<JudgedType, readonly JudgedResources[JudgedType][]>> = {
    'AWS::ECR::Repository': inventory.repositories,
    'AWS::ECR::RegistryPolicy': inventory.registryPolicies,
    'AWS::ECR::PullThroughCacheRule': inventory.pullThroughCacheRules,
    'AWS::::Account': inventory.registries,
    'AWS::IAM::Role': inventory.roles,
    'AWS::ECS::Service': inventory.ecsServices,
    'AWS::ECS::TaskDefinition': inventory.currentTaskDefinitions(now),
    'AWS::EKS::Nodegroup': inventory.nodegroups,
    'AWS::EKS::FargateProfile': inventory.fargateProfiles,
    'AWS::EC2::VPC': inventory.network.vpcs,
  }
  const [first] = judgedTypes(rule).flatMap((type) => resources[type])
  if (first === undefined) throw new Error(`the estate has no ${judgedTypes(rule).join(' and no ')}`)
  return first
}

function expectDetails(verdict: Verdict, { says, shows, assumes, severity }: CaseDetails): void {
  const words =
    verdict.kind === 'undetermined' ? verdict.missing.map(({ reason }) => reason).join('; ') : verdict.reason
  if (says !== undefined) expect(words).toContain(says)
  const evidence = 'evidence' in verdict ? verdict.evidence.map(({ source, detail }) => `${source}: ${detail}`) : []
  if (shows !== undefined) expect(evidence.join('\n')).toContain(shows)
  if (assumes !== undefined) expect('assumptions' in verdict ? verdict.assumptions.join('\n') : '').toContain(assumes)
  if (severity !== undefined) expect(verdict).toMatchObject({ severity })
  expect(words.trim()).not.toBe('')
}

function expectHumility(
  rule: Rule,
  resource: JudgedResources[JudgedType],
  context: RuleContext,
  proven: readonly string[],
) {
  expect(sureWithout(rule, resource, context), 'facts that were unknown and did not leave the verdict open').toEqual(
    [...proven].sort(),
  )
}

/** Makes each fact and lookup unknown in turn; names, sorted, those the rule looked at and still gave a certain verdict without. */
export function sureWithout(
  rule: Rule,
  resource: JudgedResources[JudgedType],
  context: RuleContext,
): readonly string[] {
  const certain = new Set<string>()
  const inventoryFacts = [
    ...factsOfRegistry(context.inventory),
    ...lookups.map((name) => `inventory.${name}`),
    ...(rule.judges === 'AWS::EC2::VPC' ? networkLookups.map((name) => `network.${name}`) : []),
  ]
  for (const path of [...factsOf(resource), ...inventoryFacts]) {
    const looked = { at: false }
    const look = () => {
      looked.at = true
    }
    const ofInventory = inventoryFacts.includes(path)
    const inventory = ofInventory ? withUnknownInInventory(context.inventory, path, look) : context.inventory
    const judged = ofInventory ? resource : withUnknown(resource, path, look)
    const { kind } = rule.evaluate(judged, { ...context, inventory })
    if (looked.at && (kind === 'compliant' || kind === 'noncompliant')) certain.add(path)
  }
  return [...certain].sort()
}

function factsOf(object: object): readonly string[] {
  return Object.entries(object).flatMap(([key, value]) => (isFact(value) ? [key] : []))
}

function factsOfRegistry(inventory: Inventory): readonly string[] {
  const registry = inventory.registryOf(home)
  const inside = registry.policy.state === 'known' ? factsOf(registry.policy.value) : []
  return [...factsOf(registry).map((key) => `registry.${key}`), ...inside.map((key) => `registry.policy.${key}`)]
}

function withUnknownInInventory(inventory: Inventory, path: string, look: () => void): Inventory {
  if (path.startsWith('registry.')) return withUnknownRegistryFact(inventory, path, look)
  const answer = () => {
    look()
    return unknown(`${path} was made unknown`)
  }
  const [side = '', name = ''] = path.split('.')
  return side === 'network'
    ? { ...inventory, network: { ...inventory.network, [name]: answer } }
    : { ...inventory, [name]: answer }
}

function withUnknownRegistryFact(inventory: Inventory, path: string, look: () => void): Inventory {
  const registry = inventory.registryOf(home)
  const [, key = '', inner] = path.split('.')
  const changed = inner === undefined ? withUnknown(registry, key, look) : withUnknownInPolicy(registry, inner, look)
  return { ...inventory, registryOf: () => changed }
}

function withUnknownInPolicy(registry: Registry, key: string, look: () => void): Registry {
  if (registry.policy.state !== 'known') return registry
  return { ...registry, policy: { ...registry.policy, value: withUnknown(registry.policy.value, key, look) } }
}

function withUnknown<T extends object>(object: T, key: string, look: () => void): T {
  const descriptor = {
    enumerable: true,
    get: () => {
      look()
      return unknown(`${key} was made unknown`)
    },
  }
  return Object.defineProperty({ ...object }, key, descriptor)
}

function isFact(value: unknown): value is Fact<unknown> {
  return typeof value === 'object' && value !== null && 'state' in value
}

function deepFreeze<T>(value: T): T {
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue
    Object.freeze(next)
    open.push(...Object.values(next))
  }
  return value
}
