import type { ECRClient } from '@aws-sdk/client-ecr'
import type { WorkloadClients } from '../../runtime/workload-clients.ts'
import type { LiveSource } from '../live-source.ts'
import { readOnce } from '../read-once.ts'
import { ecrSource } from './ecr.ts'
import { ecsSource } from './ecs.ts'
import { eksSource } from './eks.ts'
import { iamSource } from './iam.ts'
import { ecrSourceForRoles } from './named-repositories.ts'

type RoleClients = WorkloadClients & { readonly ecr: ECRClient }

/** Everything the rules of area `role` look at. Guardrails of the organization are not readable in a member account. */
export function roleSources(clients: RoleClients): readonly LiveSource[] {
  return [ecrSourceForRoles(clients.ecr), iamSource(clients.iam), ecsSource(clients.ecs), eksSource(clients.eks)]
}

/** The same for an event that several rules judge: each asked once, except for what depends on the rule. */
export function roleSourcesOnce({ ecr, iam, ecs, eks }: RoleClients): readonly LiveSource[] {
  // Which repositories a rule needs depends on the rule; what the registry lists does not.
  const registry = ecrSourceForRoles(ecr, readOnce(ecrSource(ecr)))
  return [registry, ...[iamSource(iam), ecsSource(ecs), eksSource(eks)].map(readOnce)]
}
