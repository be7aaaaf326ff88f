import type { Hint } from '../../events/resource-change.ts'
import type { ResourceRef } from '../../model/resource.ts'
import { joinReadings, type Reading } from '../../sources/reading.ts'
import { type Decision, everywhere, type Ground, gone, unread } from '../decision.ts'
import { judgeTagged } from '../judge-tagged.ts'
import { readWhoIsOurs, type View } from '../live.ts'
import type { LiveServices, ServiceUse } from '../live-services.ts'
import type { LiveReader } from '../live-source.ts'

const serviceType = 'AWS::ECS::Service'
const types = [serviceType, 'AWS::ECS::TaskDefinition', 'AWS::ECS::Cluster']

/**
 * Decides about the hinted service, or about those that run images of the hinted repository.
 * @throws Error when services could not be listed just now, so that nobody knows whom it concerns
 */
export async function decideServices(hint: Hint, ground: Ground): Promise<Decision> {
  const { selected, view } = ground
  const services = servicesOf(view)
  const reading = await services.running(readerFor(hint, view.reader))
  const concerned = services.uses(reading, view.reader).filter((use) => isConcerned(use, hint))
  if (concerned.length === 0) return withoutServices(hint, reading, ground)
  const names = [...new Set(concerned.flatMap(({ repositories }) => repositories))].sort()
  const registry = await services.registry(view.reader, names, selected.rule.reads)
  const members = await readWhoIsOurs(view, selected.rule)
  const foreign = await view.foreign?.alongside(view.reader, selected.rule.reads, reading)
  const arns = new Set(concerned.map(({ arn }) => arn))
  const { findings } = await judgeTagged(
    selected,
    view,
    joinReadings([reading, registry, members, ...(foreign ? [foreign] : [])]),
    ({ arn }) => arns.has(arn),
  )
  return everywhere(findings)
}

function servicesOf({ services }: View): LiveServices {
  if (services === undefined) throw new Error('this function sees no services')
  return services
}

/** Only a change of the service itself has to show in what was read of services. */
function readerFor({ type }: Hint, reader: LiveReader): LiveReader {
  if (type === serviceType) return reader
  const { changedAt: _, ...anyTime } = reader
  return anyTime
}

function isConcerned({ arn, repositories }: ServiceUse, { type, name }: Hint): boolean {
  return type === serviceType ? arn === name : repositories.includes(name)
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
