import { describe, expect, it } from 'vitest'
import { type Case, jsonTopologyOf, pathText, reachIn } from './support/reach-of.ts'
import { type JsonTopology, topologyOfJson } from './support/topology-of-json.ts'

const many = 20_000
const address = (index: number): string => `52.${(index >> 8) & 255}.${index & 255}.0/24`

/** Ten questions from different sources, so that remembered answers do not help. */
function answersIn(one: Pick<Case, 'base' | 'with'>, to: string): readonly string[] {
  const topology = topologyOfJson(jsonTopologyOf(one) as JsonTopology)
  const sources = Array.from({ length: 10 }, (_, index) => ({ groups: ['sg-app', `sg-${index}`] }))
  const seen = sources.map((from) => reachIn(topology, { to, from }).paths.map(pathText).join('; '))
  return [...new Set(seen)]
}

const indices = Array.from({ length: many }, (_, index) => index)

describe('thousands of rules', () => {
  it('of a security group are read in time', () => {
    const out = indices.map((index) => `tcp 443 ${address(index)}`)
    const answers = answersIn(
      { base: 'nat', with: { groups: { 'sg-app': { out: [...out, 'tcp 443 0.0.0.0/0'] } } } },
      'ecr.api',
    )
    expect(answers).toEqual(['natGateway nat-1 reachable'])
  })

  it('of a route table are read in time', () => {
    const routes = ['0.0.0.0/0 nat-1', ...indices.map((index) => `${address(index)} eni-${index % 7}`)]
    const answers = answersIn({ base: 'nat', with: { tables: { 'rtb-main': { routes } } } }, 'ecr.api')
    expect(answers).toEqual(['natGateway nat-1 reachable'])
  })

  it('nested in each other are followed to the innermost', () => {
    const nested = Array.from({ length: 30 }, (_, index) => `10.0.2.0/${index + 2} ${index === 29 ? 'local' : 'tgw-1'}`)
    const answers = answersIn({ base: 'endpoints', with: { tables: { 'rtb-main': { routes: nested } } } }, 'ecr.api')
    expect(answers).toEqual(['privateEndpoint vpce-api unknown route:route-elsewhere'])
  })

  it('of a network ACL are read in time, and what is not followed to the end stays open', () => {
    const out = indices.map((index) => `${index + 1} ${index % 2 === 0 ? 'deny' : 'allow'} tcp 443 ${address(index)}`)
    const open = `${many + 1} allow all 0.0.0.0/0`
    const answers = answersIn({ base: 'nat', with: { acls: { 'acl-1': { out: [...out, open] } } } }, 'ecr.api')
    expect(answers).toEqual(['natGateway nat-1 reachable'])
    const everything = ['100 allow all 0.0.0.0/0']
    const acls = {
      'acl-1': { subnets: ['subnet-app'], out },
      'acl-2': { subnets: ['subnet-public'], in: everything, out: everything },
    }
    const closed = answersIn({ base: 'nat', with: { acls } }, 'ecr.api')
    expect(closed).toEqual(['natGateway nat-1 unknown sourceNetworkAcl:network-acl-partial'])
  })

  it('with nonsense for addresses allow and route nothing', () => {
    const nonsense = ['999.0.0.0/8', '10.0.0.0/99', 'x'.repeat(10_000), '::/200', '1.2.3/8', '10.0.0.0/-1']
    const out = nonsense.map((text) => `tcp 443 ${text}`)
    const routes = nonsense.map((text) => `${text} nat-1`)
    expect(answersIn({ base: 'endpoints', with: { groups: { 'sg-app': { out } } } }, 'ecr.dkr')).toEqual([
      'privateEndpoint vpce-dkr unknown sourceSecurityGroup:security-group-incomplete',
    ])
    expect(answersIn({ base: 'nat', with: { tables: { 'rtb-main': { routes } } } }, 'ecr.dkr')).toEqual([
      'other rtb-main blocked route:no-route',
    ])
  })
})
