import { describe, expect, it } from 'vitest'
import { typesOf, wantedTypes } from '../../shared/engine/plan.ts'
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
