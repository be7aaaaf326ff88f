import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Reach } from '../../shared/network/types.ts'
import { type FullTopology, generatedQuestion, generatedTopology } from './support/generated-topology.ts'
import { mergePatch } from './support/merge-patch.ts'
import { pathText, reachIn } from './support/reach-of.ts'
import { type JsonTopology, topologyOfJson } from './support/topology-of-json.ts'

type Question = Parameters<typeof reachIn>[1]

function ask(json: JsonTopology, question: Question): Reach {
  return reachIn(topologyOfJson(json), question)
}

function patched(json: JsonTopology, patch: object): JsonTopology {
  return mergePatch(json as never, patch as never) as JsonTopology
}

function summary({ verdict, paths, shadowed, assumptions, missing }: Reach): object {
  return { verdict, paths: paths.map(pathText), shadowed, assumptions, missing }
}

const rank = { blocked: 0, unknown: 1, reachable: 2 } as const

/** Every fact of a generated network that can be forgotten, as a change. */
const forgetting: readonly object[] = [
  { groups: { 'sg-app': { out: '?' } } },
  { groups: { 'sg-end': { in: '?' } } },
  { groups: { 'sg-app': null } },
  { groups: { 'sg-end': null } },
  { groups: { 'sg-default': null } },
  { acls: { 'acl-1': null } },
  { acls: { 'acl-2': { entries: '?' } } },
  { acls: { 'acl-2': { subnets: '?' } } },
  { tables: { 'rtb-main': null } },
  { tables: { 'rtb-main': { routes: '?' } } },
  { tables: { 'rtb-public': { routes: '?' } } },
  { tables: { 'rtb-public': { associations: '?' } } },
  { nats: { 'nat-1': null } },
  { nats: { 'nat-1': { subnet: '?' } } },
  { lists: { 'pl-s3': null, 'pl-1': null } },
  { vpcs: { 'vpc-1': { dnsSupport: '?', dnsHostnames: '?' } } },
  { vpcs: { 'vpc-1': null } },
  { subnets: { 'subnet-end': null } },
  { subnets: { 'subnet-app': null } },
  { subnets: { 'subnet-public': null } },
  { bpa: '?' },
  { unlisted: ['AWS::EC2::VPCEndpoint'] },
  { unlisted: ['AWS::EC2::RouteTable'] },
  { unlisted: ['AWS::EC2::NetworkAcl'] },
  { unlisted: ['AWS::Route53::HostedZone'] },
]
const endpointForgetting = ['dns', 'subnets', 'groups'] as const

