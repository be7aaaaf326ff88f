import type { Hint } from '../../shared/events/resource-change.ts'
import type { EcsService } from '../../shared/inventory/ecs.ts'
import type { Inventory } from '../../shared/inventory/inventory.ts'
import { type Decision, everywhere, type Ground, gone, unread } from '../../shared/live/decision.ts'
import { inventoryOf, judge } from '../../shared/live/judge.ts'
import type { LiveReader } from '../../shared/live/live-source.ts'
import type { ResourceRef } from '../../shared/model/resource.ts'
import { imagesOfService } from '../../shared/rules/service-images.ts'
import { joinReadings, type Reading } from '../../shared/sources/reading.ts'
import type { LiveServices } from './live-services.ts'

const serviceType = 'AWS::ECS::Service'
const types = [serviceType, 'AWS::ECS::TaskDefinition', 'AWS::ECS::Cluster']

/**
 * Decides about the hinted service, or about those that run images of the hinted repository.
 * @throws Error when services could not be listed just now, so that nobody knows whom it concerns
 */
export async function decideServices(hint: Hint, services: LiveServices, ground: Ground): Promise<Decision> {
  const { selected, view } = ground
  const reading = await services.running(readerFor(hint, view.reader))
  const inventory = inventoryOf(reading, types, view.reader)
  const concerned = inventory.ecsServices.filter((service) => isConcerned(service, hint, inventory, view.reader))
  if (concerned.length === 0) return withoutServices(hint, reading, ground)
  const names = new Set(concerned.flatMap((service) => ownRepositories(service, inventory, view.reader)))
  const registry = await services.registry(view.reader, [...names].sort(), selected.rule.reads)
  const arns = new Set(concerned.map(({ ref }) => ref.arn))
  const { findings } = judge(selected, view.reader, joinReadings([reading, registry]), ({ arn }) => arns.has(arn))
  return everywhere(findings)
}

/** Only a change of the service itself has to show in what was read of services. */
function readerFor({ type }: Hint, reader: LiveReader): LiveReader {
  if (type === serviceType) return reader
  const { changedAt: _, ...anyTime } = reader
  return anyTime
}

function isConcerned(service: EcsService, { type, name }: Hint, inventory: Inventory, reader: LiveReader): boolean {
  if (type === serviceType) return service.ref.arn === name
  return ownRepositories(service, inventory, reader).includes(name)
}

/** The repositories of our own registry that a service runs images of. */
function ownRepositories(
  service: EcsService,
  inventory: Inventory,
  { accountId, region }: LiveReader,
): readonly string[] {
  const images = imagesOfService(service, inventory)
  if (images.state !== 'known') return []
  return images.value.flatMap(({ reference }) => {
    const isOwn = reference.kind === 'ecrPrivate' && reference.accountId === accountId && reference.region === region
    return isOwn ? [reference.repository] : []
  })
}

function withoutServices(hint: Hint, { coverage, gaps }: Reading, { selected, view }: Ground): Decision {
  const isListed = coverage.every((row) => row.resourceType !== serviceType || row.status === 'known')
  const ofServices = gaps.filter(({ resourceType }) => types.includes(resourceType))
  const passing = ofServices.find(({ transience }) => transience === 'passing')
  if (passing) throw new Error(`services could not be read yet: ${passing.reason}`)
  // Images nobody runs concern no service.
  if (hint.type !== serviceType) return everywhere([])
  const { accountId, region } = view.reader
  const ref: ResourceRef = { type: serviceType, id: hint.name, arn: hint.name, accountId, region }
  return isListed ? gone(selected, ref) : everywhere([unread(selected, ref, ofServices)])
}
