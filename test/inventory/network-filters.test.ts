import { describe, expect, it } from 'vitest'
import { known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { aclEntry, allTraffic, https, inventoryOf, networkAcl, permission, securityGroup } from '../support/builders.ts'

const group = (configuration: JsonObject) => inventoryOf([securityGroup({ configuration })]).network.securityGroups[0]!
const ingress = (rule: JsonValue) => group({ ipPermissions: [rule] }).ingress
const acl = (configuration: JsonObject) => inventoryOf([networkAcl({ configuration })]).network.networkAcls[0]!
const noPeers = { cidrs: [], ipv6Cidrs: [], prefixListIds: [], groupIds: [] }

describe('security groups', () => {
  it('have a name, a VPC, and rules with every kind of peer', () => {
    const part = securityGroup({
      name: 'default',
      ingress: [https('10.0.0.0/16', '2001:db8::/56', 'pl-1', 'sg-1')],
      egress: [allTraffic('0.0.0.0/0', '::/0')],
    })
    expect(inventoryOf([part]).network.securityGroups).toMatchObject([
      {
        id: 'sg-1',
        name: 'default',
        vpcId: 'vpc-1',
        ingress: known([
          {
            protocol: 'tcp',
            fromPort: 443,
            toPort: 443,
            cidrs: ['10.0.0.0/16'],
            ipv6Cidrs: ['2001:db8::/56'],
            prefixListIds: ['pl-1'],
            groupIds: ['sg-1'],
          },
        ]),
        egress: known([
          {
            protocol: 'all',
            fromPort: undefined,
            toPort: undefined,
            ...noPeers,
            cidrs: ['0.0.0.0/0'],
            ipv6Cidrs: ['::/0'],
          },
        ]),
      },
    ])
  })

  it('without rules let nothing pass, which is not the same as rules nobody could read', () => {
    expect(inventoryOf([securityGroup({ egress: [] })]).network.securityGroups[0]).toMatchObject({
      ingress: known([]),
      egress: known([]),
    })
    const unread = group({ ipPermissions: null, ipPermissionsEgress: 'all' })
    expect(unread.ingress).toEqual(unknown('the inbound rules of sg-1 are missing or unreadable'))
    expect(unread.egress).toEqual(unknown('the outbound rules of sg-1 are missing or unreadable'))
  })

  it('know a range once, from texts, from objects or from both', () => {
    const texts = { ipProtocol: '-1', ipRanges: ['10.0.0.0/8'] }
    const objects = { ipProtocol: '-1', ipv4Ranges: [{ cidrIp: '10.0.0.0/8' }] }
    const expected = known([
      { protocol: 'all', fromPort: undefined, toPort: undefined, ...noPeers, cidrs: ['10.0.0.0/8'] },
    ])
    expect(ingress(texts)).toEqual(expected)
    expect(ingress(objects)).toEqual(expected)
    expect(ingress({ ...texts, ...objects })).toEqual(expected)
    expect(ingress({ ipProtocol: '-1', ipRanges: [{ cidrIp: '10.0.0.0/8' }] })).toEqual(expected)
  })

  it.each<[JsonValue, string, number | undefined]>([
    ['tcp', 'tcp', 443],
    ['6', 'tcp', 443],
    ['TCP', 'tcp', 443],
    ['17', 'udp', 443],
    ['1', 'icmp', undefined],
    ['58', 'icmpv6', undefined],
    ['50', '50', undefined],
    [-1, 'all', undefined],
    [{ value: '-1' }, 'all', undefined],
  ])('read the protocol %j as %s', (ipProtocol, protocol, port) => {
    const { state, ...fact } = ingress({ ...https('10.0.0.0/8'), ipProtocol })
    expect({ state, ...fact }).toMatchObject({ state: 'known', value: [{ protocol, fromPort: port, toPort: port }] })
  })

  it.each<[string, JsonValue]>([
    ['a protocol nobody knows', { ...https('10.0.0.0/8'), ipProtocol: 'tcpish' }],
    ['no protocol', { ...https('10.0.0.0/8'), ipProtocol: null }],
    ['TCP without ports', { ...https('10.0.0.0/8'), fromPort: null }],
    ['a port that is none', { ...https('10.0.0.0/8'), toPort: 70000 }],
    ['a range that is no CIDR', { ...https(), ipRanges: ['10.0.0.0/33'] }],
    ['an IPv6 range that is no CIDR', { ...https(), ipv6Ranges: [{ cidrIpv6: '10.0.0.0/8' }] }],
    ['a group without an id', { ...https(), userIdGroupPairs: [{ groupName: 'web' }] }],
    ['a prefix list without an id', { ...https(), prefixListIds: [{}] }],
    ['a text in place of an object', 'tcp 443 from anywhere'],
  ])('do not know their rules when one has %s', (_name, rule) => {
    expect(ingress(rule)).toEqual(unknown('the inbound rules of sg-1 are missing or unreadable'))
  })

  it('read a lone rule that a query unwrapped', () => {
    expect(group({ ipPermissions: permission('tcp', [0, 65535], 'sg-2') }).ingress).toMatchObject({
      value: [{ fromPort: 0, toPort: 65535, groupIds: ['sg-2'] }],
    })
  })
})

describe('network ACLs', () => {
  it('name their subnets, whether they are the default, and ordered entries', () => {
    const part = networkAcl({
      subnets: ['subnet-1'],
      entries: [
        aclEntry({ egress: true, number: 90, ports: [443, 443], cidr: '10.0.0.0/16' }),
        aclEntry({ egress: false, number: 100, action: 'deny', protocol: '17', ports: [53, 53], cidr: '::/0' }),
      ],
    })
    const last = { ruleNumber: 32767, action: 'deny', protocol: 'all', cidr: '0.0.0.0/0' }
    const none = { ipv6Cidr: undefined, fromPort: undefined, toPort: undefined }
    expect(inventoryOf([part]).network.networkAcls).toMatchObject([
      {
        id: 'acl-1',
        vpcId: 'vpc-1',
        isDefault: false,
        subnetIds: known(['subnet-1']),
        entries: known([
          {
            ruleNumber: 90,
            egress: true,
            action: 'allow',
            protocol: 'tcp',
            fromPort: 443,
            toPort: 443,
            cidr: '10.0.0.0/16',
            ipv6Cidr: undefined,
          },
          {
            ruleNumber: 100,
            egress: false,
            action: 'deny',
            protocol: 'udp',
            fromPort: 53,
            toPort: 53,
            cidr: undefined,
            ipv6Cidr: '::/0',
          },
          { ...last, ...none, egress: true },
          { ...last, ...none, egress: false },
        ]),
      },
    ])
    expect(inventoryOf([networkAcl()]).network.networkAcls[0]!.isDefault).toBe(true)
  })

  it('do not know their subnets when associations are missing', () => {
    expect(acl({ associations: null }).subnetIds).toEqual(
      unknown('the associations of acl-1 are missing or unreadable'),
    )
    expect(acl({ associations: [{}] }).subnetIds).toMatchObject({ state: 'unknown' })
  })

  const entry = aclEntry({ egress: true, ports: [443, 443] })
  it.each<[string, JsonValue]>([
    ['are missing', null],
    ['have no rule number', [{ ...entry, ruleNumber: null }]],
    ['have no direction', [{ ...entry, egress: 'out' }]],
    ['have no action', [{ ...entry, ruleAction: 'maybe' }]],
    ['have no range', [{ ...entry, cidrBlock: null }]],
    ['have TCP without ports', [{ ...entry, portRange: null }]],
    ['have a range that is no CIDR', [{ ...entry, cidrBlock: '10.0.0.0' }]],
  ])('do not know their entries when they %s', (_name, entries) => {
    expect(acl({ entries }).entries).toEqual(unknown('the entries of acl-1 are missing or unreadable'))
  })
})
