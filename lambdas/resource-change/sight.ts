import { readOnce } from '../../shared/live/read-once.ts'
import { ecrSource } from '../../shared/live/sources/ecr.ts'
import { ecsSource } from '../../shared/live/sources/ecs.ts'
import { eksSource } from '../../shared/live/sources/eks.ts'
import { iamSource } from '../../shared/live/sources/iam.ts'
import { ecrSourceForRoles } from '../../shared/live/sources/named-repositories.ts'
import { type VpcClients, vpcSight } from '../../shared/live/sources/vpc.ts'
import type { Sight } from './dependencies.ts'
import { liveServices } from './live-services.ts'

/** Sees one region. What is remembered of networks and services lives as long as the process, for 60 seconds each. */
export function sightOf(clients: VpcClients & Pick<Sight, 'config'>): Sight {
  const { source, vpcs } = vpcSight(clients)
  return {
    sources: () => [
      // What its listing holds is asked for once; which repositories a rule needs depends on the rule.
      ecrSourceForRoles(clients.ecr, readOnce(ecrSource(clients.ecr))),
      ...[iamSource(clients.iam), ecsSource(clients.ecs), eksSource(clients.eks)].map(readOnce),
    ],
    network: source,
    vpcs,
    services: liveServices(clients),
    config: clients.config,
  }
}
