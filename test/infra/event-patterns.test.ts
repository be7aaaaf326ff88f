import { describe, expect, it } from 'vitest'
import { type EventPattern, eventRulesOf, mostPatternCharacters } from '../../infra/derive/event-patterns.ts'
import { sourcePermissions } from '../../infra/derive/source-permissions.ts'
import { callsLeftOut, typesWithoutCall } from '../../shared/events/cloudtrail-left-out.ts'
import { changingCalls } from '../../shared/events/cloudtrail-table.ts'
import { momentsOf } from '../../shared/events/moments.ts'
import { judgedTypes } from '../../shared/rules/define-rule.ts'
import { ecrRules } from '../../shared/rules/ecr-rules.ts'
import { rules } from '../../shared/rules/index.ts'
import { vpcRules } from '../../shared/rules/vpc-rules.ts'
import { callEvent, scanEvent } from '../lambdas/resource-change/scenario.ts'
import { matchesPattern } from '../support/event-pattern.ts'

type Json = Record<string, unknown>

const all = eventRulesOf(rules)
const matching = (event: Json) =>
  all.filter(({ pattern }) => matchesPattern({ ...pattern }, event)).map(({ name }) => name)
const namesIn = ({ detail }: EventPattern) => detail?.eventName ?? []

describe('the event patterns', () => {
  it('cover every type a rule judges or reads, or the table says why not', () => {
    const changed = new Set(changingCalls.map(({ changes }) => changes))
    // The registry itself has no item: its settings have types of their own.
    const types = [...new Set(rules.flatMap((rule) => [...judgedTypes(rule), ...rule.reads]))].filter(
      (type) => type !== 'AWS::::Account',
    )
    expect(types.filter((type) => !changed.has(type) && !typesWithoutCall.has(type))).toEqual([])
    expect([...typesWithoutCall.keys()].filter((type) => changed.has(type) || !types.includes(type))).toEqual([])
    expect([...typesWithoutCall.values()].filter((reason) => reason.length < 20)).toEqual([])
  })

  it('cover every call a rule says changes its answer, or the table says why not', () => {
    const acted = new Set(changingCalls.map(({ service, name }) => `${service}:${name}`))
    const named = [...new Set(rules.flatMap(({ triggers }) => triggers.calls))]
    expect(named.filter((call) => !acted.has(call) && !callsLeftOut.has(call))).toEqual([])
    expect([...callsLeftOut.keys()].filter((call) => acted.has(call) || !named.includes(call))).toEqual([])
  })

  it('hold what the pages of the rules name, and nothing else', () => {
    const calls = all.flatMap(({ name, pattern }) => namesIn(pattern).map((call) => `${name.split('-')[1]}:${call}`))
    const scans = all.flatMap(({ pattern }) => (pattern.detail?.eventName ? [] : pattern['detail-type']))
    expect([...new Set(rules.flatMap(momentsOf))].sort()).toEqual([...calls, ...scans].sort())
  })

  it('hold every call of the table once', () => {
    const held = all.flatMap(({ name, pattern }) => namesIn(pattern).map((call) => `${name.split('-')[1]}:${call}`))
    expect(held.toSorted()).toEqual(changingCalls.map(({ service, name }) => `${service}:${name}`).toSorted())
    expect(new Set(held).size).toBe(held.length)
  })

  it('hold only what the given rules can be judged on', () => {
    expect(eventRulesOf([])).toEqual([])
    expect(eventRulesOf(vpcRules).map(({ name }) => name)).toEqual([
      'change-ec2-1',
      'change-ecs-1',
      'change-eks-1',
      'change-route53-1',
    ])
    expect(eventRulesOf(ecrRules.filter(({ id }) => id === 'ecr-registry-policy-not-public'))).toEqual([
      {
        name: 'change-ecr-1',
        homeRegionOnly: false,
        pattern: {
          source: ['aws.ecr'],
          'detail-type': ['AWS API Call via CloudTrail'],
          detail: {
            eventSource: ['ecr.amazonaws.com'],
            eventName: ['DeleteRegistryPolicy', 'PutAccountSetting', 'PutRegistryPolicy'],
            errorCode: [{ exists: false }],
          },
        },
      },
    ])
  })

  it('keep the limit of EventBridge and have names of their own', () => {
    const lengths = all.map(({ pattern }) => JSON.stringify(pattern).length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(mostPatternCharacters)
    expect(all.map(({ name }) => name)).toEqual([
      ...['change-ecr-1', 'change-ec2-1', 'change-ecs-1', 'change-eks-1', 'change-iam-1', 'change-route53-1'],
      ...['scan-ecr', 'scan-inspector2'],
    ])
  })

  it('put calls of services without a region into the home region', () => {
    expect(all.filter(({ homeRegionOnly }) => homeRegionOnly).map(({ name }) => name)).toEqual([
      'change-iam-1',
      'change-route53-1',
    ])
  })

  it('match calls that succeeded and no failed one', () => {
    const failed = { detail: { errorCode: 'AccessDenied' } }
    expect(matching(callEvent('ecr', 'SetRepositoryPolicy', {}))).toEqual(['change-ecr-1'])
    expect(matching(callEvent('iam', 'PutRolePolicy', {}))).toEqual(['change-iam-1'])
    expect(matching(callEvent('ecr', 'SetRepositoryPolicy', {}, failed))).toEqual([])
    expect(matching(callEvent('ecr', 'PutImage', {}))).toEqual([])
    expect(matching(scanEvent('app'))).toEqual(['scan-ecr'])
    expect(matching({ ...scanEvent('app'), source: 'aws.inspector2', 'detail-type': 'Inspector2 Scan' })).toEqual([
      'scan-inspector2',
    ])
  })
})

describe('D10 our own doing', () => {
  const written = [
    'config:PutEvaluations',
    'securityhub:BatchImportFindings',
    'sqs:SendMessage',
    'lambda:Invoke',
    'logs:PutLogEvents',
  ]
  const own = [...written, ...sourcePermissions.map(({ action }) => action)].map(
    (action) => action.split(':') as [string, string],
  )

  it('matches no pattern, whichever call it is', () => {
    expect(own.length).toBeGreaterThan(40)
    expect(own.flatMap(([service, name]) => matching(callEvent(service, name, {})))).toEqual([])
  })

  it.each([
    ['aws.securityhub', 'Security Hub Findings - Imported'],
    ['aws.config', 'Config Rules Compliance Change'],
    ['aws.config', 'Config Configuration Item Change'],
    ['pullpath', 'Pullpath Sweep Continuation'],
    ['aws.lambda', 'Lambda Function Invocation Result - Failure'],
  ])('matches no pattern as an event of %s: %s', (source, detailType) => {
    expect(matching({ source, 'detail-type': detailType, detail: { 'repository-name': 'app' } })).toEqual([])
  })
})
