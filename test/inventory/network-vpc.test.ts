import { describe, expect, it } from 'vitest'
import { absent, known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import {
  dhcpOptions,
  elsewhere,
  inventoryOf,
  networkInterface,
  notListed,
  prefixList,
  subnet,
  vpc,
} from '../support/builders.ts'

const firstVpc = (configuration: JsonObject) => inventoryOf([vpc({ configuration })]).network.vpcs[0]!
const firstSubnet = (configuration: JsonObject) => inventoryOf([subnet({ configuration })]).network.subnets[0]!

describe('VPCs', () => {
  it('have an id, an owner, CIDRs, DHCP options and DNS attributes', () => {
    expect(inventoryOf([vpc()]).network.vpcs).toEqual([
      {
        ref: {
          type: 'AWS::EC2::VPC',
          id: 'vpc-1',
          arn: 'arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-1',
          accountId: '111122223333',
          region: 'eu-central-1',
        },
        observedAt: '2026-01-01T00:00:00.000Z',
        id: 'vpc-1',
        ownerId: '111122223333',
        cidrs: ['10.0.0.0/16'],
        ipv6Cidrs: [],
        isDefault: false,
        dhcpOptionsId: 'dopt-1',
        enableDnsSupport: known(true),
        enableDnsHostnames: known(true),
      },
    ])
  })

  it('keep only CIDRs that are associated', () => {
    const state = (word: string) => ({ state: word })
    const one = firstVpc({
      cidrBlockAssociationSet: [
        { cidrBlock: '10.0.0.0/16', cidrBlockState: state('associated') },
        { cidrBlock: '10.1.0.0/16', cidrBlockState: state('disassociated') },
        { cidrBlock: '10.2.0.0/16', cidrBlockState: { state: { value: 'associating' } } },
      ],
      ipv6CidrBlockAssociationSet: [
        { ipv6CidrBlock: '2001:db8::/56', ipv6CidrBlockState: state('associated') },
        { ipv6CidrBlock: '2001:db8:1::/56', ipv6CidrBlockState: state('failed') },
      ],
    })
    expect(one).toMatchObject({ cidrs: ['10.0.0.0/16', '10.2.0.0/16'], ipv6Cidrs: ['2001:db8::/56'] })
  })

  it('whose CIDRs cannot be read state none', () => {
    expect(firstVpc({ cidrBlock: '300.0.0.0/8' }).cidrs).toEqual([])
    expect(firstVpc({ cidrBlock: null }).cidrs).toEqual([])
  })

  it('do not know DNS attributes that nobody read', () => {
    const one = inventoryOf([vpc({ dns: 'notRead' })]).network.vpcs[0]!
    expect(one.enableDnsSupport).toEqual(unknown('enableDnsSupport of vpc-1 was not read'))
    expect(one.enableDnsHostnames).toEqual(unknown('enableDnsHostnames of vpc-1 was not read'))
  })

  it('read DNS attributes as booleans or as the API wraps them', () => {
    const off = inventoryOf([vpc({ dns: { support: false } })]).network.vpcs[0]!
    expect([off.enableDnsSupport, off.enableDnsHostnames]).toEqual([known(false), known(true)])
    const wrapped = inventoryOf([vpc({ dns: 'notRead', configuration: { enableDnsSupport: { value: false } } })])
    expect(wrapped.network.vpcs[0]!.enableDnsSupport).toEqual(known(false))
  })
})

describe('subnets', () => {
  it('have a VPC, a zone and their CIDRs', () => {
    const part = subnet({ id: 'subnet-9', vpc: 'vpc-2', ipv6Cidr: '2001:db8:0:1::/64', mapPublicIp: true })
    expect(inventoryOf([part]).network.subnets).toMatchObject([
      {
        id: 'subnet-9',
        vpcId: 'vpc-2',
        zone: 'eu-central-1a',
        cidr: '10.0.1.0/24',
        ipv6Cidrs: ['2001:db8:0:1::/64'],
        mapPublicIpOnLaunch: true,
        enableDns64: false,
        ipv6Native: false,
      },
    ])
  })

  it('without IPv4 are for IPv6 only, stated or not', () => {
    const part = subnet({ cidr: null, ipv6Cidr: '2001:db8:0:1::/64' })
    expect(inventoryOf([part]).network.subnets[0]).toMatchObject({ cidr: undefined, ipv6Native: true })
    const old = subnet({ cidr: null, ipv6Cidr: '2001:db8:0:1::/64', configuration: { ipv6Native: null } })
    expect(inventoryOf([old]).network.subnets[0]!.ipv6Native).toBe(true)
    expect(firstSubnet({ ipv6Native: null }).ipv6Native).toBe(false)
  })

  it('leave open what old items do not state', () => {
    const old = firstSubnet({ mapPublicIpOnLaunch: null, enableDns64: null })
    expect([old.mapPublicIpOnLaunch, old.enableDns64]).toEqual([undefined, undefined])
  })

  it('of CloudFormation name a lone IPv6 CIDR', () => {
    const one = firstSubnet({ ipv6CidrBlockAssociationSet: null, Ipv6CidrBlock: '2001:db8:0:2::/64' })
    expect(one.ipv6Cidrs).toEqual(['2001:db8:0:2::/64'])
  })

  it('that are shared keep their owner, whoever holds the item', () => {
    const own = subnet()
    const participant = elsewhere(subnet({ ownerId: '111122223333' }), { accountId: '444455556666' })
    const inventory = inventoryOf([participant, own])
    expect(inventory.network.subnets.map(({ ownerId, ref }) => [ownerId, ref.accountId])).toEqual([
      ['111122223333', '111122223333'],
      ['111122223333', '444455556666'],
    ])
  })

  it('that are shared are found by id as the owner sees them, whatever the order', () => {
    const own = elsewhere(subnet({ ownerId: '999900001111' }), { accountId: '999900001111' })
    const participant = subnet({ ownerId: '999900001111' })
    const { network } = inventoryOf([participant, own])
    expect(network.subnets[0]!.ref.accountId).toBe('111122223333')
    expect(network.subnet('subnet-1')!.ref.accountId).toBe('999900001111')
    expect(inventoryOf([participant]).network.subnet('subnet-1')!.ref.accountId).toBe('111122223333')
    expect(network.subnet('subnet-9')).toBeUndefined()
  })

  it('take the owner from the ARN when it is not stated', () => {
    const shared = elsewhere(subnet(), { accountId: '444455556666' })
    if (!('item' in shared)) throw new Error('expected an item')
    const ARN = 'arn:aws:ec2:eu-central-1:999900001111:subnet/subnet-1'
    const configuration = { ...(shared.item.configuration as JsonObject), ownerId: null }
    const [one] = inventoryOf([{ item: { ...shared.item, ARN, configuration } }]).network.subnets
    expect(one!.ownerId).toBe('999900001111')
  })
})

describe('an item that does not say where it belongs', () => {
  it('is in no list and leaves the listing of its type open', () => {
    const { network } = inventoryOf([subnet(), subnet({ id: 'subnet-2', configuration: { vpcId: null } })])
    const scope = { accountId: '111122223333', region: 'eu-central-1' }
    expect(network.subnets.map(({ id }) => id)).toEqual(['subnet-1'])
    expect(network.listing('AWS::EC2::Subnet', scope)).toEqual(
      unknown('AWS::EC2::Subnet subnet-2 does not say what it belongs to'),
    )
    expect(network.listing('AWS::EC2::VPC', scope)).toEqual(absent())
  })

  it('leaves the listings of other accounts as they are', () => {
    const lost = elsewhere(subnet({ configuration: { vpcId: null } }), { accountId: '444455556666' })
    const scope = { accountId: '111122223333', region: 'eu-central-1' }
    expect(inventoryOf([subnet(), lost]).network.listing('AWS::EC2::Subnet', scope).state).toBe('known')
    const other = { ...scope, accountId: '444455556666' }
    expect(inventoryOf([subnet(), lost]).network.listing('AWS::EC2::Subnet', other).state).toBe('unknown')
  })

  it('does not matter where nobody listed the type', () => {
    const scope = { accountId: '111122223333', region: 'eu-central-1' }
    expect(inventoryOf([notListed('AWS::EC2::Subnet')]).network.listing('AWS::EC2::Subnet', scope)).toEqual(
      unknown('AWS::EC2::Subnet could not be listed'),
    )
  })
})

describe('DHCP options, prefix lists and network interfaces', () => {
  it('DHCP options name DNS servers, none, or cannot be read', () => {
    const parts = [dhcpOptions(), dhcpOptions({ id: 'dopt-2', servers: ['10.0.0.2', '10.0.0.3'] })]
    const { network } = inventoryOf(parts)
    expect(network.dhcpOptions.map(({ id, domainNameServers }) => [id, domainNameServers])).toEqual([
      ['dopt-1', known(['AmazonProvidedDNS'])],
      ['dopt-2', known(['10.0.0.2', '10.0.0.3'])],
    ])
    const servers = (value: JsonObject) => {
      const part = dhcpOptions()
      if (!('item' in part)) throw new Error('expected an item')
      return inventoryOf([{ item: { ...part.item, configuration: value } }]).network.dhcpOptions[0]!.domainNameServers
    }
    expect(servers({})).toEqual(known([]))
    expect(servers({ DomainNameServers: [{ value: '10.0.0.2' }] })).toEqual(known(['10.0.0.2']))
    expect(servers({ DomainNameServers: [7] })).toMatchObject({ state: 'unknown' })
  })

  it('prefix lists have a name and CIDRs of either family, or unknown ones', () => {
    const { network } = inventoryOf([
      prefixList(),
      prefixList({ id: 'pl-6', name: 'v6', cidrs: ['2001:db8::/32'], ownerId: '111122223333' }),
      prefixList({ id: 'pl-7', name: 'bad', cidrs: ['everything'] }),
    ])
    expect(network.prefixLists.map(({ id, name, ownerId, cidrs }) => [id, name, ownerId, cidrs])).toEqual([
      ['pl-6', 'v6', '111122223333', known(['2001:db8::/32'])],
      ['pl-7', 'bad', 'AWS', unknown('the entries of pl-7 are missing or unreadable')],
      ['pl-s3', 'com.amazonaws.eu-central-1.s3', 'AWS', known(['52.219.168.0/24', '3.5.136.0/22'])],
    ])
  })

  it('network interfaces have groups and perhaps a public address', () => {
    const { network } = inventoryOf([
      networkInterface({ publicIp: '198.51.100.7' }),
      networkInterface({ id: 'eni-2', configuration: { groups: null } }),
    ])
    expect(network.networkInterfaces).toMatchObject([
      { id: 'eni-1', subnetId: 'subnet-1', vpcId: 'vpc-1', groupIds: known(['sg-1']), publicIp: '198.51.100.7' },
      { id: 'eni-2', groupIds: unknown('the security groups of eni-2 are missing or unreadable'), publicIp: undefined },
    ])
  })
})
