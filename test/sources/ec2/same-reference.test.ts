import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildInventory } from '../../../shared/inventory/build.ts'
import type { NetworkInventory } from '../../../shared/inventory/network.ts'
import { normalizeItem } from '../../../shared/inventory/normalize-item.ts'
import { readAllVpcs, readVpc } from '../../../shared/sources/ec2/read-vpc.ts'
import type { Reading } from '../../../shared/sources/reading.ts'
import {
  blockPublicAccess,
  blockPublicAccessExclusion,
  hostedZone,
  internetGateway,
  inventoryOf,
  natGateway,
  privateVpc,
} from '../../support/builders.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { networkReadersOf } from '../network-readers.ts'
import { fillEc2 } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fillEc2(fake)
  fake.state.ec2.blockMode = 'block-ingress'
  fake.state.ec2.exclusions.push({
    exclusionId: 'vpcbpa-exclude-vpc-1',
    internetGatewayExclusionMode: 'allow-egress',
    resourceArn: 'arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-1',
    state: 'create-complete',
  })
  fake.state.route53.zones.push({
    id: 'Z1',
    name: 'dkr.ecr.eu-central-1.amazonaws.com.',
    owner: { OwningAccount: '111122223333' },
    vpcIds: ['vpc-1'],
    records: [
      {
        Name: 'dkr.ecr.eu-central-1.amazonaws.com.',
        Type: 'A',
        AliasTarget: { HostedZoneId: 'Z2', DNSName: 'vpce-0a-b.' },
      },
      {
        Name: '\\052.dkr.ecr.eu-central-1.amazonaws.com.',
        Type: 'CNAME',
        ResourceRecords: { ResourceRecord: [{ Value: 'x.' }] },
      },
    ],
  })
})
afterEach(() => fake.close())

/** The same network as AWS Config records it and as `pullpath collect` writes what Config leaves out. */
const recorded = inventoryOf([
  ...privateVpc({ with: [natGateway(), internetGateway(), internetGateway({ egressOnly: true })] }),
  blockPublicAccess('block-ingress'),
  blockPublicAccessExclusion({ mode: 'allow-egress' }),
  hostedZone({
    records: [
      ['dkr.ecr.eu-central-1.amazonaws.com.', 'alias', 'vpce-0a-b.'],
      ['\\052.dkr.ecr.eu-central-1.amazonaws.com.', 'CNAME', 'x.'],
    ],
  }),
])

function inventoryFrom({ items, coverage }: Reading) {
  const normalized = items.map((raw) => {
    const one = normalizeItem(raw)
    if (!one.ok || one.deleted) throw new Error('not a live item')
    return one.item
  })
  return buildInventory({
    items: normalized,
    types: coverage.map((row) => row.resourceType),
    coverage,
    assumeRecorded: true,
  })
}

const lists = [
  ...(['vpcs', 'subnets', 'routeTables', 'securityGroups', 'networkAcls', 'vpcEndpoints', 'natGateways'] as const),
  ...(['internetGateways', 'dhcpOptions', 'prefixLists', 'networkInterfaces'] as const),
]

function viewsOf(network: NetworkInventory) {
  return {
    ...Object.fromEntries(lists.map((list) => [list, new Map(network[list].map((one) => [one.id, one]))])),
    hostedZones: network.hostedZones.map(({ id, name, isPrivate, vpcs, records }) => ({
      id,
      name,
      isPrivate,
      vpcs,
      records,
    })),
    blockPublicAccess: network.blockPublicAccess('111122223333', 'eu-central-1'),
  }
}

describe('a network', () => {
  it('gives the same views read live, alone or with all, and recorded by AWS Config', async () => {
    const { network } = networkReadersOf(fake, { readAt: '2026-01-01T00:00:00.000Z' })
    const one = await readVpc(network, 'vpc-1')
    if (one.state !== 'present') throw new Error('expected the VPC')
    const all = await readAllVpcs(network)
    expect([one.reading.gaps, all.gaps]).toEqual([[], []])
    const wanted = viewsOf(recorded.network)
    expect(recorded.network.vpc('vpc-1')).toMatchObject({ enableDnsSupport: { state: 'known', value: true } })
    expect(viewsOf(inventoryFrom(one.reading).network)).toEqual(wanted)
    expect(viewsOf(inventoryFrom(all).network)).toEqual(wanted)
  })
})
