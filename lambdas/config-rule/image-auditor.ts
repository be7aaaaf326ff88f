import { foreignOfEnvironment } from '../../shared/live/foreign-of-environment.ts'
import { judgingFunctions } from '../../shared/live/function-names.ts'
import { serviceSight } from '../../shared/live/sources/service-sight.ts'
import { imageRules } from '../../shared/rules/image-rules.ts'
import { clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { networkClients } from '../../shared/runtime/network-clients.ts'
import { workloadClients } from '../../shared/runtime/workload-clients.ts'
import { createHandler } from './create-handler.ts'
import { production } from './production.ts'

/** What judges images. It has no function of its own: it is a part of pullpath-pull-failure, which knows workloads and registries. */
export function imageAuditor() {
  const parts = production()
  /** Kept between invocations, with what was read a moment ago. */
  const sights = clientsPerRegion((region) =>
    serviceSight({ ...workloadClients(region), ...networkClients(region), ecr: parts.clients(region).ecr }),
  )
  return createHandler({
    ...parts,
    rules: imageRules,
    foreign: foreignOfEnvironment(parts.variables, judgingFunctions.image),
    sources: (region) => [sights(region).source],
    services: (region) => sights(region).services,
  })
}
