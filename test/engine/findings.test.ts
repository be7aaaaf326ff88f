import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type AuditInput, auditInventory } from '../../shared/engine/audit.ts'
import { findingId } from '../../shared/engine/finding-id.ts'
import { organizationOf } from '../../shared/engine/organization.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { JsonValue } from '../../shared/model/json.ts'
import { defaultSettings, type RuleSettings } from '../../shared/model/settings.ts'
import { compliant, noncompliant, notApplicable, undetermined, type Verdict } from '../../shared/model/verdict.ts'
import { defineRule, type JudgedType, type Rule, type RuleContext } from '../../shared/rules/define-rule.ts'
import {
  allowPull,
  cacheRule,
  type EstatePart,
  ecsService,
  elsewhere,
  inventoryOf,
  policy,
  registryPolicy,
  repository,
} from '../support/builders.ts'

type Judge = (context: RuleContext<{ limit: number }>) => Verdict

function ruleThat(evaluate: Judge, judges: JudgedType = 'AWS::ECR::Repository', change: Partial<Rule> = {}): Rule {
  const rule = defineRule({
    id: 'ecr-sample',
    area: 'ecr',
    title: 'Samples are good',
    severity: 'MEDIUM',
    why: 'It is a test.',
    fix: 'Mend it.',
    judges,
    reads: [],
    triggers: { change: true, scheduled: false, calls: [] },
    frameworks: {},
    defaultEnabled: true,
    url: 'https://docs.aws.amazon.com/sample',
    parameters: z.object({ limit: z.int().default(3) }),
    evaluate: (_resource, context) => evaluate(context),
  })
  return { ...rule, ...change }
}

function audit(rules: readonly Rule[], parts: readonly EstatePart[], more: Partial<AuditInput> = {}) {
  const inventory = inventoryOf(parts)
  const organization = organizationOf(inventory, defaultSettings)
  return auditInventory({ inventory, rules, settings: defaultSettings, organization, ...more })
}

const withSettings = (settings: RuleSettings) => ({
  settings: { ...defaultSettings, rules: new Map([['ecr-sample', settings]]) },
})
const arn = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'
const ref = {
  type: 'AWS::ECR::Repository',
  id: 'app',
  arn,
  accountId: '111122223333',
  region: 'eu-central-1',
}
const finding: Omit<Finding, 'compliance' | 'reason'> = {
  id: findingId('ecr-sample', ref),
  rule: 'ecr-sample',
  severity: 'MEDIUM',
  resource: ref,
  title: 'Samples are good',
  evidence: [],
  assumptions: [],
  remediation: { text: 'Mend it.', url: 'https://docs.aws.amazon.com/sample' },
  observedAt: '2026-01-01T00:00:00.000Z',
}
const proof = { evidence: [{ source: 'policy', detail: 'open' }], assumptions: ['it is so'] }

describe('a finding says all of a verdict', () => {
  const given = (verdict: Verdict) => audit([ruleThat(() => verdict)], [repository()])

  it('that is compliant', () => {
    expect(given(compliant('fine', proof))).toStrictEqual([
      { ...finding, compliance: 'COMPLIANT', reason: 'fine', ...proof },
    ])
  })

  it('that is noncompliant', () => {
    expect(given(noncompliant('open', proof))).toStrictEqual([
      { ...finding, compliance: 'NON_COMPLIANT', reason: 'open', ...proof },
    ])
  })

  it('that is noncompliant with a severity and a remedy of its own', () => {
    const [one] = given(noncompliant('open', { severity: 'CRITICAL', remediation: 'Close it.' }))
    expect(one?.severity).toBe('CRITICAL')
    expect(one?.remediation).toStrictEqual({ text: 'Close it.', url: 'https://docs.aws.amazon.com/sample' })
  })

  it('that does not apply', () => {
    expect(given(notApplicable('a cache'))).toStrictEqual([
      { ...finding, compliance: 'NOT_APPLICABLE', reason: 'a cache' },
    ])
  })

  it('that is undetermined: every missing fact is named', () => {
    const missing = [
      { reason: 'no policy was read', transience: 'lasting' },
      { reason: 'nobody is known', transience: 'lasting' },
    ] as const
    expect(given(undetermined(missing, proof.evidence))).toStrictEqual([
      {
        ...finding,
        compliance: 'UNDETERMINED',
        reason: 'Cannot be decided: no policy was read; nobody is known',
        evidence: proof.evidence,
        transience: 'lasting',
      },
    ])
  })

  it.each([
    ['passing', 'passing', 'passing'],
    ['passing', 'lasting', 'passing'],
    ['lasting', 'passing', 'passing'],
    ['lasting', 'lasting', 'lasting'],
  ] as const)('that lacks a %s and a %s fact: trying again is %s', (first, second, transience) => {
    const missing = [
      { reason: 'a', transience: first },
      { reason: 'b', transience: second },
    ]
    expect(given(undetermined(missing))[0]?.transience).toBe(transience)
  })
})

