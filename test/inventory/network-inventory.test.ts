import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import { isCidr, isIpv4Cidr, isIpv6Cidr } from '../../shared/inventory/network-cidr.ts'
import { networkInventoryOf } from '../../shared/inventory/network-inventory.ts'
import { absent, known } from '../../shared/model/fact.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import {
  type EstatePart,
  home,
  inventoryOf,
  networkAcl,
  privateVpc,
  routeTable,
  securityGroup,
  subnet,
  vpc,
} from '../support/builders.ts'

describe('the network side of an inventory', () => {
  it('looks at no item before it is asked, and at each type once', () => {
    const asked: string[] = []
    const items = (type: string): readonly ConfigurationItem[] => {
      asked.push(type)
      return []
    }
    const network = networkInventoryOf({ scopes: [home], items, listing: () => absent() })
    expect(asked).toEqual([])
    expect(network.subnets).toBe(network.subnets)
    network.subnet('subnet-1')
    network.listing('AWS::EC2::Subnet', home)
    expect(asked).toEqual(['AWS::EC2::Subnet'])
  })

  it('carries the assumption a listing rests on', () => {
    const fact = absent(['assumes the recorder records AWS::EC2::VPCEndpoint'])
    const network = networkInventoryOf({ scopes: [home], items: () => [], listing: () => fact })
    expect(network.listing('AWS::EC2::VPCEndpoint', home)).toEqual(fact)
  })

  it('is part of the inventory, once', () => {
    const inventory = inventoryOf(privateVpc())
    expect(inventory.network).toBe(inventory.network)
    expect(Object.isFrozen(inventory.network)).toBe(true)
    expect(inventory.network.vpc('vpc-1')).toBe(inventory.network.vpcs[0])
    expect(inventory.network.vpc('vpc-2')).toBeUndefined()
  })

  it('shows a whole small VPC', () => {
    const { network } = inventoryOf(privateVpc())
    expect(network.subnets.map(({ id, zone }) => [id, zone])).toEqual([
      ['subnet-1', 'eu-central-1a'],
      ['subnet-2', 'eu-central-1b'],
    ])
    expect(network.vpcEndpoints.map(({ id }) => id)).toEqual(['vpce-ecr-api', 'vpce-ecr-dkr', 'vpce-s3'])
    expect(network.securityGroups.map(({ id }) => id)).toEqual(['sg-1', 'sg-default', 'sg-endpoints'])
    expect(network.routeTables.map(({ id }) => id)).toEqual(['rtb-1'])
  })

  it('of the small VPC takes parts away and puts others in', () => {
    const parts = privateVpc({
      with: [subnet({ id: 'subnet-2', cidr: '10.0.9.0/24' }), vpc({ id: 'vpc-2' })],
      without: ['vpce-s3'],
    })
    const { network } = inventoryOf(parts)
    expect(network.subnets.map(({ cidr }) => cidr)).toEqual(['10.0.1.0/24', '10.0.9.0/24'])
    expect(network.vpcs.map(({ id }) => id)).toEqual(['vpc-1', 'vpc-2'])
    expect(network.vpcEndpoints.map(({ id }) => id)).toEqual(['vpce-ecr-api', 'vpce-ecr-dkr'])
  })

  it('of a thousand VPCs with twelve subnets each is seen whole', () => {
    const inventory = inventoryOf(manyVpcs(1000, 12))
    const { network } = inventory
    const seen = [network.vpcs, network.subnets, network.routeTables, network.securityGroups, network.networkAcls]
    expect(seen.map((list) => list.length)).toEqual([1000, 12_000, 1000, 1000, 1000])
  })
})

function manyVpcs(count: number, subnets: number): readonly EstatePart[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `vpc-${index}`
    const ids = Array.from({ length: subnets }, (_unused, zone) => `subnet-${index}-${zone}`)
    return [
      vpc({ id }),
      ...ids.map((subnetId, zone) => subnet({ id: subnetId, vpc: id, cidr: `10.0.${zone}.0/24` })),
      routeTable({ id: `rtb-${index}`, vpc: id, main: true }),
      securityGroup({ id: `sg-${index}`, vpc: id }),
      networkAcl({ id: `acl-${index}`, vpc: id, subnets: ids }),
    ]
  }).flat()
}

