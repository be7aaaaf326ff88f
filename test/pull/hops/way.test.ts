import { describe, expect, it } from 'vitest'
import { ecrApi, ecrDkr, s3Layers } from '../../../shared/network/destinations.ts'
import type { Destination, Reach, ReachPath, ReachStep, ReachVerdict } from '../../../shared/network/types.ts'
import { type HostReach, hopOfStep, hostReach } from '../../../shared/pull/hops/host-reach.ts'
import { nameOfWay, wayHop } from '../../../shared/pull/hops/way.ts'
import { home } from '../../support/builders.ts'

const registry = ecrDkr(home.region, home.accountId)

function stepOf(step: ReachStep['step'], verdict: ReachVerdict = 'reachable'): ReachStep {
  const evidence = [{ source: `${step} source`, detail: `${step} detail` }]
  return { step, verdict, code: `${step}-code`, reason: `${step} is ${verdict}`, evidence }
}

function pathOf(via: string, steps: readonly ReachStep[], kind: ReachPath['kind'] = 'natGateway'): ReachPath {
  const decidedBy =
    steps.find(({ verdict }) => verdict === 'blocked') ??
    steps.find(({ verdict }) => verdict === 'unknown') ??
    steps[0]!
  return { kind, via, verdict: decidedBy.verdict, steps, decidedBy }
}

function reachOf(paths: readonly ReachPath[], more: Partial<Reach> = {}): Reach {
  const verdict = paths[0]?.verdict ?? 'unknown'
  return { destination: registry, verdict, paths, shadowed: [], assumptions: [], missing: [], ...more }
}

const words = { code: 'fine', good: ({ reach }: HostReach) => `${reach.destination.host} is fine` }
const noFix = () => undefined
const about = (hop: 'dns' | 'ecr-dkr' | 'security', ...hosts: readonly HostReach[]) => wayHop(hop, hosts, noFix, words)

describe('a hop of the way', () => {
  it('of a host to which no way is known is open there, and nowhere else', () => {
    const host = hostReach('ecr-dkr', reachOf([], { missing: ['where it is'] }))
    expect(about('ecr-dkr', host)).toEqual({
      status: 'unknown',
      code: 'no-way-known',
      reason: `No way to ${registry.host} is known`,
      evidence: [],
      assumptions: [],
      missing: ['where it is'],
    })
    for (const hop of ['dns', 'security'] as const) expect(about(hop, host).code).toBe('not-asked')
  })

  it('that no step of the way concerns is not asked', () => {
    const host = hostReach('ecr-dkr', reachOf([pathOf('nat-1', [stepOf('route')])]))
    expect(about('dns', host)).toEqual({
      status: 'skipped',
      code: 'not-asked',
      reason: 'No request gets as far as this',
      evidence: [],
      assumptions: [],
      missing: [],
    })
  })

  it('that works shows its steps, and only the host what the whole way takes for granted', () => {
    const steps = [stepOf('dns'), stepOf('route'), stepOf('nat')]
    const host = hostReach('ecr-dkr', reachOf([pathOf('nat-1', steps)], { assumptions: ['assumes a route back'] }))
    expect(about('ecr-dkr', host)).toEqual({
      status: 'pass',
      code: 'fine',
      reason: `${registry.host} is fine`,
      evidence: [
        { source: 'NAT gateway nat-1', detail: 'route is reachable' },
        { source: 'route source', detail: 'route detail' },
        { source: 'NAT gateway nat-1', detail: 'nat is reachable' },
        { source: 'nat source', detail: 'nat detail' },
      ],
      assumptions: ['assumes a route back'],
      missing: [],
    })
    expect(about('dns', host).assumptions).toEqual([])
  })

  it('that breaks shows the step that stops it, its mending, and the ways that cannot be taken', () => {
    const steps = [stepOf('dns'), stepOf('route', 'unknown'), stepOf('nat', 'blocked'), stepOf('gateway', 'blocked')]
    const more = { shadowed: ['igw-1 cannot be used'], assumptions: ['assumes a route back'] }
    const host = hostReach('ecr-dkr', reachOf([pathOf('nat-1', steps)], more))
    expect(wayHop('ecr-dkr', [host], (_host, { step }) => `Mend ${step}`, words)).toEqual({
      status: 'fail',
      code: 'nat-code',
      reason: 'nat is blocked',
      evidence: [
        { source: 'NAT gateway nat-1', detail: 'nat is blocked' },
        { source: 'nat source', detail: 'nat detail' },
        { source: registry.host, detail: 'igw-1 cannot be used' },
      ],
      assumptions: ['assumes a route back'],
      missing: [],
      fix: 'Mend nat',
    })
  })

  it('that is open shows the open step and what is missing', () => {
    const steps = [stepOf('route'), stepOf('nat', 'unknown')]
    const more = { missing: ['NAT gateway nat-1'], assumptions: ['assumes a route back'] }
    expect(about('ecr-dkr', hostReach('ecr-dkr', reachOf([pathOf('nat-1', steps)], more)))).toEqual({
      status: 'unknown',
      code: 'nat-code',
      reason: 'nat is unknown',
      evidence: [
        { source: 'NAT gateway nat-1', detail: 'nat is unknown' },
        { source: 'nat source', detail: 'nat detail' },
      ],
      assumptions: ['assumes a route back'],
      missing: ['NAT gateway nat-1'],
    })
  })

  it.each([
    ['privateEndpoint', 'interface endpoint'],
    ['gatewayEndpoint', 'gateway endpoint'],
    ['centralEndpoint', 'central endpoint'],
    ['natGateway', 'NAT gateway'],
    ['internetGateway', 'internet gateway'],
    ['other', 'way by'],
  ] as const)('calls a way %s %s', (kind, text) => {
    expect(nameOfWay({ kind, via: 'vpce-1' })).toBe(`${text} vpce-1`)
    expect(nameOfWay({ kind, via: text })).toBe(text)
    expect(nameOfWay({ kind, via: '' })).toBe(text)
  })

  it('calls no gateway an endpoint', () => {
    const behind = (via: string) => nameOfWay({ kind: 'centralEndpoint', via })
    expect(['tgw-1', 'pcx-1', 'vgw-1', 'lgw-1', 'x-1'].map(behind)).toEqual([
      'central endpoint behind the transit gateway tgw-1',
      'central endpoint behind the peering connection pcx-1',
      'central endpoint behind the virtual private gateway vgw-1',
      'central endpoint behind the local gateway lgw-1',
      'central endpoint behind x-1',
    ])
    const core = 'arn:aws:networkmanager::111122223333:core-network/core-network-1'
    expect(behind(core)).toBe(`central endpoint behind the core network ${core}`)
    expect(nameOfWay({ kind: 'other', via: 'tgw-1' })).toBe('way by tgw-1')
  })
})

