import type { ECRClient } from '@aws-sdk/client-ecr'
import type { WorkloadClients } from '../../runtime/workload-clients.ts'
import type { LiveSource } from '../live-source.ts'
import { ecsSource } from './ecs.ts'
import { eksSource } from './eks.ts'
import { iamSource } from './iam.ts'
import { ecrSourceForRoles } from './named-repositories.ts'

/** Everything the rules of area `role` look at. Guardrails of the organization are not readable in a member account. */
export function roleSources(clients: WorkloadClients & { readonly ecr: ECRClient }): readonly LiveSource[] {
  return [ecrSourceForRoles(clients.ecr), iamSource(clients.iam), ecsSource(clients.ecs), eksSource(clients.eks)]
}
