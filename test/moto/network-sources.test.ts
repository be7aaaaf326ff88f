import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateManagedPrefixListCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteNatGatewayCommand,
  DeleteVpcEndpointsCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
} from '@aws-sdk/client-ec2'
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildInventory } from '../../shared/inventory/build.ts'
import { normalizeItem } from '../../shared/inventory/normalize-item.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import { readVpc } from '../../shared/sources/ec2/read-vpc.ts'
import { vpcOf } from '../../shared/sources/ec2/vpc-of.ts'
import { listVpcs } from '../../shared/sources/ec2/vpcs.ts'
import type { Reading } from '../../shared/sources/reading.ts'
import { type Moto, startMoto } from './moto-server.ts'

const region = 'eu-central-1'
const accountId = '111122223333'
const base = { accountId, region, readAt: '2026-03-01T12:00:00.000Z' }

let moto: Moto
let ec2: EC2Client
let route53: Route53Client

beforeAll(async () => {
  moto = await startMoto()
  const shared = { region, endpoint: moto.endpoint, maxAttempts: 1 }
  const root = { accessKeyId: 'test', secretAccessKey: 'test' }
  const assumed = await new STSClient({ ...shared, credentials: root }).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/auditor`, RoleSessionName: 'run' }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = assumed.Credentials ?? {}
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  ec2 = new EC2Client({ ...shared, credentials })
  route53 = new Route53Client({ ...shared, credentials })
})
afterAll(() => moto?.stop())

/** A text of an answer that must be there. */
function sure(text: string | undefined): string {
  if (text === undefined) throw new Error('moto answered without an id')
  return text
}

async function makeVpc() {
  const VpcId = sure((await ec2.send(new CreateVpcCommand({ CidrBlock: '10.7.0.0/16' }))).Vpc?.VpcId)
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }))
  const subnet = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.7.1.0/24' }))
  const SubnetId = sure(subnet.Subnet?.SubnetId)
  const table = await ec2.send(new CreateRouteTableCommand({ VpcId }))
  const RouteTableId = sure(table.RouteTable?.RouteTableId)
  await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }))
  const group = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: 'endpoints', Description: 'x' }))
  return { VpcId, SubnetId, RouteTableId, GroupId: sure(group.GroupId) }
}

function networkOf({ items, coverage }: Reading) {
  const normalized = items.map((raw) => {
    const one = normalizeItem(raw)
    if (!one.ok || one.deleted) throw new Error('not a live item')
    return one.item
  })
  const types = coverage.map((row) => row.resourceType)
  return buildInventory({ items: normalized, types, coverage, assumeRecorded: true }).network
}

async function read(vpcId: string) {
  const found = await readVpc({ ...base, ec2, route53 }, vpcId)
  if (found.state !== 'present') throw new Error(`expected the VPC, not ${JSON.stringify(found)}`)
  return { ...found.reading, network: networkOf(found.reading) }
}

it('reads a VPC with routes, groups, endpoints, prefix lists and gateways', async () => {
  const { VpcId, SubnetId, RouteTableId, GroupId } = await makeVpc()
  const list = await ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: [{ Cidr: '192.0.2.0/24' }],
    }),
  )
  const PrefixListId = sure(list.PrefixList?.PrefixListId)
  const open = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        { ...open, IpRanges: [{ CidrIp: '10.7.0.0/16' }] },
        { ...open, FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId }] },
      ],
    }),
  )
  const service = (name: string) => `com.amazonaws.${region}.${name}`
  const dkr = await ec2.send(
    new CreateVpcEndpointCommand({
      VpcId,
      VpcEndpointType: 'Interface',
      ServiceName: service('ecr.dkr'),
      SubnetIds: [SubnetId],
      SecurityGroupIds: [GroupId],
    }),
  )
  const s3 = await ec2.send(
    new CreateVpcEndpointCommand({
      VpcId,
      VpcEndpointType: 'Gateway',
      ServiceName: service('s3'),
      RouteTableIds: [RouteTableId],
    }),
  )
  const igw = sure((await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId)
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: igw, VpcId }))
  const nat = await ec2.send(new CreateNatGatewayCommand({ SubnetId, ConnectivityType: 'private' }))
  const NatGatewayId = sure(nat.NatGateway?.NatGatewayId)
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId }))

  const { gaps, network } = await read(VpcId)
  // The server does not know Block Public Access: what it answers with must not look like "off".
  expect([...new Set(gaps.map((gap) => gap.resourceType))]).toEqual([
    'AWS::EC2::VPCBlockPublicAccessOptions',
    'AWS::EC2::VPCBlockPublicAccessExclusion',
  ])
  expect(network.blockPublicAccess(accountId, region).state).toBe('unknown')
  expect(network.vpc(VpcId)).toMatchObject({
    cidrs: ['10.7.0.0/16'],
    enableDnsSupport: { state: 'known', value: true },
    enableDnsHostnames: { state: 'known', value: true },
  })
  const s3List = network.prefixLists.find(({ name }) => name === service('s3'))
  const table = network.routeTables.find(({ id }) => id === RouteTableId)
  expect(table).toMatchObject({
    vpcId: VpcId,
    associations: { state: 'known', value: { isMain: false, subnetIds: [SubnetId], gatewayIds: [] } },
    routes: {
      state: 'known',
      value: [
        { destination: { cidr: '10.7.0.0/16' }, target: { kind: 'local' }, state: 'active' },
        {
          destination: { prefixListId: s3List?.id },
          target: { kind: 'vpcEndpoint', id: s3.VpcEndpoint?.VpcEndpointId },
        },
        { destination: { cidr: '0.0.0.0/0' }, target: { kind: 'natGateway', id: NatGatewayId }, state: 'active' },
      ],
    },
  })
  expect(
    network.routeTables.filter(({ associations }) => associations.state === 'known' && associations.value.isMain),
  ).toHaveLength(1)
  const ingress = {
    protocol: 'tcp',
    cidrs: ['10.7.0.0/16'],
    fromPort: 443,
    toPort: 443,
    prefixListIds: [],
    groupIds: [],
  }
  expect(network.securityGroups.find(({ id }) => id === GroupId)).toMatchObject({
    ingress: {
      state: 'known',
      value: [ingress, { fromPort: 22, cidrs: [], prefixListIds: [PrefixListId] }],
    },
    egress: { state: 'known', value: [{ protocol: 'all', cidrs: ['0.0.0.0/0'] }] },
  })
  expect(network.networkAcls).toMatchObject([
    { isDefault: true, subnetIds: { state: 'known', value: [SubnetId] }, entries: { state: 'known' } },
  ])
  const endpoints = new Map(network.vpcEndpoints.map((one) => [one.id, one]))
  expect(endpoints.get(sure(dkr.VpcEndpoint?.VpcEndpointId))).toMatchObject({
    type: 'Interface',
    serviceName: service('ecr.dkr'),
    state: 'available',
    subnetIds: { value: [SubnetId] },
    groupIds: { value: [GroupId] },
  })
  expect(endpoints.get(sure(s3.VpcEndpoint?.VpcEndpointId))).toMatchObject({
    type: 'Gateway',
    routeTableIds: { value: [RouteTableId] },
  })
  expect(network.prefixLists.find(({ id }) => id === PrefixListId)?.cidrs).toMatchObject({ value: ['192.0.2.0/24'] })
  expect(s3List?.cidrs.state).toBe('known')
  expect(network.internetGateways).toMatchObject([{ id: igw, vpcIds: [VpcId] }])
  expect(network.natGateways).toMatchObject([{ id: NatGatewayId, state: 'available', subnetId: { value: SubnetId } }])

  const located = await Promise.all([
    vpcOf({ ...base, client: ec2 }, 'AWS::EC2::Subnet', SubnetId),
    vpcOf({ ...base, client: ec2 }, 'AWS::EC2::RouteTable', RouteTableId),
    vpcOf({ ...base, client: ec2 }, 'AWS::EC2::SecurityGroup', GroupId),
    vpcOf({ ...base, client: ec2 }, 'AWS::EC2::NatGateway', NatGatewayId),
    vpcOf({ ...base, client: ec2 }, 'AWS::EC2::VPCEndpoint', sure(dkr.VpcEndpoint?.VpcEndpointId)),
    vpcOf({ ...base, client: ec2 }, 'AWS::EC2::NetworkAcl', network.networkAcls[0]?.id ?? ''),
  ])
  expect(new Set(located.map((one) => JSON.stringify(one)))).toEqual(
    new Set([JSON.stringify({ state: 'known', vpcId: VpcId })]),
  )

  await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [sure(dkr.VpcEndpoint?.VpcEndpointId)] }))
  await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId }))
  const later = await read(VpcId)
  expect(later.network.vpcEndpoints.map(({ id }) => id)).toEqual([s3.VpcEndpoint?.VpcEndpointId])
  expect(later.network.natGateways).toEqual([])
})

it('says that a VPC and a subnet are gone, and tells the default VPC apart', async () => {
  expect(await readVpc({ ...base, ec2, route53 }, 'vpc-0123456789abcdef0')).toEqual({ state: 'gone' })
  const subnet = await vpcOf({ ...base, client: ec2 }, 'AWS::EC2::Subnet', 'subnet-0123456789abcdef0')
  expect(subnet).toEqual({ state: 'gone' })
  const { items } = await listVpcs({ ...base, client: ec2 })
  expect(items.filter(({ configuration }) => (configuration as JsonObject).IsDefault === true)).toHaveLength(1)
})

it('reads a private hosted zone with the records that lead to an endpoint', async () => {
  const { VpcId } = await makeVpc()
  const Name = `dkr.ecr.${region}.amazonaws.com`
  const zone = await route53.send(
    new CreateHostedZoneCommand({
      Name,
      CallerReference: '1',
      HostedZoneConfig: { PrivateZone: true },
      VPC: { VPCId: VpcId, VPCRegion: region },
    }),
  )
  const target = `vpce-0a1b-xyz.dkr.ecr.${region}.vpce.amazonaws.com.`
  await route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: sure(zone.HostedZone?.Id),
      ChangeBatch: {
        Changes: [
          {
            Action: 'CREATE',
            ResourceRecordSet: { Name: `*.${Name}`, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: target }] },
          },
        ],
      },
    }),
  )
  const { network } = await read(VpcId)
  expect(network.hostedZones).toMatchObject([{ name: Name, isPrivate: true, vpcs: [{ vpcId: VpcId, region }] }])
  const records = network.hostedZones[0]?.records
  expect(records?.state === 'known' && records.value.filter(({ type }) => type === 'CNAME')).toEqual([
    { name: `*.${Name}`, type: 'CNAME', values: [target.slice(0, -1)] },
  ])
})
