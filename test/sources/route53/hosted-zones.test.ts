import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../shared/model/json.ts'
import { holdsAwsNames } from '../../../shared/sources/route53/aws-names.ts'
import { readZonesOfVpcs } from '../../../shared/sources/route53/hosted-zones.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { networkReadersOf } from '../network-readers.ts'

const account = '111122223333'
const own = { OwningAccount: account }
const ecr = 'dkr.ecr.eu-central-1.amazonaws.com.'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const read = (...vpcIds: readonly string[]) => readZonesOfVpcs(networkReadersOf(fake).route53, vpcIds)
const recordsOf = (item: JsonObject | undefined) => item?.supplementaryConfiguration

describe('the hosted zones of VPCs', () => {
  it('are read with VPCs and records', async () => {
    fake.state.route53.zones.push({
      id: 'Z1',
      name: ecr,
      owner: own,
      vpcIds: ['vpc-1', 'vpc-2'],
      records: [
        { Name: ecr, Type: 'A', AliasTarget: { HostedZoneId: 'Z2', DNSName: 'vpce-1.', EvaluateTargetHealth: false } },
        { Name: ecr, Type: 'NS', TTL: 60, ResourceRecords: { ResourceRecord: [{ Value: 'a.' }, { Value: 'b.' }] } },
      ],
    })
    const { items, gaps, coverage } = await read('vpc-1', 'vpc-2')
    expect([gaps, coverage]).toEqual([
      [],
      [{ accountId: account, region: 'eu-central-1', resourceType: 'AWS::Route53::HostedZone', status: 'known' }],
    ])
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      arn: 'arn:aws:route53:::hostedzone/Z1',
      resourceId: 'Z1',
      configuration: {
        Id: '/hostedzone/Z1',
        Name: ecr,
        HostedZoneConfig: { PrivateZone: true },
        VPCs: [
          { VPCId: 'vpc-1', VPCRegion: 'eu-central-1' },
          { VPCId: 'vpc-2', VPCRegion: 'eu-central-1' },
        ],
      },
      supplementaryConfiguration: {
        ResourceRecordSets: [
          { Name: ecr, Type: 'A', AliasTarget: { DNSName: 'vpce-1.' } },
          { Name: ecr, Type: 'NS', ResourceRecords: [{ Value: 'a.' }, { Value: 'b.' }] },
        ],
      },
    })
  })

  it('are read over pages, records with the same name and type too', async () => {
    const record = (SetIdentifier: string, Value: string) => ({
      Name: ecr,
      Type: 'CNAME',
      SetIdentifier,
      ResourceRecords: { ResourceRecord: [{ Value }] },
    })
    fake.state.route53.pageSize = 1
    for (const id of ['Z1', 'Z2']) {
      const records = [record('a', '1.'), record('b', '2.'), record('c', '3.')]
      fake.state.route53.zones.push({ id, name: ecr, owner: own, vpcIds: ['vpc-1'], records })
    }
    const { items, gaps } = await read('vpc-1')
    expect(gaps).toEqual([])
    expect(items.map((item) => item.resourceId)).toEqual(['Z1', 'Z2'])
    const recorded = ['1.', '2.', '3.'].map((Value) => ({ Name: ecr, Type: 'CNAME', ResourceRecords: [{ Value }] }))
    expect(recordsOf(items[1])).toEqual({ ResourceRecordSets: recorded })
  })

  it('are read with the weights of records', async () => {
    const record = { Name: ecr, Type: 'CNAME', ResourceRecords: { ResourceRecord: [{ Value: '1.' }] } }
    const records = [0, 255].map((Weight) => ({ ...record, SetIdentifier: `weight ${Weight}`, Weight }))
    fake.state.route53.zones.push({ id: 'Z1', name: ecr, owner: own, vpcIds: ['vpc-1'], records })
    const { items } = await read('vpc-1')
    const recorded = [0, 255].map((Weight) => ({
      Name: ecr,
      Type: 'CNAME',
      Weight,
      ResourceRecords: [{ Value: '1.' }],
    }))
    expect(recordsOf(items[0])).toEqual({ ResourceRecordSets: recorded })
  })

  it('keep their records unread when names of AWS cannot stand in them, or another account owns them', async () => {
    fake.state.route53.zones.push(
      { id: 'Z1', name: 'corp.example.', owner: own, vpcIds: ['vpc-1'], records: [] },
      { id: 'Z2', name: ecr, owner: { OwningAccount: '444455556666' }, vpcIds: ['vpc-1'], records: [] },
    )
    const { items, gaps } = await read('vpc-1')
    expect(gaps).toEqual([])
    expect(items.map((item) => [item.resourceId, recordsOf(item)])).toEqual([
      ['Z1', {}],
      ['Z2', {}],
    ])
    expect(fake.calls.map(({ operation }) => operation)).toEqual(['ListHostedZonesByVPC'])
  })

  it('are read without those a service of AWS keeps behind endpoints', async () => {
    const owner = { OwningService: 'vpce.amazonaws.com' }
    fake.state.route53.zones.push({ id: 'Z1', name: ecr, owner, vpcIds: ['vpc-1'] })
    expect((await read('vpc-1')).items).toEqual([])
  })

  it('are unknown when they cannot be listed in one of the VPCs', async () => {
    fake.state.route53.zones.push({ id: 'Z1', name: 'corp.example.', owner: own, vpcIds: ['vpc-1', 'vpc-2'] })
    fake.state.plan = (_, __, body) => (body.vpcid === 'vpc-2' ? { error: 'AccessDenied', status: 403 } : undefined)
    const { items, gaps, coverage } = await read('vpc-1', 'vpc-2')
    const reason = 'route53:ListHostedZonesByVPC failed with AccessDenied'
    expect(items.map((item) => item.resourceId)).toEqual(['Z1'])
    expect(gaps).toEqual([{ resourceType: 'AWS::Route53::HostedZone', reason, transience: 'lasting' }])
    expect(coverage).toMatchObject([{ status: 'unknown', reason }])
  })

  it.each([
    ['is refused', { error: 'AccessDenied', status: 403 }, 'lasting'],
    ['is throttled', { error: 'Throttling', status: 400 }, 'passing'],
    ['does not say whether it is complete', { answer: { ResourceRecordSets: {} } }, 'passing'],
    [
      'holds a record without values',
      { answer: { ResourceRecordSets: { ResourceRecordSet: [{ Name: ecr, Type: 'A' }] }, IsTruncated: false } },
      'passing',
    ],
  ])('stay without records, and say so, when the listing of records %s', async (_, fault, transience) => {
    fake.state.route53.zones.push({ id: 'Z1', name: ecr, owner: own, vpcIds: ['vpc-1'], records: [] })
    fake.state.plan = (operation) => (operation === 'ListResourceRecordSets' ? fault : undefined)
    const { items, gaps } = await read('vpc-1')
    expect(recordsOf(items[0])).toEqual({})
    expect(gaps).toMatchObject([{ resourceArn: 'arn:aws:route53:::hostedzone/Z1', transience }])
  })

  it('state a zone without records as such', async () => {
    fake.state.route53.zones.push({ id: 'Z1', name: ecr, owner: own, vpcIds: ['vpc-1'], records: [] })
    expect(recordsOf((await read('vpc-1')).items[0])).toEqual({ ResourceRecordSets: [] })
  })
})

it.each([
  ['amazonaws.com.', true],
  ['dkr.ecr.eu-central-1.amazonaws.com.', true],
  ['111122223333.dkr.ecr.cn-north-1.AMAZONAWS.com.cn', true],
  ['dkr-ecr.eu-central-1.on.aws', true],
  ['com.', true],
  ['aws', true],
  ['.', true],
  ['notamazonaws.com', false],
  ['amazonaws.com.example', false],
  ['corp.example.', false],
])('names of AWS may stand in the zone %s: %s', (name, expected) => {
  expect(holdsAwsNames(name)).toBe(expected)
})
