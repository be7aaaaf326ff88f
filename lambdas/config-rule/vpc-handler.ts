import { foreignOfEnvironment } from '../../shared/live/foreign-of-environment.ts'
import { judgingFunctions } from '../../shared/live/function-names.ts'
import { vpcSight } from '../../shared/live/sources/vpc.ts'
import { vpcRules } from '../../shared/rules/vpc-rules.ts'
import { clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { networkClients } from '../../shared/runtime/network-clients.ts'
import { workloadClients } from '../../shared/runtime/workload-clients.ts'
import { createHandler } from './create-handler.ts'
import { production } from './production.ts'

const parts = production()
/** Kept between invocations, with what was read a moment ago. */
const sights = clientsPerRegion((region) =>
  vpcSight({ ...workloadClients(region), ...networkClients(region), ecr: parts.clients(region).ecr }),
)

/** The entry point of pullpath-vpc-endpoint-auditor, which AWS Config invokes. */
export const handler = createHandler({
  ...parts,
  rules: vpcRules,
  foreign: foreignOfEnvironment(parts.variables, judgingFunctions.vpc),
  sources: (region) => [sights(region).source],
  vpcs: (region) => sights(region).vpcs,
})