describe('the way by which a host is judged', () => {
  const closed = pathOf('nat-closed', [stepOf('route'), stepOf('sourceSecurityGroup', 'blocked')])
  const gone = pathOf('nat-gone', [stepOf('nat', 'blocked'), stepOf('sourceSecurityGroup', 'blocked')])
  const worse = pathOf('nat-worse', [stepOf('route', 'blocked')])
  const open = pathOf('nat-open', [stepOf('route', 'unknown')])
  const fine = pathOf('nat-fine', [stepOf('route')])

  it.each([
    ['the first that works', [open, fine, closed], 'reachable', 'nat-fine'],
    ['the first open one where none works', [closed, open], 'unknown', 'nat-open'],
    ['the first at all where none has the verdict of the whole', [closed, gone], 'unknown', 'nat-closed'],
    ['of blocked ones the one that only filters stop', [gone, worse, closed], 'blocked', 'nat-closed'],
    ['the first blocked one where something else stops each', [gone, worse], 'blocked', 'nat-gone'],
    ['of ways that work the first, filters or not', [fine, pathOf('nat-2', [stepOf('dns')])], 'reachable', 'nat-fine'],
  ] as const)('is %s', (_what, paths, verdict, via) => {
    expect(hostReach('ecr-dkr', reachOf(paths, { verdict })).path?.via).toBe(via)
  })

  it('is none where no way is known', () => {
    expect(hostReach('ecr-dkr', reachOf([], { verdict: 'blocked' })).path).toBeUndefined()
  })
})

describe('the hop a step belongs to', () => {
  const hostOf = (hop: HostReach['hop'], destination: Destination, kind?: ReachPath['kind']): HostReach => {
    const paths = kind === undefined ? [] : [pathOf('x', [stepOf('dns')], kind)]
    return hostReach(hop, reachOf(paths, { destination, verdict: 'reachable' }))
  }

  it.each([
    ['ecr-dkr', 'privateEndpoint', 'dns', 'dns'],
    ['ecr-api', 'privateEndpoint', 'dns', 'dns'],
    ['s3-layers', 'gatewayEndpoint', 'dns', 'dns'],
    ['s3-layers', 'privateEndpoint', 'dns', 's3-layers'],
    ['s3-layers', undefined, 'dns', 'dns'],
    ['s3-layers', 'privateEndpoint', 'route', 's3-layers'],
    ['ecr-api', 'natGateway', 'nat', 'ecr-api'],
    ['ecr-api', 'natGateway', 'sourceNetworkAcl', 'security'],
    ['s3-layers', 'privateEndpoint', 'targetSecurityGroup', 'security'],
    ['ecr-dkr', 'privateEndpoint', 'targetNetworkAcl', 'security'],
  ] as const)('of %s by %s, step %s, is %s', (hop, kind, step, expected) => {
    const destination = { 'ecr-api': ecrApi, 'ecr-dkr': ecrDkr, 's3-layers': s3Layers }[hop](home.region)
    expect(hopOfStep(hostOf(hop, destination, kind), stepOf(step))).toBe(expected)
  })
})
