import { DescribeVpcPeeringConnectionsCommand, type VpcPeeringConnection } from '@aws-sdk/client-ec2'
import type { JsonObject } from '../../model/json.ts'
import { list } from '../ec2/listing.ts'
import { type Ec2Reader, ec2Item, picked } from '../ec2/reader.ts'
import type { Reading } from '../reading.ts'

const TYPE = 'AWS::EC2::VPCPeeringConnection'
/** States from which no peering comes back; EC2 goes on showing it for a while. */
const over: ReadonlySet<string> = new Set(['deleted', 'rejected', 'failed', 'expired'])

/** Every peering the account is a side of, requested or accepted. One that is over is kept: routes may still lead to it. */
export async function listPeerings(reader: Ec2Reader): Promise<Reading> {
  const { reading } = await list(reader, {
    type: TYPE,
    action: 'ec2:DescribeVpcPeeringConnections',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeVpcPeeringConnectionsCommand({ MaxResults: 1000, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.VpcPeeringConnections, nextToken: output.NextToken }
    },
    item: (peering) => peeringItem(reader, peering),
  })
  return reading
}

function peeringItem(reader: Ec2Reader, peering: VpcPeeringConnection): JsonObject | undefined {
  const { RequesterVpcInfo, AccepterVpcInfo, Status, VpcPeeringConnectionId } = peering
  const isPlaced = RequesterVpcInfo?.VpcId !== undefined && AccepterVpcInfo?.VpcId !== undefined
  // One that failed may never have had two sides; it joins nothing, and would leave the whole list in doubt.
  if (!isPlaced && over.has(Status?.Code ?? '')) return undefined
  const names = ['VpcPeeringConnectionId', 'RequesterVpcInfo', 'AccepterVpcInfo', 'Status'] as const
  const identity = { id: VpcPeeringConnectionId, ownerId: RequesterVpcInfo?.OwnerId }
  return ec2Item(reader, TYPE, 'vpc-peering-connection', identity, picked(peering, names))
}
