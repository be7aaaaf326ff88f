import type { ChangedResource } from '../../events/audit-request.ts'
import { parseArn } from '../../model/arn.ts'
import { InputError } from '../../model/errors.ts'
import { type JsonObject, ownList, ownObject, ownString } from '../../model/json.ts'
import type { ResourceRef } from '../../model/resource.ts'
import { permissions as ofRegistry } from '../../sources/ecr/permissions.ts'
import { namesCluster, readService } from '../../sources/ecs/read-service.ts'
import { readTaskDefinition } from '../../sources/ecs/task-definitions.ts'
import { policyType } from '../../sources/iam/reader.ts'
import { joinReadings, type Reading } from '../../sources/reading.ts'
import type { LiveServices } from '../live-services.ts'
import type { Focus, LiveReader, LiveResource, LiveSource } from '../live-source.ts'
import { eksSource } from './eks.ts'
import { partly } from './partly.ts'
import { liveServices } from './services.ts'
import { type VpcClients, type VpcSight, vpcSight } from './vpc.ts'

const serviceType = 'AWS::ECS::Service'
const clusterType = 'AWS::ECS::Cluster'
const definitionType = 'AWS::ECS::TaskDefinition'
const none: Reading = { items: [], coverage: [], gaps: [] }
const ecrTypes: readonly string[] = [...new Set(ofRegistry.flatMap(({ reads }): readonly string[] => reads))]
/** What says which images services run; anything else but the registry is about the way they take. */
const runningTypes: readonly string[] = [serviceType, clusterType, definitionType]

/** Services as the function sees them: one by one, and all of them as a source for sweeps. */
export interface ServiceSight {
  readonly services: LiveServices
  readonly source: LiveSource
}

/**
 * Sees the services of one region, the images they run, and the way those take. What it remembers lives as long as the process, for
 * 60 seconds.
 */
export function serviceSight(clients: VpcClients): ServiceSight {
  const services = liveServices(clients)
  const eyes = { clients, services, networks: vpcSight(clients) }
  return {
    services,
    source: {
      types: [...new Set([...eyes.networks.source.types, ...ecrTypes, policyType])],
      views: eyes.networks.source.views,
      list: (reader, types) => list(eyes, reader, types),
      around: (reader, types, focus) => around(eyes, reader, types, focus),
      judged: new Map([
        // Rules that judge services may judge these as well.
        ...eksSource(clients.eks).judged,
        [serviceType, { refOf: serviceRef, lookAt: (reader, { arn }) => lookAtService(eyes, reader, arn) }],
      ]),
    },
  }
}

interface Eyes {
  readonly clients: VpcClients
  readonly services: LiveServices
  readonly networks: VpcSight
}

async function list(eyes: Eyes, reader: LiveReader, types: readonly string[]): Promise<Reading> {
  if (types.length === 0) return none
  const running = isAboutWay(types)
    ? await eyes.networks.source.list(reader, withoutRegistry(types))
    : await eyes.services.running(reader)
  return joinReadings([running, await registryOf(eyes, reader, types, running)])
}

function isAboutWay(types: readonly string[]): boolean {
  return types.some((type) => !runningTypes.includes(type) && !ecrTypes.includes(type))
}

function withoutRegistry(types: readonly string[]): readonly string[] {
  return types.filter((type) => !ecrTypes.includes(type))
}

/** Of the registry the repositories that the services of a reading run images of, and what else is asked for. */
async function registryOf(
  { services }: Eyes,
  reader: LiveReader,
  types: readonly string[],
  running: Reading,
): Promise<Reading> {
  const wanted = types.filter((type) => ecrTypes.includes(type))
  if (wanted.length === 0) return none
  const names = services.uses(running, reader).flatMap(({ repositories }) => repositories)
  return services.registry(reader, [...new Set(names)].sort(), wanted)
}

