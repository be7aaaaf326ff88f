import {
  DescribeVpcBlockPublicAccessExclusionsCommand,
  DescribeVpcBlockPublicAccessOptionsCommand,
  type VpcBlockPublicAccessExclusion,
} from '@aws-sdk/client-ec2'
import { parseArn } from '../../model/arn.ts'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import { ask, covered, failureOf, gapsOf, joinReadings, needText, type Reading } from '../reading.ts'
import { list } from './listing.ts'
import { type Ec2Reader, ec2Item, picked } from './reader.ts'

const OPTIONS = 'AWS::EC2::VPCBlockPublicAccessOptions'
const EXCLUSION = 'AWS::EC2::VPCBlockPublicAccessExclusion'

/** Reads VPC Block Public Access of the account and region: its mode and what it leaves alone. */
export async function readBlockPublicAccess(reader: Ec2Reader): Promise<Reading> {
  return joinReadings(await Promise.all([readOptions(reader), listExclusions(reader)]))
}

async function readOptions(reader: Ec2Reader): Promise<Reading> {
  const answer = await ask(
    reader,
    'ec2:DescribeVpcBlockPublicAccessOptions',
    undefined,
    (abortSignal) => reader.client.send(new DescribeVpcBlockPublicAccessOptionsCommand({}), { abortSignal }),
    ({ VpcBlockPublicAccessOptions: options }) => {
      const InternetGatewayBlockMode = needText(options?.InternetGatewayBlockMode, 'InternetGatewayBlockMode')
      const configuration = { AccountId: reader.accountId, InternetGatewayBlockMode }
      return ec2Item(reader, OPTIONS, 'vpc-block-public-access-options', { id: reader.accountId }, configuration)
    },
  )
  if (answer.state === 'known') return { items: [answer.value], coverage: [covered(reader, OPTIONS)], gaps: [] }
  return { items: [], coverage: [covered(reader, OPTIONS, failureOf(answer))], gaps: gapsOf(answer, OPTIONS) }
}

async function listExclusions(reader: Ec2Reader): Promise<Reading> {
  const { reading } = await list(reader, {
    type: EXCLUSION,
    action: 'ec2:DescribeVpcBlockPublicAccessExclusions',
    page: async (NextToken, abortSignal) => {
      const command = new DescribeVpcBlockPublicAccessExclusionsCommand({ MaxResults: 1000, NextToken })
      const output = await reader.client.send(command, { abortSignal })
      return { entries: output.VpcBlockPublicAccessExclusions, nextToken: output.NextToken }
    },
    item: (exclusion) => exclusionItem(reader, exclusion),
  })
  return reading
}

/** In force while it is changed or taken away; over when it failed, was deleted or disabled. */
const over = new Set(['create-failed', 'create-in-progress', 'delete-complete', 'disable-complete'])

function exclusionItem(reader: Ec2Reader, exclusion: VpcBlockPublicAccessExclusion): JsonObject | undefined {
  if (over.has(needText(exclusion.State, 'State'))) return undefined
  const [kind, id] = parseArn(needText(exclusion.ResourceArn, 'ResourceArn'))?.resource.split('/') ?? []
  if (id === undefined || (kind !== 'vpc' && kind !== 'subnet'))
    throw new MalformedAnswer('exclusion of something else')
  const configuration = {
    ...picked(exclusion, ['ExclusionId', 'InternetGatewayExclusionMode']),
    [kind === 'vpc' ? 'VpcId' : 'SubnetId']: id,
  }
  return ec2Item(reader, EXCLUSION, 'vpc-block-public-access-exclusion', { id: exclusion.ExclusionId }, configuration)
}