describe('CIDR texts', () => {
  it.each(['0.0.0.0/0', '10.0.0.0/8', '10.0.0.5/24', '255.255.255.255/32'])('%s is one of IPv4', (text) => {
    expect([isIpv4Cidr(text), isIpv6Cidr(text), isCidr(text)]).toEqual([true, false, true])
  })

  it.each(['::/0', '2001:db8::/56', '64:ff9b::/96', '1:2:3:4:5:6:7:8/128', 'FE80::1/64'])(
    '%s is one of IPv6',
    (text) => {
      expect([isIpv4Cidr(text), isIpv6Cidr(text), isCidr(text)]).toEqual([false, true, true])
    },
  )

  it.each([
    '',
    '10.0.0.0',
    '10.0.0.0/33',
    '300.0.0.0/8',
    '10.0.0/8',
    ' 10.0.0.0/8',
    '10.0.0.0/8\n',
    '::/129',
    ':::/0',
    '1::2::3/64',
    '1:2:3:4:5:6:7/64',
    '1:2:3:4:5:6:7:8:9/64',
    '12345::/16',
    '2001:zz::/32',
    'everything/0',
  ])('%j is none', (text) => {
    expect(isCidr(text)).toBe(false)
  })
})

const folder = new URL('../../../shared/fixtures/config-items/', import.meta.url)
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as JsonObject
const recorded = (type: string): EstatePart => ({ item: read(`rdk_AWS_EC2_${type}.json`) })

describe.skipIf(!existsSync(folder))('networks recorded from real accounts', () => {
  const types = ['VPC', 'Subnet', 'RouteTable', 'NetworkAcl', 'SecurityGroup', 'InternetGateway', 'NatGateway']
  // A skipped suite is still collected: nothing is read before a test runs.
  const network = () => inventoryOf(types.map(recorded)).network

  it('have a default VPC with its CIDR', () => {
    expect(network().vpcs).toMatchObject([
      {
        id: 'vpc-0990dc6d',
        ownerId: '264683526309',
        cidrs: ['172.31.0.0/16'],
        isDefault: true,
        dhcpOptionsId: 'dopt-3a32ab5f',
      },
    ])
    expect(network().subnets).toMatchObject([
      {
        id: 'subnet-29428871',
        vpcId: 'vpc-0990dc6d',
        zone: 'us-east-1a',
        cidr: '172.31.16.0/20',
        mapPublicIpOnLaunch: true,
      },
    ])
  })

  it('have a main route table to the internet', () => {
    expect(network().routeTables).toMatchObject([
      {
        associations: known({ isMain: true, subnetIds: [], gatewayIds: [] }),
        routes: known([
          { destination: { cidr: '172.31.0.0/16' }, target: { kind: 'local', id: 'local' }, state: 'active' },
          {
            destination: { cidr: '0.0.0.0/0' },
            target: { kind: 'internetGateway', id: 'igw-a5f227c1' },
            state: 'active',
          },
        ]),
      },
    ])
    expect(network().internetGateways).toMatchObject([{ id: 'igw-a5f227c1', vpcIds: ['vpc-0990dc6d'] }])
    expect(network().natGateways).toMatchObject([{ id: 'nat-test', state: 'pending', subnetId: known('subnet-test') }])
  })

  it('have a default network ACL and a group', () => {
    const [acl] = network().networkAcls
    expect(acl).toMatchObject({ isDefault: true, subnetIds: { state: 'known' }, entries: { state: 'known' } })
    expect(
      acl!.entries.state === 'known' && acl!.entries.value.map((entry) => [entry.ruleNumber, entry.action]),
    ).toEqual([
      [100, 'allow'],
      [32767, 'deny'],
      [100, 'allow'],
      [32767, 'deny'],
    ])
    expect(network().securityGroups).toMatchObject([
      {
        name: 'launch-wizard-7',
        ingress: known([{ protocol: 'tcp', fromPort: 22, toPort: 22, cidrs: ['0.0.0.0/0'] } as const].map(whole)),
        egress: known([{ protocol: 'all', fromPort: undefined, toPort: undefined, cidrs: ['0.0.0.0/0'] }].map(whole)),
      },
    ])
  })

  it('have a group that refers to itself, from a query', () => {
    const answer = read('c7n_test_security_group_config_source__config.SelectResourceConfig_1.json')
    const [text] = (answer.data as { readonly Results: readonly string[] }).Results
    const part = securityGroup()
    if (!('item' in part)) throw new Error('expected an item')
    const [group] = inventoryOf([{ item: { ...part.item, ...(JSON.parse(text!) as JsonObject) } }]).network
      .securityGroups
    expect(group).toMatchObject({
      id: 'sg-6c7fa917',
      name: 'default',
      ownerId: '644160558196',
      ingress: { value: [{ protocol: 'all', cidrs: ['108.56.181.242/32'], groupIds: ['sg-6c7fa917'] }] },
    })
  })
})

function whole<T extends object>(rule: T) {
  return { ipv6Cidrs: [], prefixListIds: [], groupIds: [], ...rule }
}