/** What the images of one service, and the way they take, are judged by. The item may be what an event claims: it only says where to look. */
async function around(eyes: Eyes, reader: LiveReader, types: readonly string[], { item }: Focus): Promise<Reading> {
  if (types.length === 0) return none
  const definition = await definitionOf(eyes, reader, item)
  const [registry, way] = await Promise.all([
    registryOf(eyes, reader, types, joinReadings([{ ...none, items: [item] }, definition])),
    isAboutWay(types) ? wayOf(eyes, reader, withoutRegistry(types), item) : none,
  ])
  return joinReadings([definition, registry, way])
}

async function definitionOf({ clients }: Eyes, reader: LiveReader, item: JsonObject): Promise<Reading> {
  const arn = ownString(configurationOf(item), 'TaskDefinition')
  if (arn === undefined) return none
  const found = await readTaskDefinition({ ...reader, client: clients.ecs }, arn)
  const gone = found.state === 'gone' ? 1 : 0
  return {
    items: found.state === 'present' ? [found.item] : [],
    coverage: [partly(reader, definitionType, { answered: found.state !== 'unknown', gone })],
    gaps: found.state === 'unknown' ? [found.gap] : [],
  }
}

/** All subnets of a service are in one VPC. Where it has none of its own, it runs on instances that may be anywhere. */
async function wayOf(
  { networks }: Eyes,
  reader: LiveReader,
  types: readonly string[],
  item: JsonObject,
): Promise<Reading> {
  const subnet = subnetOf(item)
  if (subnet === undefined) return networks.source.list(reader, types)
  const { accountId, region, readAt: capturedAt } = reader
  const named = { type: 'AWS::EC2::Subnet', id: subnet, arn: undefined, name: undefined, accountId, region }
  const place = await networks.vpcs.placeOf(reader, { ...named, status: 'OK', capturedAt, leftScope: false })
  if (place.state === 'unknown') return { ...none, gaps: place.gaps }
  if (place.state === 'gone') return none
  const found = await networks.vpcs.read(reader, place.vpcId, types)
  if (found.state === 'unknown') return { ...none, gaps: found.gaps }
  return found.state === 'gone' ? none : found.reading
}

function subnetOf(item: JsonObject): string | undefined {
  const network = ownObject(configurationOf(item), 'NetworkConfiguration') ?? {}
  const [first] = ownList(ownObject(network, 'AwsvpcConfiguration') ?? {}, 'Subnets')
  return typeof first === 'string' && /^subnet-[0-9a-z]{1,32}$/.test(first) ? first : undefined
}

function configurationOf(item: JsonObject): JsonObject {
  return ownObject(item, 'configuration') ?? {}
}

/** AWS Config knows a service by its ARN. @throws InputError for one of another account or region */
function serviceRef({ accountId, region }: LiveReader, { type, id, arn }: ChangedResource): ResourceRef {
  const found = [arn ?? '', id].find((text) => parseArn(text)?.service === 'ecs') ?? ''
  const parsed = parseArn(found)
  const isOwn = parsed?.accountId === accountId && parsed.region === region
  if (!isOwn || !/^service\/(?:[\w-]{1,255}\/)?[\w-]{1,255}$/.test(parsed.resource)) {
    throw new InputError('configurationItem.ARN: expected a service of the account and region of this function')
  }
  return { type, id, arn: found, accountId, region }
}

async function lookAtService({ clients, services }: Eyes, reader: LiveReader, arn: string): Promise<LiveResource> {
  if (!namesCluster(arn)) return lookInListing(await services.running(reader), arn)
  const found = await readService({ ...reader, client: clients.ecs }, arn)
  if (found.state === 'unknown') return { state: 'unknown', gaps: [found.gap] }
  return found.state === 'gone' ? found : { ...found, gaps: [] }
}

function lookInListing({ items, coverage, gaps }: Reading, arn: string): LiveResource {
  const item = items.find((one) => ownString(one, 'arn') === arn)
  if (item !== undefined) return { state: 'present', item, gaps: [] }
  const isListed = coverage.every(({ resourceType, status }) => resourceType !== serviceType || status === 'known')
  if (isListed) return { state: 'gone' }
  return { state: 'unknown', gaps: gaps.filter(({ resourceType }) => resourceType === serviceType) }
}
