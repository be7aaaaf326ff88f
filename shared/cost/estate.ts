/** One number the estimate rests on: what it is when nobody says otherwise, and why. */
export interface Assumption {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Where the default comes from. `assumed`: nobody measured it. */
  readonly source: string
  /** Counted once per account, not in each region: what AWS Config records in the home region only. */
  readonly perAccount?: true
}

const estateSource = 'docs/cost.md'

/** Resources of an account and region (or of an account) that rules judge or whose changes make rules judge. */
export const resourceRows = [
  { name: 'repositories', type: 'AWS::ECR::Repository', value: 200, changed: 5, source: estateSource },
  { name: 'roles', type: 'AWS::IAM::Role', value: 150, changed: 20, source: estateSource, perAccount: true },
  { name: 'policies', type: 'AWS::IAM::Policy', value: 60, changed: 20, source: 'assumed as roles', perAccount: true },
  { name: 'vpcs', type: 'AWS::EC2::VPC', value: 3, changed: 5, source: estateSource },
  { name: 'services', type: 'AWS::ECS::Service', value: 25, changed: 5, source: estateSource },
  { name: 'task-definitions', type: 'AWS::ECS::TaskDefinition', value: 40, changed: 0, source: estateSource },
  { name: 'clusters', type: 'AWS::EKS::Cluster', value: 1, changed: 20, source: estateSource },
  { name: 'node-groups', type: 'AWS::EKS::Nodegroup', value: 3, changed: 20, source: estateSource },
  { name: 'fargate-profiles', type: 'AWS::EKS::FargateProfile', value: 1, changed: 20, source: estateSource },
  { name: 'registry-policies', type: 'AWS::ECR::RegistryPolicy', value: 1, changed: 10, source: 'assumed' },
  { name: 'cache-rules', type: 'AWS::ECR::PullThroughCacheRule', value: 2, changed: 5, source: 'assumed' },
  {
    name: 'creation-templates',
    type: 'AWS::ECR::RepositoryCreationTemplate',
    value: 1,
    changed: 10,
    source: 'assumed',
  },
] as const

/** The name of a kind of resource, as options have it. */
export type ResourceName = (typeof resourceRows)[number]['name']

/** What happens in a month besides changes of a share of the resources. */
export const rateRows = [
  {
    name: 'deployments',
    value: 4,
    unit: 'deployments of a service a month; each is a task definition revision',
    source: 'assumed: one a week',
  },
  {
    name: 'network-changes',
    value: 5,
    unit: 'changes of subnets, routes, groups and endpoints of a VPC a month',
    source: 'assumed',
  },
  { name: 'pushes', value: 4, unit: 'image scans of a repository a month', source: 'assumed: one a week' },
  {
    name: 'drift',
    value: 1,
    unit: 'percent of verdicts a month that only the daily sweep sees change',
    source: 'assumed',
  },
  {
    name: 'transitions',
    value: 10,
    unit: 'percent of verdicts after changes that differ from what AWS Config shows',
    source: 'assumed',
  },
  {
    name: 'deletions',
    value: 10,
    unit: 'percent of changes of a resource that delete it',
    source: 'assumed',
  },
  { name: 'reports', value: 30, unit: 'organization reports a month', source: 'daily' },
] as const satisfies readonly Assumption[]

/** The name of a rate, as options have it. */
export type RateName = (typeof rateRows)[number]['name']

/** What an account and region holds and how it changes in a month. */
export interface Estate {
  /** How many there are. */
  readonly counts: ReadonlyMap<ResourceName, number>
  /** Percent of them that change in a month. */
  readonly changed: ReadonlyMap<ResourceName, number>
  readonly rates: ReadonlyMap<RateName, number>
}

/** The estate of a user who states nothing. */
export const defaultEstate: Estate = {
  counts: new Map(resourceRows.map(({ name, value }): [ResourceName, number] => [name, value])),
  changed: new Map(resourceRows.map(({ name, changed }): [ResourceName, number] => [name, changed])),
  rates: new Map(rateRows.map(({ name, value }): [RateName, number] => [name, value])),
}

/** A rate of an estate; its default where the estate has none. */
export function rateOf({ rates }: Estate, name: RateName): number {
  return rates.get(name) ?? 0
}

/** How many resources of a type an account and region has. */
export function countOf({ counts }: Estate, type: string): number {
  // The account itself, as its registry.
  if (type === 'AWS::::Account') return 1
  const row = resourceRows.find((one) => one.type === type)
  return row === undefined ? 0 : (counts.get(row.name) ?? 0)
}

/** Types that belong to a VPC and whose changes count as changes of its network. */
const networkTypes: ReadonlySet<string> = new Set([
  'AWS::EC2::NatGateway',
  'AWS::EC2::NetworkAcl',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPCEndpoint',
])

/** Configuration items of a type in an account and region and month: what AWS Config tells rules of. */
export function changesOf(estate: Estate, type: string): number {
  const deployments = countOf(estate, 'AWS::ECS::Service') * rateOf(estate, 'deployments')
  const row = resourceRows.find((one) => one.type === type)
  if (networkTypes.has(type)) {
    return (countOf(estate, 'AWS::EC2::VPC') * rateOf(estate, 'network-changes')) / networkTypes.size
  }
  if (row === undefined) return 0
  const byShare = changesByShare(estate, row)
  return type === 'AWS::ECS::Service' || type === 'AWS::ECS::TaskDefinition' ? byShare + deployments : byShare
}

/** Resources of a type that are deleted in an account and region and month. */
export function deletionsOf(estate: Estate, type: string): number {
  const row = resourceRows.find((one) => one.type === type)
  return row === undefined ? 0 : (changesByShare(estate, row) * rateOf(estate, 'deletions')) / 100
}

function changesByShare(
  estate: Estate,
  { name, type }: { readonly name: ResourceName; readonly type: string },
): number {
  return (countOf(estate, type) * (estate.changed.get(name) ?? 0)) / 100
}
