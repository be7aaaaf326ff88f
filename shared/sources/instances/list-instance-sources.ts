import { joinReadings, type Reading } from '../reading.ts'
import { listAutoScalingGroups } from './auto-scaling-groups.ts'
import { listInstanceProfiles } from './instance-profiles.ts'
import { listLaunchTemplates } from './launch-templates.ts'
import type { InstanceReader } from './reader.ts'

/** Reads what container instances and nodes are made from: Auto Scaling groups, launch templates and instance profiles. */
export async function listInstanceSources(reader: InstanceReader): Promise<Reading> {
  const groups = await listAutoScalingGroups(reader)
  const [templates, profiles] = await Promise.all([
    listLaunchTemplates(reader, groups.templates),
    listInstanceProfiles(reader),
  ])
  return joinReadings([groups.reading, templates, profiles])
}
