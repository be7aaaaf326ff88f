// biome-ignore-all lint/suspicious/noExplicitAny: wire forms
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'

const ownerId = '111122223333'
const region = 'eu-central-1'

/** A rule of a security group on the wire; sources are wire forms too. */
export function wirePermission(ipProtocol: string, more: object): any {
  return { ipProtocol, groups: [], ipRanges: [], ipv6Ranges: [], prefixListIds: [], ...more }
}

const everything = wirePermission('-1', { ipRanges: [{ cidrIp: '0.0.0.0/0' }] })
const httpsFromVpc = wirePermission('tcp', { fromPort: 443, toPort: 443, ipRanges: [{ cidrIp: '10.0.0.0/16' }] })
const fullAccess =
  '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}'

/** A security group on the wire that lets everything out. */
export function wireGroup(groupId: string, more: object = {}): any {
  const rules = { ipPermissions: [], ipPermissionsEgress: [everything] }
  return { ownerId, groupId, groupName: groupId, vpcId: 'vpc-1', ...rules, ...more }
}

/** A VPC on the wire. */
export function wireVpc(vpcId: string, more: object = {}): any {
  return {
    vpcId,
    ownerId,
    state: 'available',
    cidrBlock: '10.0.0.0/16',
    cidrBlockAssociationSet: [{ cidrBlock: '10.0.0.0/16', cidrBlockState: { state: 'associated' } }],
    ipv6CidrBlockAssociationSet: [],
    dhcpOptionsId: 'dopt-1',
    isDefault: false,
    ...more,
  }
}

/** A subnet on the wire. */
export function wireSubnet(subnetId: string, more: object = {}): any {
  return {
    subnetId,
    subnetArn: `arn:aws:ec2:${region}:${ownerId}:subnet/${subnetId}`,
    vpcId: 'vpc-1',
    ownerId,
    state: 'available',
    availabilityZone: `${region}a`,
    cidrBlock: '10.0.1.0/24',
    ipv6CidrBlockAssociationSet: [],
    ipv6Native: false,
    enableDns64: false,
    mapPublicIpOnLaunch: false,
    ...more,
  }
}

/** An interface endpoint on the wire. */
export function wireEndpoint(vpcEndpointId: string, service: string, more: object = {}): any {
  return {
    vpcEndpointId,
    vpcEndpointType: 'Interface',
    vpcId: 'vpc-1',
    ownerId,
    serviceName: `com.amazonaws.${region}.${service}`,
    state: 'available',
    policyDocument: fullAccess,
    routeTableIdSet: [],
    subnetIdSet: ['subnet-1', 'subnet-2'],
    groupSet: [{ groupId: 'sg-endpoints', groupName: 'sg-endpoints' }],
    ipAddressType: 'ipv4',
    dnsOptions: { dnsRecordIpType: 'ipv4' },
    privateDnsEnabled: true,
    requesterManaged: false,
    ...more,
  }
}

function entry(egress: boolean, ruleNumber: number, ruleAction: string): any {
  return { ruleNumber, protocol: '-1', ruleAction, egress, cidrBlock: '0.0.0.0/0' }
}

/** The VPC of the builders' `privateVpc()` as EC2 words it, with an internet gateway, a NAT gateway and an egress-only gateway. */
export function fillEc2({ state: { ec2 } }: FakeAws): void {
  const associationState = { state: 'associated' }
  ec2.vpcs.push(wireVpc('vpc-1'))
  ec2.vpcAttributes.set('vpc-1', { enableDnsSupport: true, enableDnsHostnames: true })
  ec2.subnets.push(
    wireSubnet('subnet-1'),
    wireSubnet('subnet-2', { cidrBlock: '10.0.2.0/24', availabilityZone: `${region}b` }),
  )
  ec2.routeTables.push({
    routeTableId: 'rtb-1',
    vpcId: 'vpc-1',
    ownerId,
    routeSet: [
      { destinationCidrBlock: '10.0.0.0/16', gatewayId: 'local', state: 'active', origin: 'CreateRouteTable' },
      { destinationPrefixListId: 'pl-s3', gatewayId: 'vpce-s3', state: 'active', origin: 'CreateRoute' },
    ],
    associationSet: [{ routeTableAssociationId: 'rtbassoc-1', routeTableId: 'rtb-1', main: true, associationState }],
    propagatingVgwSet: [],
  })
  ec2.securityGroups.push(
    wireGroup('sg-1'),
    wireGroup('sg-endpoints', { ipPermissions: [httpsFromVpc] }),
    wireGroup('sg-default', { groupName: 'default' }),
  )
  ec2.networkAcls.push({
    networkAclId: 'acl-1',
    vpcId: 'vpc-1',
    ownerId,
    default: true,
    entrySet: [
      entry(true, 100, 'allow'),
      entry(false, 100, 'allow'),
      entry(true, 32767, 'deny'),
      entry(false, 32767, 'deny'),
    ],
    associationSet: ['subnet-1', 'subnet-2'].map((subnetId) => ({ networkAclId: 'acl-1', subnetId })),
  })
  ec2.vpcEndpoints.push(
    wireEndpoint('vpce-ecr-api', 'ecr.api'),
    wireEndpoint('vpce-ecr-dkr', 'ecr.dkr'),
    wireEndpoint('vpce-s3', 's3', {
      vpcEndpointType: 'Gateway',
      routeTableIdSet: ['rtb-1'],
      subnetIdSet: [],
      groupSet: [],
      privateDnsEnabled: false,
      ipAddressType: undefined,
      dnsOptions: undefined,
    }),
  )
  ec2.natGateways.push({
    natGatewayId: 'nat-1',
    vpcId: 'vpc-1',
    subnetId: 'subnet-public',
    connectivityType: 'public',
    state: 'available',
    createTime: '2026-01-01T00:00:00.000Z',
  })
  const attachmentSet = [{ vpcId: 'vpc-1', state: 'available' }]
  ec2.internetGateways.push({ internetGatewayId: 'igw-1', ownerId, attachmentSet })
  ec2.egressOnlyInternetGateways.push({
    egressOnlyInternetGatewayId: 'eigw-1',
    attachmentSet: [{ vpcId: 'vpc-1', state: 'attached' }],
  })
  ec2.dhcpOptions.push({
    dhcpOptionsId: 'dopt-1',
    ownerId,
    dhcpConfigurationSet: [
      { key: 'domain-name', valueSet: [{ value: `${region}.compute.internal` }] },
      { key: 'domain-name-servers', valueSet: [{ value: 'AmazonProvidedDNS' }] },
    ],
  })
  ec2.prefixLists.push({
    prefixListId: 'pl-s3',
    prefixListArn: `arn:aws:ec2:${region}:${ownerId}:prefix-list/pl-s3`,
    prefixListName: `com.amazonaws.${region}.s3`,
    addressFamily: 'IPv4',
    ownerId: 'AWS',
    state: 'create-complete',
  })
  ec2.prefixListEntries.set('pl-s3', ['52.219.168.0/24', '3.5.136.0/22'])
}
