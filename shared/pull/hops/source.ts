import { clip } from '../../model/quote.ts'
import type { Topology } from '../../network/topology.ts'
import type { SourceInterface } from '../../network/types.ts'
import type { PullToTrace } from '../trace-types.ts'
import { failing, type HopAnswer, passing, undecided } from './hop-answer.ts'

const whose = {
  fargateTask: 'the network interface of the task',
  containerInstance: 'the primary network interface of the instance',
  node: 'the primary network interface of the node',
  fargatePod: 'the network interface of the pod',
} as const

/** Which network interface pulls from a subnet, and whether the compute may run there. */
export function sourceHop(topology: Topology, { workload }: PullToTrace, source: SourceInterface): HopAnswer {
  const subnet = topology.subnet(source.subnetId)
  if (subnet === undefined) {
    const what = `subnet ${source.subnetId}`
    return undecided('subnet-not-in-inventory', `The ${what} is not in the inventory`, [what])
  }
  const groups = source.securityGroupIds?.join(', ') ?? 'security groups that are not known'
  const evidence = [{ source: `subnet ${subnet.id}`, detail: `${whose[workload.compute]} with ${groups}` }]
  const gateway = workload.compute === 'fargatePod' ? internetRoute(topology, source.subnetId) : undefined
  if (gateway !== undefined) {
    return failing(
      'fargate-pod-in-public-subnet',
      `${subnet.id} has a route to ${gateway.id}: EKS runs pods on Fargate in private subnets only`,
      {
        evidence: [...evidence, { source: `route table ${gateway.table}`, detail: `route to ${gateway.id}` }],
        fix: `Replace ${subnet.id} in the Fargate profile by a subnet without a route to an internet gateway`,
      },
    )
  }
  return passing('source-known', `${sentence(whose[workload.compute])} pulls`, { evidence })
}

/** The hop of a workload whose subnets are not known. */
export function unplacedHop({ workload, unplaced }: PullToTrace): HopAnswer {
  const reason = unplaced ?? 'its subnets are not known'
  return undecided('not-placed', `Where ${clip(workload.name)} runs is not known: ${clip(reason)}`, [clip(reason)])
}

function internetRoute(
  topology: Topology,
  subnetId: string,
): { readonly id: string; readonly table: string } | undefined {
  const subnet = topology.subnet(subnetId)
  const table = subnet && topology.routeTableOf(subnet)
  if (table?.state !== 'known' || table.value.routes.state !== 'known') return undefined
  const route = table.value.routes.value.find(
    ({ target, state }) => target.kind === 'internetGateway' && state === 'active',
  )
  return route && { id: route.target.id, table: table.value.id }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
