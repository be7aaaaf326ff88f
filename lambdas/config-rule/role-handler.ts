import { foreignOfEnvironment } from '../../shared/live/foreign-of-environment.ts'
import { judgingFunctions } from '../../shared/live/function-names.ts'
import { roleSources, roleSourcesOnce } from '../../shared/live/sources/role-sources.ts'
import { roleRules } from '../../shared/rules/role-rules.ts'
import { clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { workloadClients } from '../../shared/runtime/workload-clients.ts'
import { createHandler } from './create-handler.ts'
import { production } from './production.ts'

const parts = production()
const workloads = clientsPerRegion(workloadClients)
const clients = (region: string) => ({ ...workloads(region), ecr: parts.clients(region).ecr })

/** The entry point of pullpath-role-permission-auditor, which AWS Config invokes. */
export const handler = createHandler({
  ...parts,
  rules: roleRules,
  foreign: foreignOfEnvironment(parts.variables, judgingFunctions.role),
  sources: (region) => roleSources(clients(region)),
  sourcesOnce: (region) => roleSourcesOnce(clients(region)),
})
