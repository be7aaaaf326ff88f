import { describe, expect, it } from 'vitest'
import { explainReach, fixFor } from '../../shared/network/explain.ts'
import { reachOfCase } from './support/reach-of.ts'

const closed = { base: 'endpoints', to: 'ecr.api', with: { groups: { 'sg-end': { in: [] } } } } as const
const open = { base: 'endpoints', to: 'ecr.api' } as const
const expected = { name: '', verdict: 'reachable', paths: [] } as const

describe('explaining', () => {
  it('names what carries a reachable host, and has nothing to fix', () => {
    const answer = reachOfCase({ ...expected, ...open })
    expect(explainReach(answer)).toBe('api.ecr.eu-central-1.amazonaws.com is reachable by vpce-api')
    expect(fixFor(answer)).toBeUndefined()
  })

  it('names the step that blocks, and the change that opens it', () => {
    const answer = reachOfCase({ ...expected, ...closed })
    expect(explainReach(answer)).toBe(
      'api.ecr.eu-central-1.amazonaws.com is not reachable: No rule of sg-end lets TCP 443 in from subnet-app (10.0.1.0/24)',
    )
    expect(fixFor(answer)).toBe('Add an inbound rule TCP 443 from sg-app to sg-end')
  })

  it('says that an open answer is open', () => {
    const answer = reachOfCase({ ...expected, ...open, with: { groups: { 'sg-app': { out: '?' } } } })
    expect(explainReach(answer)).toBe(
      'api.ecr.eu-central-1.amazonaws.com may not be reachable: Whether sg-app lets TCP 443 out to subnet-end (10.0.2.0/24) depends on rules of security group sg-app',
    )
  })

  it('gives the steps in the order a packet meets them', () => {
    const [path] = reachOfCase({ ...expected, ...open }).paths
    expect(path!.steps.map(({ step }) => step)).toEqual([
      'dns',
      'route',
      'endpoint',
      'sourceSecurityGroup',
      'sourceNetworkAcl',
      'targetSecurityGroup',
      'targetNetworkAcl',
    ])
    const [nat] = reachOfCase({ ...expected, base: 'nat', to: 'ecr.api' }).paths
    expect(nat!.steps.map(({ step }) => step)).toEqual([
      'dns',
      'route',
      'nat',
      'sourceSecurityGroup',
      'sourceNetworkAcl',
      'targetNetworkAcl',
      'blockPublicAccess',
      'gateway',
    ])
  })
})
