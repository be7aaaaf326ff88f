import {
  DescribeDhcpOptionsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  type DhcpOptions,
  type Vpc,
} from '@aws-sdk/client-ec2'
import { type JsonObject, ownString } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import {
  type Answer,
  ask,
  forEachConcurrently,
  type Gap,
  gapsOf,
  needList,
  needText,
  present,
  type Reading,
} from '../reading.ts'
import { type Listed, list } from './listing.ts'
import { CONCURRENCY, type Ec2Reader, ec2Item, filter, isNotFound, picked } from './reader.ts'

/** The type of a VPC's items. */
export const vpcType = 'AWS::EC2::VPC'

/** Every VPC the account sees, without DNS attributes. */
export function listVpcs(reader: Ec2Reader): Promise<Listed> {
  return list(reader, {
    type: vpcType,
    action: 'ec2:DescribeVpcs',
    page: async (NextToken, abortSignal) => {
      const output = await reader.client.send(new DescribeVpcsCommand({ MaxResults: 1000, NextToken }), { abortSignal })
      return { entries: output.Vpcs, nextToken: output.NextToken }
    },
    item: (vpc) => vpcItem(reader, vpc),
  })
}

function vpcItem(reader: Ec2Reader, vpc: Vpc): JsonObject {
  const names = [
    ...(['VpcId', 'OwnerId', 'State', 'IsDefault', 'CidrBlock', 'DhcpOptionsId'] as const),
    ...(['CidrBlockAssociationSet', 'Ipv6CidrBlockAssociationSet'] as const),
  ]
  return ec2Item(reader, vpcType, 'vpc', { id: vpc.VpcId, ownerId: vpc.OwnerId }, picked(vpc, names))
}

/** The items of these VPCs with their DNS attributes, which AWS Config does not record; the others stay as they are. */
export async function withDnsAttributes(
  reader: Ec2Reader,
  items: readonly JsonObject[],
  vpcIds: readonly string[],
): Promise<{ readonly items: readonly JsonObject[]; readonly gaps: readonly Gap[] }> {
  const attributes = new Map<string, JsonObject>()
  const gaps: Gap[] = []
  const asked = items.filter((item) => vpcIds.includes(ownString(item, 'resourceId') ?? ''))
  await forEachConcurrently(asked, CONCURRENCY, async (item) => {
    const VpcId = ownString(item, 'resourceId') ?? ''
    const support = await readAttribute(reader, VpcId, 'enableDnsSupport')
    const hostnames = await readAttribute(reader, VpcId, 'enableDnsHostnames')
    for (const answer of [support, hostnames]) gaps.push(...gapsOf(answer, vpcType, ownString(item, 'arn')))
    attributes.set(
      VpcId,
      present({
        enableDnsSupport: support.state === 'known' ? support.value : undefined,
        enableDnsHostnames: hostnames.state === 'known' ? hostnames.value : undefined,
      }),
    )
  })
  const completed = items.map((item) => {
    const supplementaryConfiguration = attributes.get(ownString(item, 'resourceId') ?? '')
    return supplementaryConfiguration === undefined ? item : { ...item, supplementaryConfiguration }
  })
  return { items: completed, gaps }
}

/** A VPC deleted meanwhile is absent. */
function readAttribute(
  reader: Ec2Reader,
  VpcId: string,
  Attribute: 'enableDnsSupport' | 'enableDnsHostnames',
): Promise<Answer<boolean>> {
  return ask(
    reader,
    'ec2:DescribeVpcAttribute',
    isNotFound,
    (abortSignal) => reader.client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }), { abortSignal }),
    (output) => {
      const value = (Attribute === 'enableDnsSupport' ? output.EnableDnsSupport : output.EnableDnsHostnames)?.Value
      if (output.VpcId !== VpcId || typeof value !== 'boolean') throw new MalformedAnswer(`answer without ${Attribute}`)
      return value
    },
  )
}

/** The DHCP options of these ids; `default` names none. */
export async function listDhcpOptions(reader: Ec2Reader, ids: readonly string[] | undefined): Promise<Reading> {
  const { reading } = await list(reader, {
    type: 'AWS::EC2::DHCPOptions',
    action: 'ec2:DescribeDhcpOptions',
    page: async (NextToken, abortSignal) => {
      const Filters = ids === undefined ? undefined : [filter('dhcp-options-id', ids.length === 0 ? ['default'] : ids)]
      const command = new DescribeDhcpOptionsCommand({ Filters, MaxResults: 1000, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.DhcpOptions, nextToken: output.NextToken }
    },
    item: (options) => dhcpItem(reader, options),
  })
  return reading
}

function dhcpItem(reader: Ec2Reader, options: DhcpOptions): JsonObject {
  const values = (key: string) =>
    needList(options.DhcpConfigurations, 'DhcpConfigurations')
      .find((one) => one.Key === key)
      ?.Values?.map(({ Value }) => needText(Value, key))
  const configuration = present({
    ...picked(options, ['DhcpOptionsId', 'OwnerId']),
    DomainName: values('domain-name')?.[0],
    DomainNameServers: values('domain-name-servers'),
  })
  const identity = { id: options.DhcpOptionsId, ownerId: options.OwnerId }
  return ec2Item(reader, 'AWS::EC2::DHCPOptions', 'dhcp-options', identity, configuration)
}
