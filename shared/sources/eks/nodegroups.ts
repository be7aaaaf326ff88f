import { DescribeNodegroupCommand, ListNodegroupsCommand, type Nodegroup } from '@aws-sdk/client-eks'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, ask, askPages, needList, needText, present, type Reading, rawItem } from '../reading.ts'
import { listMembers, type MemberReading, memberReading } from './members.ts'
import { type EksReader, NONE, ownArn } from './reader.ts'

const TYPE = 'AWS::EKS::Nodegroup'

/** Reads one managed node group. `resourceArn`, when the caller knows it, names the resource in a gap. */
export async function readNodegroup(
  reader: EksReader,
  clusterName: string,
  nodegroupName: string,
  resourceArn?: string,
): Promise<MemberReading> {
  return memberReading(await describe(reader, clusterName, nodegroupName), TYPE, resourceArn)
}

/** Reads all managed node groups of the region. */
export function listNodegroups(reader: EksReader): Promise<Reading> {
  return listMembers(
    reader,
    TYPE,
    (clusterName) => namesIn(reader, clusterName),
    (clusterName, name) => describe(reader, clusterName, name),
  )
}

function namesIn(reader: EksReader, clusterName: string): Promise<Answer<readonly string[]>> {
  return askPages(reader, 'eks:ListNodegroups', NONE, async (nextToken, abortSignal) => {
    const command = new ListNodegroupsCommand({ clusterName, maxResults: 100, nextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.nodegroups, 'nodegroups').map((name) => needText(name, 'node group name'))
    return { entries, nextToken: output.nextToken }
  })
}

function describe(reader: EksReader, clusterName: string, nodegroupName: string): Promise<Answer<JsonObject>> {
  return ask(
    reader,
    'eks:DescribeNodegroup',
    NONE,
    (abortSignal) => reader.client.send(new DescribeNodegroupCommand({ clusterName, nodegroupName }), { abortSignal }),
    ({ nodegroup }) => {
      if (nodegroup?.clusterName !== clusterName || nodegroup.nodegroupName !== nodegroupName) {
        throw new MalformedAnswer('another node group')
      }
      return itemOf(reader, nodegroup, clusterName, nodegroupName)
    },
  )
}

function itemOf(reader: EksReader, nodegroup: Nodegroup, clusterName: string, name: string): JsonObject {
  const arn = ownArn(reader, nodegroup.nodegroupArn)
  const template = nodegroup.launchTemplate
  const configuration = present({
    ClusterName: clusterName,
    NodegroupName: name,
    Arn: arn,
    NodeRole: needText(nodegroup.nodeRole, 'nodeRole'),
    Subnets: needList(nodegroup.subnets, 'subnets').map((subnet) => needText(subnet, 'subnet')),
    LaunchTemplate: template && present({ Id: template.id, Name: template.name, Version: template.version }),
    AmiType: nodegroup.amiType,
    CapacityType: nodegroup.capacityType,
    Labels: nodegroup.labels,
  })
  return rawItem(reader, TYPE, { id: `${clusterName}/${name}`, arn, name }, configuration)
}
