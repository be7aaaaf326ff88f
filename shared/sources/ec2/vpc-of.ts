import {
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2'
import { MalformedAnswer } from '../failure.ts'
import { ask, type Gap, needList, needText } from '../reading.ts'
import { type Ec2Reader, isNotFound } from './reader.ts'
import { vpcType } from './vpcs.ts'

/** To which VPC a changed resource belongs. */
export type VpcOf =
  | { readonly state: 'known'; readonly vpcId: string }
  /** The resource is gone: what it was part of is in the event, if anywhere. */
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly gap: Gap }

interface Place {
  readonly id: string | undefined
  readonly vpcId: string | undefined
}

interface Lookup {
  readonly action: `ec2:${string}`
  readonly places: (reader: Ec2Reader, id: string, abortSignal: AbortSignal) => Promise<readonly Place[] | undefined>
}

/** Types of which `vpcOf` can tell the VPC. */
export const placedTypes = (): readonly string[] => [...lookups.keys()]

/** The VPC a resource of one of `placedTypes` belongs to; a VPC belongs to itself. */
export async function vpcOf(reader: Ec2Reader, resourceType: string, resourceId: string): Promise<VpcOf> {
  const lookup = lookups.get(resourceType)
  if (lookup === undefined) return unknown(resourceType, `no VPC can be told of a ${resourceType}`)
  const answer = await ask(
    reader,
    lookup.action,
    isNotFound,
    (abortSignal) => lookup.places(reader, resourceId, abortSignal),
    (places) => {
      const [place] = needList(places, resourceType)
      if (place === undefined) return undefined
      if (place.id !== resourceId) throw new MalformedAnswer('another resource')
      return needText(place.vpcId, 'VpcId')
    },
  )
  switch (answer.state) {
    case 'known':
      return answer.value === undefined ? { state: 'gone' } : { state: 'known', vpcId: answer.value }
    case 'absent':
      return { state: 'gone' }
    case 'unknown':
      return { state: 'unknown', gap: { resourceType, reason: answer.reason, transience: answer.transience } }
  }
}

function unknown(resourceType: string, reason: string): VpcOf {
  return { state: 'unknown', gap: { resourceType, reason, transience: 'lasting' } }
}

const lookups: ReadonlyMap<string, Lookup> = new Map<string, Lookup>([
  [
    vpcType,
    {
      action: 'ec2:DescribeVpcs',
      places: async ({ client }, id, abortSignal) => {
        const { Vpcs } = await client.send(new DescribeVpcsCommand({ VpcIds: [id] }), { abortSignal })
        return Vpcs?.map(({ VpcId }) => ({ id: VpcId, vpcId: VpcId }))
      },
    },
  ],
  [
    'AWS::EC2::Subnet',
    {
      action: 'ec2:DescribeSubnets',
      places: async ({ client }, id, abortSignal) => {
        const { Subnets } = await client.send(new DescribeSubnetsCommand({ SubnetIds: [id] }), { abortSignal })
        return Subnets?.map(({ SubnetId, VpcId }) => ({ id: SubnetId, vpcId: VpcId }))
      },
    },
  ],
  [
    'AWS::EC2::RouteTable',
    {
      action: 'ec2:DescribeRouteTables',
      places: async ({ client }, id, abortSignal) => {
        const { RouteTables } = await client.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }), {
          abortSignal,
        })
        return RouteTables?.map(({ RouteTableId, VpcId }) => ({ id: RouteTableId, vpcId: VpcId }))
      },
    },
  ],
  [
    'AWS::EC2::SecurityGroup',
    {
      action: 'ec2:DescribeSecurityGroups',
      places: async ({ client }, id, abortSignal) => {
        const { SecurityGroups } = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }), {
          abortSignal,
        })
        return SecurityGroups?.map(({ GroupId, VpcId }) => ({ id: GroupId, vpcId: VpcId }))
      },
    },
  ],
  [
    'AWS::EC2::NetworkAcl',
    {
      action: 'ec2:DescribeNetworkAcls',
      places: async ({ client }, id, abortSignal) => {
        const { NetworkAcls } = await client.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [id] }), {
          abortSignal,
        })
        return NetworkAcls?.map(({ NetworkAclId, VpcId }) => ({ id: NetworkAclId, vpcId: VpcId }))
      },
    },
  ],
  [
    'AWS::EC2::VPCEndpoint',
    {
      action: 'ec2:DescribeVpcEndpoints',
      places: async ({ client }, id, abortSignal) => {
        const { VpcEndpoints } = await client.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }), {
          abortSignal,
        })
        return VpcEndpoints?.map(({ VpcEndpointId, VpcId }) => ({ id: VpcEndpointId, vpcId: VpcId }))
      },
    },
  ],
  [
    'AWS::EC2::NatGateway',
    {
      action: 'ec2:DescribeNatGateways',
      places: async ({ client }, id, abortSignal) => {
        const { NatGateways } = await client.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }), {
          abortSignal,
        })
        return NatGateways?.map(({ NatGatewayId, VpcId }) => ({ id: NatGatewayId, vpcId: VpcId }))
      },
    },
  ],
])
