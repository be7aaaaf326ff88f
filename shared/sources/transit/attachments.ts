import {
  DescribeTransitGatewayAttachmentsCommand,
  DescribeTransitGatewayVpcAttachmentsCommand,
  type TransitGatewayAttachment,
  type TransitGatewayVpcAttachment,
} from '@aws-sdk/client-ec2'
import { type JsonObject, ownString } from '../../model/json.ts'
import { list } from '../ec2/listing.ts'
import { type Ec2Reader, ec2Item, picked } from '../ec2/reader.ts'
import { covered, needText, type Reading } from '../reading.ts'

const TYPE = 'AWS::EC2::TransitGatewayAttachment'
/** CloudFormation's other name of an attached VPC; nothing is written under it, so that no attachment is there twice. */
const VPC_TYPE = 'AWS::EC2::TransitGatewayVpcAttachment'
const TYPES = [TYPE, VPC_TYPE]
const KIND = 'transit-gateway-attachment'

/**
 * Reads the attachments the account sees, each once: those of VPCs with their subnets, the others (VPNs, peers, Direct Connect
 * gateways) from the list of all. When one of the two lists fails, what the other shows is kept and the types are unknown.
 */
export async function readAttachments(reader: Ec2Reader): Promise<Reading> {
  const [ofVpcs, all] = await Promise.all([listVpcAttachments(reader), listAttachments(reader)])
  const placed = new Set(ofVpcs.items.map((item) => ownString(item, 'resourceId')))
  const others = all.items.filter((item) => !placed.has(ownString(item, 'resourceId')))
  const failures = [...ofVpcs.gaps, ...all.gaps]
  return {
    items: [...ofVpcs.items, ...others],
    coverage: TYPES.map((type) => covered(reader, type, failures[0])),
    gaps: TYPES.flatMap((resourceType) => failures.map((failure) => ({ ...failure, resourceType }))),
  }
}

async function listVpcAttachments(reader: Ec2Reader): Promise<Reading> {
  const { reading } = await list(reader, {
    type: TYPE,
    action: 'ec2:DescribeTransitGatewayVpcAttachments',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeTransitGatewayVpcAttachmentsCommand({ MaxResults: 1000, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.TransitGatewayVpcAttachments, nextToken: output.NextToken }
    },
    item: (attachment) => vpcAttachmentItem(reader, attachment),
  })
  return reading
}

function vpcAttachmentItem(reader: Ec2Reader, attachment: TransitGatewayVpcAttachment): JsonObject {
  const id = needText(attachment.TransitGatewayAttachmentId, 'TransitGatewayAttachmentId')
  needText(attachment.TransitGatewayId, 'TransitGatewayId')
  needText(attachment.VpcId, 'VpcId')
  const names = ['TransitGatewayId', 'VpcId', 'VpcOwnerId', 'SubnetIds', 'State', 'Options'] as const
  const configuration = { Id: id, ResourceType: 'vpc', ...picked(attachment, names) }
  return ec2Item(reader, TYPE, KIND, { id, ownerId: attachment.VpcOwnerId }, configuration)
}

async function listAttachments(reader: Ec2Reader): Promise<Reading> {
  const { reading } = await list(reader, {
    type: TYPE,
    action: 'ec2:DescribeTransitGatewayAttachments',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeTransitGatewayAttachmentsCommand({ MaxResults: 1000, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.TransitGatewayAttachments, nextToken: output.NextToken }
    },
    item: (attachment) => attachmentItem(reader, attachment),
  })
  return reading
}

/** The account that owns the transit gateway sees the VPCs of others here, without their subnets. */
function attachmentItem(reader: Ec2Reader, attachment: TransitGatewayAttachment): JsonObject {
  const id = needText(attachment.TransitGatewayAttachmentId, 'TransitGatewayAttachmentId')
  needText(attachment.TransitGatewayId, 'TransitGatewayId')
  const isVpc = needText(attachment.ResourceType, 'ResourceType') === 'vpc'
  const names = ['TransitGatewayId', 'TransitGatewayOwnerId', 'ResourceType', 'ResourceId', 'State'] as const
  const configuration = {
    Id: id,
    ...picked(attachment, names),
    ...(isVpc ? { VpcId: needText(attachment.ResourceId, 'ResourceId') } : {}),
  }
  const ownerId = isVpc ? attachment.ResourceOwnerId : attachment.TransitGatewayOwnerId
  return ec2Item(reader, TYPE, KIND, { id, ownerId }, configuration)
}
