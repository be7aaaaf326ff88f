import { DescribeLaunchTemplateVersionsCommand, type LaunchTemplateVersion } from '@aws-sdk/client-ec2'
import { partitionOf } from '../../model/arn.ts'
import type { JsonObject } from '../../model/json.ts'
import { picked } from '../ec2/reader.ts'
import { MalformedAnswer } from '../failure.ts'
import { askPages, covered, failureOf, needList, needText, type Reading, rawItem, unlisted } from '../reading.ts'
import type { InstanceReader } from './reader.ts'
import type { UsedTemplate } from './used-templates.ts'

const TYPE = 'AWS::EC2::LaunchTemplate'

interface Version {
  readonly id: string
  readonly name: string
  readonly number: number
  readonly data: JsonObject
}

/**
 * Reads every launch template of the region by its default and its latest version. An item has room for one version: the data
 * is stated only when both versions, and every version a group names by number, say the same of what instances get.
 */
export async function listLaunchTemplates(reader: InstanceReader, used: readonly UsedTemplate[]): Promise<Reading> {
  const action = 'ec2:DescribeLaunchTemplateVersions'
  const answer = await askPages(reader, action, undefined, async (NextToken, abortSignal) => {
    const Versions = ['$Default', '$Latest']
    const command = new DescribeLaunchTemplateVersionsCommand({ Versions, MaxResults: 200, NextToken })
    const output = await reader.ec2.send(command, { abortSignal })
    const entries = needList(output.LaunchTemplateVersions, 'LaunchTemplateVersions').map(versionOf)
    return { entries, nextToken: output.NextToken }
  })
  if (answer.state !== 'known') return unlisted(reader, [TYPE], failureOf(answer))
  const templates = Map.groupBy(answer.value, ({ id }) => id)
  const items = [...templates.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [itemOf(reader, first, others, used)],
  )
  return { items, coverage: [covered(reader, TYPE)], gaps: [] }
}

function versionOf(version: LaunchTemplateVersion): Version {
  const { LaunchTemplateData } = version
  if (LaunchTemplateData === undefined || version.VersionNumber === undefined) {
    throw new MalformedAnswer('launch template without data')
  }
  const interfaces = LaunchTemplateData.NetworkInterfaces?.map((one) =>
    picked(one, ['DeviceIndex', 'NetworkInterfaceId', 'Groups', 'AssociatePublicIpAddress', 'SubnetId']),
  )
  return {
    id: needText(version.LaunchTemplateId, 'LaunchTemplateId'),
    name: needText(version.LaunchTemplateName, 'LaunchTemplateName'),
    number: version.VersionNumber,
    data: {
      ...picked(LaunchTemplateData, ['IamInstanceProfile', 'SecurityGroupIds', 'SecurityGroups']),
      ...(interfaces === undefined || interfaces.length === 0 ? {} : { NetworkInterfaces: interfaces }),
    },
  }
}

function itemOf(
  reader: InstanceReader,
  first: Version,
  others: readonly Version[],
  used: readonly UsedTemplate[],
): JsonObject {
  const { id, name, data } = first
  const numbers = new Set([first, ...others].map((one) => String(one.number)))
  const isRead = used
    .filter((one) => one.LaunchTemplateId === id || one.LaunchTemplateName === name)
    .every(({ Version = '$Default' }) => Version.startsWith('$') || numbers.has(Version))
  const agree = others.every((other) => JSON.stringify(other.data) === JSON.stringify(data))
  const configuration = { Id: id, LaunchTemplateName: name, ...(isRead && agree ? { LaunchTemplateData: data } : {}) }
  const { accountId, region } = reader
  const arn = `arn:${partitionOf(region)}:ec2:${region}:${accountId}:launch-template/${id}`
  return rawItem(reader, TYPE, { id, arn, name }, configuration)
}