describe('a finding', () => {
  it('has the severity of the settings before that of the verdict and that of the rule', () => {
    const rules = [ruleThat(() => noncompliant('open', { severity: 'CRITICAL' }))]
    const severity = (settings: RuleSettings) => audit(rules, [repository()], withSettings(settings))[0]?.severity
    expect(severity({ severity: 'LOW' })).toBe('LOW')
    expect(severity({ enabled: true })).toBe('CRITICAL')
  })

  it('has no time of observation when its resource was never seen itself', () => {
    const [registry] = audit([ruleThat(() => compliant('fine'), 'AWS::::Account')], [])
    expect(registry?.resource.type).toBe('AWS::::Account')
    expect(registry).not.toHaveProperty('observedAt')
  })

  it('of a rule that fails is undetermined, and those of the others stand', () => {
    const broken = ruleThat(() => {
      throw new TypeError('no such thing')
    })
    const other = ruleThat(() => compliant('fine'), 'AWS::ECR::Repository', { id: 'ecr-second' })
    const [first, second] = audit([broken, other], [repository()])
    expect(first).toStrictEqual({
      ...finding,
      compliance: 'UNDETERMINED',
      reason: expect.stringMatching(
        /^Cannot be decided: rule ecr-sample failed on this resource \(TypeError: no such thing; stack [0-9a-f]{8}\)$/,
      ),
      transience: 'lasting',
    })
    expect(second?.compliance).toBe('COMPLIANT')
  })

  it('of a rule that throws what is no error is undetermined, too', () => {
    const broken = ruleThat(() => {
      throw 'secret'
    })
    expect(audit([broken], [repository()])[0]?.reason).toBe(
      'Cannot be decided: rule ecr-sample failed on this resource (an unnamed error)',
    )
  })
})

describe('a rule is handed', () => {
  function handed(more: Partial<AuditInput>) {
    const contexts: RuleContext<{ limit: number }>[] = []
    const rule = ruleThat((context) => {
      contexts.push(context)
      return compliant('fine')
    })
    audit([rule], [repository()], more)
    expect(contexts).toHaveLength(1)
    return contexts[0]
  }

  it('inventory, settings and organization as the audit has them', () => {
    const inventory = inventoryOf([repository()])
    const organization = organizationOf(inventory, defaultSettings)
    const context = handed({ inventory, organization })
    expect(context?.inventory).toBe(inventory)
    expect(context?.organization).toBe(organization)
    expect(context?.settings).toBe(defaultSettings)
  })

  it('its parameters: those of the settings, else its defaults', () => {
    const stated = new Map<string, JsonValue>([['limit', 7]])
    expect(handed({})?.parameters).toStrictEqual({ limit: 3 })
    expect(handed(withSettings({ parameters: stated }))?.parameters).toStrictEqual({ limit: 7 })
  })

  it('the time of the audit, and none where there is none', () => {
    const now = new Date('2026-11-21T12:00:00.000Z')
    expect(handed({ now })?.now).toBe(now)
    expect(handed({})).not.toHaveProperty('now')
  })
})

describe('an audit judges', () => {
  const judged = (type: JudgedType, parts: readonly EstatePart[]) =>
    audit([ruleThat(() => compliant('fine'), type)], parts).map(({ resource }) => [resource.type, resource.arn])
  const arnOf = (resource: string) => `arn:aws:ecr:eu-central-1:111122223333:${resource}`
  const parts = [
    repository(),
    registryPolicy(policy(allowPull('*'))),
    cacheRule('hub', 'registry-1.docker.io'),
    cacheRule('quay', 'quay.io'),
  ]

  it.each<[JudgedType, readonly string[]]>([
    ['AWS::ECR::Repository', [arn]],
    ['AWS::ECR::RegistryPolicy', [arnOf('registry/111122223333')]],
    ['AWS::ECR::PullThroughCacheRule', [arnOf('pull-through-cache-rule/hub'), arnOf('pull-through-cache-rule/quay')]],
  ])('every %s', (type, arns) => {
    expect(judged(type, parts)).toEqual(arns.map((one) => [type, one]))
  })

  it('the registry of every region of an account', () => {
    const far = elsewhere(repository(), { region: 'us-east-1' })
    const registries = audit([ruleThat(() => compliant('fine'), 'AWS::::Account')], [repository(), far])
    expect(registries.map(({ resource }) => [resource.type, resource.accountId, resource.region])).toEqual([
      ['AWS::::Account', '111122223333', 'eu-central-1'],
      ['AWS::::Account', '111122223333', 'us-east-1'],
    ])
  })
})

describe('findings are sorted', () => {
  const rules = (...ids: readonly string[]) =>
    ids.map((id) => ({ ...ruleThat(() => compliant('fine')), id, alsoJudges: ['AWS::ECS::Service'] as const }))
  const order = (parts: readonly EstatePart[], ...ids: readonly string[]) =>
    audit(rules(...ids), parts).map(({ resource, rule }) => [
      resource.accountId,
      resource.region,
      resource.arn.slice(resource.arn.lastIndexOf('/') + 1),
      rule,
    ])

  it('by account, then region, then ARN, then rule, each before all that follow it', () => {
    const [here, there] = ['111122223333', '444455556666']
    const parts = [
      elsewhere(repository({ name: 'a' }), { accountId: there }),
      elsewhere(repository({ name: 'b' }), { region: 'us-east-1' }),
      ecsService({ name: 'z' }),
      elsewhere(repository({ name: 'a' }), { region: 'us-east-1' }),
    ]
    // The ARN of the service follows those of the repositories, which lie in a region that follows its own.
    expect(order(parts, 'two', 'one')).toEqual([
      [here, 'eu-central-1', 'z', 'one'],
      [here, 'eu-central-1', 'z', 'two'],
      [here, 'us-east-1', 'a', 'one'],
      [here, 'us-east-1', 'a', 'two'],
      [here, 'us-east-1', 'b', 'one'],
      [here, 'us-east-1', 'b', 'two'],
      [there, 'eu-central-1', 'a', 'one'],
      [there, 'eu-central-1', 'a', 'two'],
    ])
  })

  it('by code units, the same in every locale', () => {
    const parts = ['b', 'a-b', 'a', 'a0', 'a_'].map((name) => repository({ name }))
    expect(order(parts, 'one').map(([, , name]) => name)).toEqual(['a', 'a-b', 'a0', 'a_', 'b'])
  })
})
