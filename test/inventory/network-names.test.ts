import { describe, expect, it } from 'vitest'
import { absent, known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import {
  elsewhere,
  home,
  hostedZone,
  inventoryOf,
  listedIn,
  notListed,
  profileAssociation,
  profileResource,
} from '../support/builders.ts'

const zones = 'AWS::Route53::HostedZone'

function zoneWith(configuration: JsonObject) {
  const part = hostedZone()
  if (!('item' in part)) throw new Error('expected an item')
  return inventoryOf([{ item: { ...part.item, configuration } }]).network
}

describe('hosted zones', () => {
  it('have a bare name and id, VPCs, and records of values or aliases', () => {
    const { network } = inventoryOf([
      hostedZone({
        name: 'DKR.ecr.eu-central-1.amazonaws.com.',
        records: [
          ['dkr.ecr.eu-central-1.amazonaws.com.', 'alias', 'VPCE-1.dkr.ecr.eu-central-1.vpce.amazonaws.com.'],
          ['\\052.dkr.ecr.eu-central-1.amazonaws.com.', 'CNAME', 'vpce-1.example.'],
        ],
      }),
    ])
    expect(network.hostedZones).toMatchObject([
      {
        id: 'Z1',
        name: 'dkr.ecr.eu-central-1.amazonaws.com',
        isPrivate: true,
        vpcs: [{ vpcId: 'vpc-1', region: 'eu-central-1' }],
        records: known([
          {
            name: 'dkr.ecr.eu-central-1.amazonaws.com',
            type: 'A',
            values: ['vpce-1.dkr.ecr.eu-central-1.vpce.amazonaws.com'],
          },
          { name: '*.dkr.ecr.eu-central-1.amazonaws.com', type: 'CNAME', values: ['vpce-1.example'] },
        ]),
      },
    ])
  })

  it('leave out records of weight 0 beside one that has a weight', () => {
    const record = (value: string, Weight: number | undefined, Type = 'CNAME') => ({
      Name: 'api.example.',
      Type,
      ...(Weight === undefined ? {} : { Weight }),
      ResourceRecords: [{ Value: value }],
    })
    const valuesOf = (...resourceRecordSets: readonly JsonObject[]) => {
      const part = hostedZone()
      if (!('item' in part)) throw new Error('expected an item')
      const supplementaryConfiguration = { resourceRecordSets: [...resourceRecordSets] }
      const [zone] = inventoryOf([{ item: { ...part.item, supplementaryConfiguration } }]).network.hostedZones
      return zone?.records.state === 'known' ? zone.records.value.map(({ values }) => values[0]) : undefined
    }
    expect(valuesOf(record('a', 1), record('b', 0))).toEqual(['a'])
    expect(valuesOf(record('a', 0), record('b', 0))).toEqual(['a', 'b'])
    expect(valuesOf(record('a', 1), record('b', 0, 'A'))).toEqual(['a', 'b'])
    expect(valuesOf(record('a', undefined), record('b', undefined))).toEqual(['a', 'b'])
  })

  it('do not know records that nobody read, or that cannot be read', () => {
    const fact = unknown('the records of the hosted zone Z1 were not read')
    expect(inventoryOf([hostedZone({ records: 'notRead' })]).network.hostedZones[0]!.records).toEqual(fact)
    const nameless = hostedZone({ records: [['', 'A', '10.0.0.1']] })
    expect(inventoryOf([nameless]).network.hostedZones[0]!.records).toEqual(fact)
  })

  it('with VPCs are private although nothing else says so, and public ones have none', () => {
    expect(zoneWith({ Name: 'a', VPCs: [{ VPCId: 'vpc-1' }] }).hostedZones).toMatchObject([
      { isPrivate: true, vpcs: [{ vpcId: 'vpc-1', region: undefined }] },
    ])
    expect(zoneWith({ Name: 'a', HostedZoneConfig: { PrivateZone: false } }).hostedZones).toMatchObject([
      { isPrivate: false, vpcs: [] },
    ])
  })

  it.each([
    ['a private zone without VPCs', { Name: 'a', HostedZoneConfig: { PrivateZone: true } }],
    ['a zone that may be private', { Name: 'a' }],
    ['a zone without a name', { HostedZoneConfig: { PrivateZone: false } }],
  ])('leave the listing open because of %s', (_name, configuration) => {
    const network = zoneWith(configuration)
    expect(network.hostedZones).toEqual([])
    expect(network.listing(zones, home)).toEqual(unknown(`${zones} Z1 does not say what it belongs to`))
  })

  it('are listed for an account whichever region the listing was made in', () => {
    const us = { ...home, region: 'us-east-1' }
    const parts = [notListed(zones), elsewhere(hostedZone(), us)]
    expect(inventoryOf(parts).network.listing(zones, home)).toMatchObject({ state: 'known' })
    expect(inventoryOf([notListed(zones)]).network.listing(zones, home)).toMatchObject({ state: 'unknown' })
    expect(inventoryOf([]).network.listing(zones, us)).toEqual(absent())
    const other = { ...home, accountId: '444455556666' }
    expect(inventoryOf([...listedIn(us, zones)]).network.listing(zones, other)).toMatchObject({ state: 'unknown' })
  })
})

describe('Route 53 Profiles', () => {
  const zone = 'arn:aws:route53:::hostedzone/Z1'
  const resources = 'AWS::Route53Profiles::ProfileResourceAssociation'

  it('gather their VPCs and their resources', () => {
    const parts = [profileAssociation({ vpc: 'vpc-2' }), profileAssociation(), profileResource({ arn: zone })]
    expect(inventoryOf(parts).network.dnsProfiles).toEqual([
      { profileId: 'rp-1', vpcIds: ['vpc-1', 'vpc-2'], resourceArns: known([zone]) },
    ])
  })

  it('do not know resources that nobody listed, nor those of a profile another account shares', () => {
    const fact = unknown('the resources of the Route 53 Profile rp-1 were not read')
    const parts = [profileAssociation(), profileResource({ arn: zone }), notListed(resources)]
    expect(inventoryOf(parts).network.dnsProfiles[0]!.resourceArns).toEqual(fact)
    expect(inventoryOf([profileAssociation()]).network.dnsProfiles[0]!.resourceArns).toEqual(fact)
  })

  it('know resources from the files of the account that owns the profile', () => {
    const owner = { ...home, accountId: '444455556666' }
    const parts = [
      profileAssociation(),
      elsewhere(profileResource({ arn: zone }), owner),
      ...listedIn(owner, resources),
    ]
    expect(inventoryOf(parts).network.dnsProfiles[0]!.resourceArns).toEqual(known([zone]))
  })

  it('that name no VPC leave their listing open', () => {
    const { network } = inventoryOf([profileAssociation({ vpc: '' })])
    expect(network.dnsProfiles).toEqual([])
    expect(network.listing('AWS::Route53Profiles::ProfileAssociation', home)).toMatchObject({ state: 'unknown' })
  })
})
