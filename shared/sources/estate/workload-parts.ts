import { type JsonObject, ownObject, ownString } from '../../model/json.ts'
import { listCapacityProviders } from '../ecs/capacity-providers.ts'
import type { EcsReader } from '../ecs/reader.ts'
import { listCurrentTaskDefinitions } from '../ecs/task-definitions.ts'
import { listClusters } from '../eks/clusters.ts'
import { listFargateProfiles } from '../eks/fargate-profiles.ts'
import { listNodegroups } from '../eks/nodegroups.ts'
import type { EksReader } from '../eks/reader.ts'
import { permissions as eksAccess } from '../eks-access/permissions.ts'
import { readEksAccess } from '../eks-access/read-eks-access.ts'
import { listAutoScalingGroups } from '../instances/auto-scaling-groups.ts'
import { listLaunchTemplates } from '../instances/launch-templates.ts'
import type { InstanceReader } from '../instances/reader.ts'
import type { UsedTemplate } from '../instances/used-templates.ts'
import { joinReadings, type Reading } from '../reading.ts'
import type { EstatePart } from './part.ts'
import type { EstateReader } from './reader.ts'
import { viaConfig } from './via-config.ts'

const fargateType = 'AWS::EKS::FargateProfile'
const nodegroupType = 'AWS::EKS::Nodegroup'
const groupType = 'AWS::AutoScaling::AutoScalingGroup'
const templateType = 'AWS::EC2::LaunchTemplate'
/** A collection has no function's deadline: families are read one by one up to here. */
const MAX_FAMILIES = 50_000

const ecsOf = ({ clients, ...reader }: EstateReader): EcsReader => ({ ...reader, client: clients.ecs })
const eksOf = ({ clients, ...reader }: EstateReader): EksReader => ({ ...reader, client: clients.eks })

/** What runs containers, and what that runs on. */
export const workloadParts: readonly EstatePart[] = [
  {
    types: ['AWS::ECS::Cluster', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition'],
    read: (reader) => listCurrentTaskDefinitions(ecsOf(reader), { maxFamilies: MAX_FAMILIES }),
  },
  { types: ['AWS::ECS::CapacityProvider'], read: (reader) => listCapacityProviders(ecsOf(reader)) },
  { types: ['AWS::EKS::Cluster'], read: (reader) => listClusters(eksOf(reader)) },
  {
    types: [fargateType],
    read: (reader, choice) => viaConfig(reader, choice, fargateType, () => listFargateProfiles(eksOf(reader))),
  },
  {
    types: [...new Set<string>(eksAccess.flatMap(({ reads }) => reads))],
    read: (reader, _choice, wanted) => readEksAccess(eksOf(reader), new Set(wanted)),
  },
  {
    types: [nodegroupType, groupType, templateType],
    read: (reader, _choice, wanted) => readNodes(reader, wanted),
  },
]

/** Launch templates come last: the versions that groups name by number have to be among those read. */
async function readNodes(reader: EstateReader, wanted: readonly string[]): Promise<Reading> {
  const { clients, ...place } = reader
  const instances: InstanceReader = { ...place, ec2: clients.ec2, autoScaling: clients.autoScaling, iam: clients.iam }
  const [nodegroups, groups] = await Promise.all([listNodegroups(eksOf(reader)), listAutoScalingGroups(instances)])
  const used = [...groups.templates, ...nodegroups.items.flatMap(templateOf)]
  const templates = wanted.includes(templateType) ? [await listLaunchTemplates(instances, used)] : []
  return joinReadings([nodegroups, groups.reading, ...templates])
}

function templateOf(nodegroup: JsonObject): readonly UsedTemplate[] {
  const template = ownObject(ownObject(nodegroup, 'configuration') ?? {}, 'LaunchTemplate')
  if (template === undefined) return []
  return [
    {
      LaunchTemplateId: ownString(template, 'Id'),
      LaunchTemplateName: ownString(template, 'Name'),
      Version: ownString(template, 'Version'),
    },
  ]
}
