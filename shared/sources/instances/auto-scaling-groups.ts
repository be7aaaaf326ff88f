import { type AutoScalingGroup, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling'
import { parseArn } from '../../model/arn.ts'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import {
  askPages,
  covered,
  failureOf,
  needList,
  needText,
  present,
  type Reading,
  rawItem,
  unlisted,
} from '../reading.ts'
import type { InstanceReader } from './reader.ts'
import { templatesOf, type UsedTemplate } from './used-templates.ts'

const TYPE = 'AWS::AutoScaling::AutoScalingGroup'

/** Auto Scaling groups, and the versions of launch templates they start instances from. */
export interface GroupsReading {
  readonly reading: Reading
  readonly templates: readonly UsedTemplate[]
}

/** Reads every Auto Scaling group of the region. */
export async function listAutoScalingGroups(reader: InstanceReader): Promise<GroupsReading> {
  const action = 'autoscaling:DescribeAutoScalingGroups'
  const answer = await askPages(reader, action, undefined, async (NextToken, abortSignal) => {
    const command = new DescribeAutoScalingGroupsCommand({ MaxRecords: 100, NextToken })
    const output = await reader.autoScaling.send(command, { abortSignal })
    const entries = needList(output.AutoScalingGroups, 'AutoScalingGroups').map((group) => ({
      item: itemOf(reader, group),
      templates: templatesOf(group),
    }))
    return { entries, nextToken: output.NextToken }
  })
  if (answer.state !== 'known') return { reading: unlisted(reader, [TYPE], failureOf(answer)), templates: [] }
  const items = answer.value.map(({ item }) => item)
  return {
    reading: { items, coverage: [covered(reader, TYPE)], gaps: [] },
    templates: answer.value.flatMap(({ templates }) => templates),
  }
}

function itemOf(reader: InstanceReader, group: AutoScalingGroup): JsonObject {
  const arn = needText(group.AutoScalingGroupARN, 'AutoScalingGroupARN')
  const name = needText(group.AutoScalingGroupName, 'AutoScalingGroupName')
  if (parseArn(arn)?.accountId !== reader.accountId) throw new MalformedAnswer('a group of another account')
  const mixed = group.MixedInstancesPolicy?.LaunchTemplate
  const specification = (one: UsedTemplate | undefined) => one && present({ ...one })
  const configuration = present({
    AutoScalingGroupName: name,
    AutoScalingGroupARN: arn,
    LaunchConfigurationName: group.LaunchConfigurationName || undefined,
    LaunchTemplate: specification(group.LaunchTemplate),
    MixedInstancesPolicy: group.MixedInstancesPolicy && {
      LaunchTemplate: present({
        LaunchTemplateSpecification: specification(mixed?.LaunchTemplateSpecification),
        Overrides: (mixed?.Overrides ?? []).map((override) =>
          present({ LaunchTemplateSpecification: specification(override.LaunchTemplateSpecification) }),
        ),
      }),
    },
    VPCZoneIdentifier: group.VPCZoneIdentifier || undefined,
  })
  return { ...rawItem(reader, TYPE, { id: arn, arn, name }, configuration), tags: tagsOf(group) }
}

function tagsOf({ Tags }: AutoScalingGroup): JsonObject {
  return Object.fromEntries((Tags ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])))
}
