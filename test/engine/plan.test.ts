import { describe, expect, it } from 'vitest'
import { selectRules, typesOf, wantedTypes } from '../../shared/engine/plan.ts'
import { InputError } from '../../shared/model/errors.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { rules } from '../../shared/rules/index.ts'

const [some] = rules
const ruleReading = (...reads: readonly string[]): Rule => ({ ...(some as Rule), judges: 'AWS::IAM::Role', reads })

describe('the types an audit wants', () => {
  it('always include who is ours', () => {
    expect([...wantedTypes([ruleReading('AWS::IAM::Policy')])]).toEqual([
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Organizations::Organization',
      'AWS::Organizations::Account',
    ])
  })

  it('include every type that a rule judges', () => {
    const rule: Rule = { ...ruleReading('AWS::IAM::Policy'), alsoJudges: ['AWS::EKS::Nodegroup'] }
    expect(typesOf([rule])).toEqual(['AWS::EKS::Nodegroup', 'AWS::IAM::Policy', 'AWS::IAM::Role'])
  })

  it('leave the account itself out: no source delivers it', () => {
    const rule: Rule = { ...ruleReading('AWS::ECR::Repository'), judges: 'AWS::::Account' }
    expect(typesOf([rule])).toEqual(['AWS::ECR::Repository'])
  })

  it('include the organizational units when a rule reads guardrails, which the ledger does not list', () => {
    const rule = ruleReading('AWS::Organizations::Policy')
    expect(wantedTypes([rule]).has('AWS::Organizations::OrganizationalUnit')).toBe(true)
    expect(typesOf([rule])).toEqual(['AWS::IAM::Role', 'AWS::Organizations::Policy'])
  })

  it('include what joins networks when a rule reads routes, which the ledger does not list', () => {
    const rule = ruleReading('AWS::EC2::RouteTable')
    const joints = ['TransitGatewayAttachment', 'TransitGatewayRouteTable', 'TransitGatewayVpcAttachment']
    for (const joint of [...joints, 'VPCPeeringConnection']) {
      expect(wantedTypes([rule]).has(`AWS::EC2::${joint}`)).toBe(true)
    }
    expect(typesOf([rule])).toEqual(['AWS::EC2::RouteTable', 'AWS::IAM::Role'])
  })
})

describe('the rules that run', () => {
  const catalogue: readonly Rule[] = [
    { ...(some as Rule), id: 'on', defaultEnabled: true },
    { ...(some as Rule), id: 'off', defaultEnabled: false },
    { ...(some as Rule), id: 'last', defaultEnabled: true },
  ]
  const selected = (enabled: Readonly<Record<string, boolean | undefined>>, named?: readonly string[]) => {
    const overrides = Object.entries(enabled).map(([id, on]) => [id, on === undefined ? {} : { enabled: on }] as const)
    return selectRules(catalogue, { ...defaultSettings, rules: new Map(overrides) }, named).map(({ id }) => id)
  }

  it('are those that are on by default when nothing is said', () => {
    expect(selected({})).toEqual(['on', 'last'])
    expect(selected({}, [])).toEqual(['on', 'last'])
    expect(selected({ on: undefined, off: undefined })).toEqual(['on', 'last'])
  })

  it('are those that settings switch on, and none that they switch off', () => {
    expect(selected({ on: false, off: true })).toEqual(['off', 'last'])
  })

  it('are the named ones alone, once each and in the order they are named, whatever the settings', () => {
    expect(selected({}, ['off', 'on', 'off'])).toEqual(['off', 'on'])
    expect(selected({ on: false }, ['on'])).toEqual(['on'])
  })

  it('are not guessed from a name nobody has', () => {
    expect(() => selected({}, ['on', 'of'])).toThrow(InputError)
    expect(() => selected({}, ['on', 'of'])).toThrow('--rule: unknown rule id "of"')
  })
})
