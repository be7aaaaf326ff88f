import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { ECRClient } from '@aws-sdk/client-ecr'
import type { ECSClient } from '@aws-sdk/client-ecs'
import { allViews } from '../../inventory/view-groups.ts'
import type { JsonObject } from '../../model/json.ts'
import { imageWorkloads, type Workload } from '../../pull/workloads.ts'
import type { WorkloadClients } from '../../runtime/workload-clients.ts'
import { listCapacityProviders } from '../../sources/ecs/capacity-providers.ts'
import { readServices } from '../../sources/ecs/services.ts'
import { readTaskDefinition } from '../../sources/ecs/task-definitions.ts'
import { roleType } from '../../sources/iam/reader.ts'
import { listAutoScalingGroups } from '../../sources/instances/auto-scaling-groups.ts'
import { listInstanceProfiles } from '../../sources/instances/instance-profiles.ts'
import { listLaunchTemplates } from '../../sources/instances/launch-templates.ts'
import type { InstanceReader } from '../../sources/instances/reader.ts'
import { forEachConcurrently, type Gap, joinReadings, type Reading } from '../../sources/reading.ts'
import { inventoryOf } from '../judge.ts'
import type { LiveReader } from '../live-source.ts'
import { listTypes } from './ecr.ts'
import { eksSource } from './eks.ts'
import { readRoles } from './iam.ts'
import { partly } from './partly.ts'

const definitionType = 'AWS::ECS::TaskDefinition'
const repositoryType = 'AWS::ECR::Repository'
const groupType = 'AWS::AutoScaling::AutoScalingGroup'
const templateType = 'AWS::EC2::LaunchTemplate'
const profileType = 'AWS::IAM::InstanceProfile'
const none: Reading = { items: [], coverage: [], gaps: [] }
/** Task definitions read at the same time. */
const CONCURRENCY = 8

/** The clients that say what pulls images. */
export type PullingClients = WorkloadClients & {
  readonly autoScaling: AutoScalingClient
  readonly ec2: EC2Client
  readonly ecr: ECRClient
}

/** Types of what pulls images, and of what that runs on. */
export const workloadTypes: readonly string[] = [
  groupType,
  templateType,
  'AWS::ECS::CapacityProvider',
  'AWS::ECS::Cluster',
  'AWS::ECS::Service',
  definitionType,
  'AWS::EKS::Cluster',
  'AWS::EKS::FargateProfile',
  'AWS::EKS::Nodegroup',
]

/** Types of what images are pulled with. */
export const pullerTypes: readonly string[] = [repositoryType, profileType, roleType]

/** Everything of the region that pulls images: services with the task definitions they use, node groups, Fargate profiles. */
export async function readWorkloads(
  clients: PullingClients,
  reader: LiveReader,
  types: readonly string[],
): Promise<Reading> {
  const eks = eksSource(clients.eks)
  const ecs = { ...reader, client: clients.ecs }
  const readsServices = types.some((type) => type.startsWith('AWS::ECS::') && type !== 'AWS::ECS::CapacityProvider')
  const readings = await Promise.all([
    readsServices ? readServicesInUse(ecs) : none,
    types.includes('AWS::ECS::CapacityProvider') ? listCapacityProviders(ecs) : none,
    types.includes(groupType) || types.includes(templateType) ? readInstances(instanceReader(clients, reader)) : none,
    eks.list(
      reader,
      types.filter((type) => eks.types.includes(type)),
    ),
  ])
  return joinReadings(readings)
}

function instanceReader(clients: PullingClients, reader: LiveReader): InstanceReader {
  return { ...reader, ec2: clients.ec2, autoScaling: clients.autoScaling, iam: clients.iam }
}

async function readInstances(reader: InstanceReader): Promise<Reading> {
  const groups = await listAutoScalingGroups(reader)
  return joinReadings([groups.reading, await listLaunchTemplates(reader, groups.templates)])
}

/** A task definition that no service uses pulls nothing: of those in use each is read, of the others none. */
async function readServicesInUse(reader: LiveReader & { readonly client: ECSClient }): Promise<Reading> {
  const { reading, taskDefinitionArns } = await readServices(reader)
  const items: JsonObject[] = []
  const gaps: Gap[] = []
  let gone = 0
  await forEachConcurrently(taskDefinitionArns, CONCURRENCY, async (arn) => {
    const found = await readTaskDefinition(reader, arn)
    if (found.state === 'present') items.push(found.item)
    if (found.state === 'gone') gone += 1
    if (found.state === 'unknown') gaps.push(found.gap)
  })
  const answered = gaps.length === 0
  return joinReadings([reading, { items, coverage: [partly(reader, definitionType, { answered, gone })], gaps }])
}

/**
 * What the workloads of a VPC (of all without one) pull with: their roles; and the repositories of the registry, when it is not
 * known which of them a workload uses.
 */
export async function readPullers(
  clients: PullingClients,
  reader: LiveReader,
  asked: { readonly types: readonly string[]; readonly vpcId?: string },
  before: Reading,
): Promise<Reading> {
  const { types, vpcId } = asked
  if (!pullerTypes.some((type) => types.includes(type))) return none
  const profiles = types.includes(profileType) ? await listInstanceProfiles(instanceReader(clients, reader)) : none
  const inventory = inventoryOf(joinReadings([before, profiles]), types, reader, { views: allViews })
  const workloads = imageWorkloads(inventory).filter((one) => vpcId === undefined || one.vpcId === vpcId)
  const [roles, repositories] = await Promise.all([
    types.includes(roleType) ? readRoles({ ...reader, client: clients.iam }, rolesOf(workloads)) : none,
    types.includes(repositoryType) ? readRepositories(clients.ecr, reader, workloads) : none,
  ])
  return joinReadings([profiles, roles, repositories])
}

function rolesOf(workloads: readonly Workload[]): readonly string[] {
  const names = workloads.flatMap(({ pullers }) => (pullers.state === 'known' ? pullers.value : []))
  return [...new Set(names.map(({ roleName }) => roleName))]
}

/** Images name their repositories, and nodes pull from AWS: only without known images any repository counts. */
function readRepositories(client: ECRClient, reader: LiveReader, workloads: readonly Workload[]): Promise<Reading> {
  const anyCounts = workloads.some(({ compute, images }) => compute !== 'node' && images.state === 'unknown')
  if (anyCounts) return listTypes({ ...reader, client }, [repositoryType])
  const coverage = [partly(reader, repositoryType, { answered: true, gone: 0 })]
  return Promise.resolve({ items: [], coverage, gaps: [] })
}
