import type { Vpc } from '../inventory/network.ts'
import { clip } from '../model/quote.ts'
import type { Scope } from '../model/resource.ts'
import type { MissingFact, Verdict } from '../model/verdict.ts'
import { notApplicable, undetermined } from '../model/verdict.ts'
import { reach } from '../network/reach.ts'
import { topologyOf } from '../network/topology.ts'
import type { Destination, Reach, SourceInterface } from '../network/types.ts'
import { remembering } from '../pull/remembered.ts'
import { type Workload, workloadsInVpc } from '../pull/workloads.ts'
import type { RuleContext } from './define-rule.ts'
import { missing } from './missing.ts'

/** One interface of a workload, and whether it reaches one host of a pull. */
export interface PullReach {
  readonly workload: Workload
  readonly source: SourceInterface
  readonly reach: Reach
}

/** A VPC in which images are pulled. */
export interface PullingVpc {
  readonly vpc: Vpc
  readonly reaches: readonly PullReach[]
  /** Workloads of this VPC whose subnets are not known. */
  readonly open: readonly MissingFact[]
  /** What a verdict about every workload takes for granted. */
  readonly assumptions: readonly string[]
}

const mostUnplaced = 10
const remembered = remembering<readonly PullReach[]>()

/** Judges a VPC by what pulls images in it. Without anything that does, the rule has nothing to say. */
export function judgePulls(vpc: Vpc, context: RuleContext, judge: (pulls: PullingVpc) => Verdict): Verdict {
  const { inventory } = context
  const owner = inventory.network.vpc(vpc.id)?.ref.accountId ?? vpc.ref.accountId
  if (owner !== vpc.ref.accountId) return notApplicable(`The VPC is judged in account ${owner}, which owns it.`)
  const here = workloadsInVpc(inventory, vpc.id)
  const elsewhere = unseen(vpc, context)
  if (here.length === 0) return withoutWorkloads(vpc, context, elsewhere)
  return judge({
    vpc,
    reaches: remembered([inventory, context.settings], vpc.id, () => here.flatMap((one) => reachesOf(one, context))),
    open: here.filter(({ interfaces }) => interfaces.length === 0).map(whereabouts),
    assumptions: elsewhere.map(({ reason }) => `assumes that nothing else in the VPC pulls images (${reason})`),
  })
}

function withoutWorkloads(vpc: Vpc, { inventory }: RuleContext, unseenHere: readonly MissingFact[]): Verdict {
  if (vpc.isDefault) return notApplicable('It is a default VPC, and nothing that pulls images is known in it.')
  const { network } = inventory
  const isEmpty = !ground(inventory).vpcsWithSubnets.has(vpc.id)
  const subnets = network.listing('AWS::EC2::Subnet', vpc.ref)
  if (isEmpty && subnets.state !== 'unknown') return notApplicable('It has no subnets.')
  return unseenHere.length === 0 ? notApplicable('Nothing in it pulls images of ECR.') : undetermined(unseenHere)
}

/** What every VPC of an inventory is asked against, found once. */
interface Ground {
  readonly vpcsWithSubnets: ReadonlySet<string>
  /** Workloads nobody knows the VPC of, by account and region. */
  readonly unplaced: ReadonlyMap<string, readonly Workload[]>
  /** VPCs with an EKS cluster, by account and region; undefined among them stands for one that is not known. */
  readonly clusterVpcs: ReadonlyMap<string, ReadonlySet<string | undefined>>
}

const grounds = remembering<Ground>()

function ground(inventory: RuleContext['inventory']): Ground {
  return grounds([inventory], '', () => {
    const clusterVpcs = new Map<string, Set<string | undefined>>()
    for (const { ref, subnetIds } of inventory.eksClusters) {
      const vpcs = clusterVpcs.get(placeOf(ref)) ?? new Set()
      for (const subnetId of subnetIds) vpcs.add(inventory.network.subnet(subnetId)?.vpcId)
      if (subnetIds.length === 0) vpcs.add(undefined)
      clusterVpcs.set(placeOf(ref), vpcs)
    }
    return {
      vpcsWithSubnets: new Set(inventory.network.subnets.map(({ vpcId }) => vpcId)),
      unplaced: Map.groupBy(workloadsInVpc(inventory, undefined), ({ scope }) => placeOf(scope)),
      clusterVpcs,
    }
  })
}

function placeOf({ accountId, region }: Scope): string {
  return `${accountId} ${region}`
}

/** Why something that pulls images may run in the VPC without our knowing. */
function unseen(vpc: Vpc, { inventory }: RuleContext): readonly MissingFact[] {
  const unplaced = ground(inventory).unplaced.get(placeOf(vpc.ref)) ?? []
  const named = unplaced.slice(0, mostUnplaced).map(whereabouts)
  const more = unplaced.length - named.length
  const rest: readonly MissingFact[] =
    more > 0 ? [{ reason: `where ${more} more workloads run`, transience: 'lasting' }] : []
  return [...named, ...rest, ...unlistedServices(vpc, inventory), ...unlistedNodes(vpc, inventory)]
}

function whereabouts({ name, unplaced }: Workload): MissingFact {
  return { reason: `where ${clip(name)} runs: ${clip(unplaced ?? 'its subnets are not known')}`, transience: 'lasting' }
}

/** There are no services where there is no cluster. */
function unlistedServices({ ref }: Vpc, inventory: RuleContext['inventory']): readonly MissingFact[] {
  if (inventory.listing('AWS::ECS::Cluster', ref).state === 'absent') return []
  const services = inventory.listing('AWS::ECS::Service', ref)
  return services.state === 'unknown' ? [missing('ECS services', services)] : []
}

/** Node groups and Fargate profiles belong to a cluster, which says in which subnets it is. */
function unlistedNodes({ ref, id }: Vpc, inventory: RuleContext['inventory']): readonly MissingFact[] {
  const clusters = inventory.listing('AWS::EKS::Cluster', ref)
  if (clusters.state === 'unknown') return [missing('EKS clusters', clusters)]
  const withCluster = ground(inventory).clusterVpcs.get(placeOf(ref))
  const here = withCluster !== undefined && (withCluster.has(id) || withCluster.has(undefined))
  if (!here) return []
  const listings = [
    ['EKS node groups', inventory.listing('AWS::EKS::Nodegroup', ref)],
    ['EKS Fargate profiles', inventory.listing('AWS::EKS::FargateProfile', ref)],
  ] as const
  return listings.flatMap(([what, fact]) => (fact.state === 'unknown' ? [missing(what, fact)] : []))
}

function reachesOf(workload: Workload, context: RuleContext): readonly PullReach[] {
  return workload.interfaces.flatMap((source) =>
    workload.needs.map((destination) => ({ workload, source, reach: reachOf(source, destination, context) })),
  )
}

function reachOf(source: SourceInterface, destination: Destination, { inventory, settings }: RuleContext): Reach {
  return reach(topologyOf(inventory), source, destination, settings.network)
}