describe('reachability in generated networks', () => {
  it('meets every verdict', () => {
    const seen = fc.sample(fc.tuple(generatedTopology, generatedQuestion), { numRuns: 500, seed: 4 })
    const verdicts = seen.map(([json, question]) => ask(json, question).verdict)
    for (const verdict of ['reachable', 'blocked', 'unknown'] as const) {
      expect(verdicts.filter((one) => one === verdict).length, verdict).toBeGreaterThan(25)
    }
  })

  it('an added security group rule never takes a way', () => {
    const added = fc.constantFrom(
      'all 0.0.0.0/0',
      'tcp 443 10.0.0.0/16',
      'tcp 443 sg-app',
      'tcp 443 pl-s3',
      'tcp 443 pl-9',
    )
    const where = fc.constantFrom<readonly ['sg-app' | 'sg-end', 'in' | 'out']>(['sg-app', 'out'], ['sg-end', 'in'])
    fc.assert(
      fc.property(generatedTopology, generatedQuestion, added, where, (json, question, rule, [group, side]) => {
        const before = json.groups[group]?.[side]
        const after = patched(json, { groups: { [group]: { [side]: [...(before ?? []), rule] } } })
        expect(rank[ask(after, question).verdict]).toBeGreaterThanOrEqual(rank[ask(json, question).verdict])
      }),
    )
  })

  it('an added first entry that allows never takes a way', () => {
    const added = fc.constantFrom(
      '1 allow all 0.0.0.0/0',
      '1 allow tcp 443 10.0.0.0/16',
      '1 allow tcp 40000-50000 0.0.0.0/1',
    )
    const where = fc.tuple(fc.constantFrom('acl-1', 'acl-2'), fc.constantFrom<'in' | 'out'>('in', 'out'))
    fc.assert(
      fc.property(generatedTopology, generatedQuestion, added, where, (json, question, entry, [acl, side]) => {
        const before = json.acls[acl]?.[side]
        const after = patched(json, { acls: { [acl]: { [side]: [...(before ?? []), entry] } } })
        expect(rank[ask(after, question).verdict]).toBeGreaterThanOrEqual(rank[ask(json, question).verdict])
      }),
    )
  })

  it('a name that leads to two endpoints works where both do, and fails where both do', () => {
    const name = 'api.ecr.eu-central-1.amazonaws.com'
    const part = fc.record({
      service: fc.constant('ecr.api'),
      dns: fc.constant(false),
      state: fc.constantFrom('available', 'available', 'available', 'deleting'),
      subnets: fc.constantFrom(['subnet-end'], ['subnet-app'], ['subnet-app', 'subnet-end']),
      groups: fc.constantFrom(['sg-end'], ['sg-end'], ['sg-app'], []),
    })
    const leadingTo = (ids: readonly string[]): object => {
      const records = ids.map((id) => `${name} A ${id}-x.${name}`)
      return { zones: { Z1: { name, vpcs: ['vpc-1'], records } } }
    }
    fc.assert(
      fc.property(generatedTopology, generatedQuestion, part, part, (json, { from }, one, two) => {
        const open = { dnsSupport: true, dnsHostnames: true }
        const base = { vpcs: { 'vpc-1': open }, endpoints: { 'vpce-api': null, 'vpce-01': one, 'vpce-02': two } }
        const verdictOf = (...ids: readonly string[]): Reach['verdict'] =>
          ask(patched(patched(json, base), leadingTo(ids)), { to: 'ecr.api', from }).verdict
        const alone = [verdictOf('vpce-01'), verdictOf('vpce-02')]
        const agreed = alone[0] === alone[1] ? alone[0] : 'unknown'
        expect(verdictOf('vpce-01', 'vpce-02')).toBe(agreed)
      }),
    )
  })

  it('IPv6 beside IPv4 leaves open what IPv4 does not reach, and changes nothing else', () => {
    const registry = '111122223333.dkr-ecr.eu-central-1.on.aws'
    const to = fc.constantFrom('ecr.api', 'ecr.api over-ipv6', 's3 over-ipv6', 'service logs over-ipv6', registry)
    fc.assert(
      fc.property(generatedTopology, generatedQuestion, to, fc.boolean(), (json, question, host, isOpen) => {
        const six = isOpen ? ['all ::/0'] : []
        const after = patched(json, {
          subnets: { 'subnet-app': { cidr6: '2600:1f14:1:1::/64' }, 'subnet-end': { cidr6: '2600:1f14:1:2::/64' } },
          tables: { 'rtb-main': { routes: [...(json.tables['rtb-main']?.routes ?? []), '::/0 eigw-1'] } },
          groups: { 'sg-app': { out: [...(json.groups['sg-app']?.out ?? []), ...six] } },
        })
        const { verdict: before } = ask(json, { to: host, from: question.from })
        const { verdict } = ask(after, { to: host, from: { ...question.from, usesIpv6: true } })
        if (before === 'blocked') expect(['blocked', 'unknown']).toContain(verdict)
        else expect(verdict).toBe(before)
      }),
    )
  })

  it('a name is free for NAT again once its endpoint is gone', () => {
    fc.assert(
      fc.property(generatedTopology, generatedQuestion, (json, question) => {
        const after = patched(json, {
          vpcs: { 'vpc-1': { dnsSupport: true } },
          endpoints: { 'vpce-api': null, 'vpce-dkr': null, 'vpce-s3': null },
          tables: { 'rtb-main': { routes: ['0.0.0.0/0 nat-1'] } },
        })
        const answer = ask(after, question)
        expect(answer.shadowed).toEqual([])
        expect(answer.paths.map(({ via }) => via)).toEqual(['nat-1'])
      }),
    )
  })

  it('other ids give the same answer', () => {
    const ids = /\b(vpc|subnet|rtb|sg|acl|vpce|nat|igw|tgw|pl|eni)-(main|public|app|end|default|api|dkr|s3|1|2)\b/g
    const renamed = (text: string): string => text.replace(ids, '$1-x$2y')
    fc.assert(
      fc.property(generatedTopology, generatedQuestion, (json, question) => {
        const plain = { ...question, from: { ...question.from } }
        const other = JSON.parse(
          renamed(JSON.stringify({ json: { ...json, ...placedIn('vpc-1', json) }, from: plain.from })),
        ) as { json: FullTopology; from: object }
        const answer = ask(other.json, { to: question.to, from: other.from })
        expect(JSON.stringify(summary(answer))).toBe(renamed(JSON.stringify(summary(ask(json, question)))))
      }),
    )
  })

  it('another VPC changes nothing', () => {
    const suffixed = (text: string): string =>
      text.replace(/\b(vpc|subnet|rtb|sg|acl|vpce|nat|igw|tgw|pl|eni)-([a-z0-9]+)\b/g, '$1-other$2')
    fc.assert(
      fc.property(generatedTopology, generatedTopology, generatedQuestion, (json, stranger, question) => {
        const placed = { ...stranger, lists: {}, ...placedIn('vpc-1', stranger) }
        const other = JSON.parse(suffixed(JSON.stringify(placed))) as JsonTopology
        const both = patched(other, { ...json })
        expect(summary(ask(both, question))).toEqual(summary(ask(json, question)))
      }),
    )
  })

  it('a forgotten fact turns no answer into its opposite without saying what it assumes', () => {
    fc.assert(
      fc.property(
        generatedTopology,
        generatedQuestion,
        fc.constantFrom(...forgetting),
        fc.constantFrom(undefined, ...endpointForgetting),
        (json, question, change, field) => {
          const facts =
            field === undefined || json.endpoints['vpce-api'] === null
              ? {}
              : { endpoints: { 'vpce-api': { [field]: '?' } } }
          const before = ask(json, question)
          const after = ask(patched(json, { ...change, ...facts }), question)
          const assumed = after.assumptions.filter((one) => !before.assumptions.includes(one))
          // AWS refuses private DNS in a VPC whose names do not resolve: where it is on, the attributes are taken for on too.
          const isBlockedByAssumption = assumed.includes('assumes enableDnsSupport and enableDnsHostnames of vpc-1')
          if (before.verdict === 'reachable' && !isBlockedByAssumption) expect(after.verdict).not.toBe('blocked')
          if (before.verdict === 'blocked' && after.verdict === 'reachable') expect(assumed).not.toEqual([])
        },
      ),
      { numRuns: 1500 },
    )
  })

  it('answers the same twice and leaves the network as it was', () => {
    fc.assert(
      fc.property(generatedTopology, generatedQuestion, (json, question) => {
        const text = JSON.stringify(json)
        const topology = topologyOfJson(json)
        const first = reachIn(topology, question)
        expect(reachIn(topology, question)).toEqual(first)
        expect(JSON.stringify(json)).toBe(text)
      }),
    )
  })
})

/** States the VPC of everything, which the tables leave out. */
function placedIn(vpc: string, json: FullTopology): object {
  const place = (table: object): object =>
    Object.fromEntries(
      Object.entries(table).map(([id, one]) => [id, one === null ? null : { vpc, ...(one as object) }]),
    )
  const { subnets, tables, groups, acls, endpoints, nats } = json
  return {
    subnets: place(subnets),
    tables: place(tables),
    groups: place(groups),
    acls: place(acls),
    endpoints: place(endpoints),
    nats: place(nats),
  }
}
