import { roleSources } from '../../shared/live/sources/role-sources.ts'
import { roleRules } from '../../shared/rules/role-rules.ts'
import { clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { workloadClients } from '../../shared/runtime/workload-clients.ts'
import { createHandler } from './create-handler.ts'
import { production } from './production.ts'

const parts = production()
const workloads = clientsPerRegion(workloadClients)

/** The entry point of pullpath-role-permission-auditor, which AWS Config invokes. */
export const handler = createHandler({
  ...parts,
  rules: roleRules,
  sources: (region) => roleSources({ ...workloads(region), ecr: parts.clients(region).ecr }),
})
