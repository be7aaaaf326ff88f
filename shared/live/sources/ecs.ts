import type { ECSClient } from '@aws-sdk/client-ecs'
import type { ChangedResource } from '../../events/audit-request.ts'
import { ecsViews, instanceViews } from '../../inventory/view-groups.ts'
import { parseArn, partitionOf } from '../../model/arn.ts'
import { InputError } from '../../model/errors.ts'
import { ownObject, ownString } from '../../model/json.ts'
import type { ResourceRef } from '../../model/resource.ts'
import { listCapacityProviders } from '../../sources/ecs/capacity-providers.ts'
import type { EcsReader } from '../../sources/ecs/reader.ts'
import { readServices } from '../../sources/ecs/services.ts'
import { listCurrentTaskDefinitions, readTaskDefinition } from '../../sources/ecs/task-definitions.ts'
import { joinReadings, type Reading } from '../../sources/reading.ts'
import type { Focus, LiveReader, LiveResource, LiveSource } from '../live-source.ts'

const definitionType = 'AWS::ECS::TaskDefinition'
const serviceTypes = ['AWS::ECS::Service', 'AWS::ECS::Cluster']
const providerType = 'AWS::ECS::CapacityProvider'

/** Task definitions, services, clusters and capacity providers of the region. */
export function ecsSource(client: Pick<ECSClient, 'send'>): LiveSource {
  const at = (reader: LiveReader) => ({ ...reader, client })
  return {
    types: [definitionType, ...serviceTypes, providerType],
    // Capacity providers lead to instances: what those are made from is asked for, and unknown.
    views: [ecsViews, instanceViews],
    list: (reader, types) => list(at(reader), types),
    around: (reader, types, focus) => around(at(reader), types, focus),
    judged: new Map([
      [definitionType, { refOf: definitionRef, lookAt: (reader, ref) => lookAtDefinition(at(reader), ref) }],
    ]),
  }
}

async function list(reader: EcsReader, types: readonly string[]): Promise<Reading> {
  const readings = await Promise.all([
    ...(types.includes(definitionType) ? [listCurrentTaskDefinitions(reader)] : []),
    ...(!types.includes(definitionType) && types.some((type) => serviceTypes.includes(type)) ? [services(reader)] : []),
    ...(types.includes(providerType) ? [listCapacityProviders(reader)] : []),
  ])
  return joinReadings(readings)
}

async function services(reader: EcsReader): Promise<Reading> {
  return (await readServices(reader)).reading
}

/** A definition that is not the newest of its family counts only while a service uses it: then services are read in any case. */
async function around(reader: EcsReader, types: readonly string[], { item }: Focus): Promise<Reading> {
  if (ownString(item, 'resourceType') !== definitionType) return list(reader, types)
  const family = ownString(ownObject(item, 'configuration') ?? {}, 'Family')
  const newest = family === undefined ? undefined : await readTaskDefinition(reader, family)
  const isNewest = newest?.state === 'present' && ownString(newest.item, 'arn') === ownString(item, 'arn')
  const rest = await list(reader, isNewest ? types : [...new Set([...types, ...serviceTypes])])
  const items = newest?.state === 'present' && !isNewest ? [newest.item] : []
  const gaps = newest?.state === 'unknown' ? [newest.gap] : []
  return joinReadings([rest, { items, coverage: [], gaps }])
}

/** The id of a task definition's item is its ARN, its family or its family and revision: only a revision is one resource. */
function definitionRef(reader: LiveReader, { type, id, arn, name }: ChangedResource): ResourceRef {
  const { accountId, region } = reader
  const prefix = `arn:${partitionOf(region)}:ecs:${region}:${accountId}:task-definition/`
  const revision = [id, name ?? ''].find((text) => /^[\w-]{1,255}:\d+$/.test(text))
  const found = [arn ?? '', id].find((text) => parseArn(text)?.service === 'ecs') ?? (revision && prefix + revision)
  if (found === undefined || !/^[\w-]{1,255}:\d+$/.test(found.slice(prefix.length)) || !found.startsWith(prefix)) {
    throw new InputError('configurationItem.ARN: expected a task definition of the account and region of this function')
  }
  return { type, id, arn: found, accountId, region }
}

async function lookAtDefinition(reader: EcsReader, ref: ResourceRef): Promise<LiveResource> {
  const reading = await readTaskDefinition(reader, ref.arn)
  return reading.state === 'unknown' ? { state: 'unknown', gaps: [reading.gap] } : reading
}
