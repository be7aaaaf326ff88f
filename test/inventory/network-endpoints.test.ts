import { describe, expect, it } from 'vitest'
import { absent, known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import {
  blockPublicAccess,
  blockPublicAccessExclusion,
  elsewhere,
  gatewayEndpoint,
  home,
  interfaceEndpoint,
  inventoryOf,
  notListed,
} from '../support/builders.ts'

const endpoint = (configuration: JsonObject) =>
  inventoryOf([interfaceEndpoint({ configuration })]).network.vpcEndpoints[0]!
const gateway = (configuration: JsonObject) =>
  inventoryOf([gatewayEndpoint({ configuration })]).network.vpcEndpoints[0]!
const policyOf = (policy: JsonValue) => inventoryOf([interfaceEndpoint({ policy })]).network.vpcEndpoints[0]!.policy

describe('VPC endpoints', () => {
  it('for interfaces have subnets, groups, private DNS and a policy', () => {
    const one = endpoint({})
    expect(one).toMatchObject({
      id: 'vpce-ecr-api',
      ownerId: '111122223333',
      type: 'Interface',
      vpcId: 'vpc-1',
      serviceName: 'com.amazonaws.eu-central-1.ecr.api',
      serviceRegion: undefined,
      state: 'available',
      subnetIds: known(['subnet-1', 'subnet-2']),
      groupIds: known(['sg-endpoints']),
      privateDnsEnabled: known(true),
      routeTableIds: known([]),
      ipAddressType: 'ipv4',
    })
    expect(one.policy).toMatchObject({ state: 'known', value: { json: { Version: '2008-10-17' } } })
    expect(one.privateDnsOnlyForInboundResolver).toEqual(
      unknown('whether private DNS of vpce-ecr-api is for inbound resolver endpoints only was not read'),
    )
  })

  it('for gateways have route tables and need not state the rest', () => {
    expect(gateway({ subnetIds: null, groups: null, privateDnsEnabled: null })).toMatchObject({
      type: 'Gateway',
      routeTableIds: known(['rtb-1']),
      subnetIds: known([]),
      groupIds: known([]),
      privateDnsEnabled: known(false),
    })
    expect(gateway({ routeTableIds: null }).routeTableIds).toEqual(
      unknown('the route tables of vpce-s3 are missing or unreadable'),
    )
  })

  it('for interfaces do not know what they have to state and do not', () => {
    const one = endpoint({ subnetIds: null, groups: null, privateDnsEnabled: null, routeTableIds: null })
    expect(one).toMatchObject({
      subnetIds: unknown('the subnets of vpce-ecr-api are missing or unreadable'),
      groupIds: unknown('the security groups of vpce-ecr-api are missing or unreadable'),
      privateDnsEnabled: unknown('whether vpce-ecr-api has private DNS was not read'),
      routeTableIds: known([]),
    })
  })

  it.each<[JsonValue, string | undefined]>([
    ['Available', 'available'],
    [{ value: 'PendingAcceptance' }, 'pendingacceptance'],
    ['pending', 'pending'],
    [null, undefined],
  ])('in the state %j are %s', (state, expected) => {
    expect(endpoint({ state }).state).toBe(expected)
  })

  it.each<[JsonObject, string]>([
    [{ vpcEndpointType: 'Interface' }, 'Interface'],
    [{ vpcEndpointType: { value: 'Gateway' } }, 'Gateway'],
    [{ vpcEndpointType: 'GatewayLoadBalancer' }, 'GatewayLoadBalancer'],
    [{ vpcEndpointType: 'ServiceNetwork' }, 'other'],
    [{ vpcEndpointType: null }, 'Interface'],
    [{ vpcEndpointType: null, routeTableIds: ['rtb-1'] }, 'Gateway'],
  ])('with %j are of type %s', (configuration, type) => {
    expect(endpoint(configuration).type).toBe(type)
  })

  it('have a policy, state that there is none, or leave it open', () => {
    expect(policyOf({ Statement: [] })).toMatchObject({ state: 'known', value: { json: { Statement: [] } } })
    expect(policyOf(null)).toEqual(absent())
    expect(policyOf('')).toEqual(absent())
    expect(policyOf('{"Statement":')).toEqual(unknown('the policy of vpce-ecr-api is not valid JSON'))
    const part = interfaceEndpoint()
    if (!('item' in part)) throw new Error('expected an item')
    const { policyDocument: _, ...configuration } = part.item.configuration as JsonObject
    const [unsaid] = inventoryOf([{ item: { ...part.item, configuration } }]).network.vpcEndpoints
    expect(unsaid!.policy).toEqual(unknown('the policy of vpce-ecr-api was not read'))
  })

  it('of another region, and those whose private DNS is for resolvers only, say so', () => {
    const one = endpoint({
      serviceRegion: 'us-east-1',
      dnsOptions: { privateDnsOnlyForInboundResolverEndpoint: true },
      ipAddressType: { value: 'Dualstack' },
    })
    expect(one).toMatchObject({
      serviceRegion: 'us-east-1',
      privateDnsOnlyForInboundResolver: known(true),
      ipAddressType: 'dualstack',
    })
  })

  it('read the shape of CloudFormation too', () => {
    const one = endpoint({ groups: null, SecurityGroupIds: ['sg-7'], VpcEndpointType: 'Interface' })
    expect(one.groupIds).toEqual(known(['sg-7']))
  })

  it.each([
    ['a VPC', { vpcId: null }],
    ['a service', { serviceName: null }],
  ])('that do not name %s leave their listing open', (_name, configuration) => {
    const { network } = inventoryOf([interfaceEndpoint({ configuration })])
    expect(network.vpcEndpoints).toEqual([])
    expect(network.listing('AWS::EC2::VPCEndpoint', home)).toEqual(
      unknown('AWS::EC2::VPCEndpoint vpce-ecr-api does not say what it belongs to'),
    )
  })
})

describe('VPC Block Public Access', () => {
  const ask = (...parts: Parameters<typeof inventoryOf>[0]) =>
    inventoryOf(parts).network.blockPublicAccess(home.accountId, home.region)

  it('is absent where it was never switched on', () => {
    expect(ask()).toEqual(absent())
  })

  it('has a mode of small letters and exclusions', () => {
    expect(ask(blockPublicAccess('Block-Ingress'))).toEqual(known({ mode: 'block-ingress', exclusions: known([]) }))
    const exclusions = [
      blockPublicAccessExclusion({ vpc: 'vpc-1' }),
      blockPublicAccessExclusion({ subnet: 'subnet-1', mode: 'allow-egress' }),
    ]
    expect(ask(blockPublicAccess(), ...exclusions)).toEqual(
      known({
        mode: 'block-bidirectional',
        exclusions: known([
          { vpcId: undefined, subnetId: 'subnet-1', mode: 'allow-egress' },
          { vpcId: 'vpc-1', subnetId: undefined, mode: 'allow-bidirectional' },
        ]),
      }),
    )
  })

  it('is unknown, or has unknown exclusions, when they were not listed', () => {
    expect(ask(notListed('AWS::EC2::VPCBlockPublicAccessOptions'))).toEqual(
      unknown('AWS::EC2::VPCBlockPublicAccessOptions could not be listed'),
    )
    expect(ask(blockPublicAccess(), notListed('AWS::EC2::VPCBlockPublicAccessExclusion'))).toEqual(
      known({
        mode: 'block-bidirectional',
        exclusions: unknown('AWS::EC2::VPCBlockPublicAccessExclusion could not be listed'),
      }),
    )
  })

  it('is unknown when the item names no mode', () => {
    expect(ask(blockPublicAccess(''))).toEqual(
      unknown('the mode of VPC Block Public Access of account 111122223333 in eu-central-1 is missing'),
    )
  })

  it('of one account says nothing of another', () => {
    const other = { ...home, accountId: '444455556666' }
    const { network } = inventoryOf([elsewhere(blockPublicAccess(), other)])
    expect(network.blockPublicAccess(home.accountId, home.region)).toEqual(absent())
    expect(network.blockPublicAccess(other.accountId, other.region).state).toBe('known')
  })
})
