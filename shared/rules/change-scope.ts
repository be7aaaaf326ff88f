import type { JudgedType, RuleMeta } from './define-rule.ts'

/**
 * Which changes re-judge resources of a type, besides their own: recorded types on which the verdict rests and that change
 * seldom, because most such changes re-judge everything. A rule has those among them that it reads.
 */
export const contextTriggers: ReadonlyMap<JudgedType, readonly string[]> = new Map<JudgedType, readonly string[]>([
  ['AWS::ECR::Repository', ['AWS::ECR::RegistryPolicy', 'AWS::ECR::RepositoryCreationTemplate']],
  ['AWS::ECR::RegistryPolicy', ['AWS::ECR::RepositoryCreationTemplate']],
  ['AWS::ECR::PullThroughCacheRule', ['AWS::ECR::RegistryPolicy', 'AWS::ECR::RepositoryCreationTemplate']],
  ['AWS::IAM::Role', ['AWS::IAM::Policy']],
  // A service re-judges its task definition only.
  ['AWS::ECS::TaskDefinition', ['AWS::ECS::Service']],
  // A cluster re-judges its node groups only.
  ['AWS::EKS::Nodegroup', ['AWS::EKS::Cluster']],
  // Each re-judges the VPC it belongs to only, once per burst.
  [
    'AWS::EC2::VPC',
    [
      'AWS::EC2::NatGateway',
      'AWS::EC2::NetworkAcl',
      'AWS::EC2::RouteTable',
      'AWS::EC2::SecurityGroup',
      'AWS::EC2::Subnet',
      'AWS::EC2::VPCEndpoint',
    ],
  ],
])

/**
 * Judged types that AWS Config records no items of: rules on them have no changes of their own. Registry settings can only
 * run on schedule.
 */
export const unrecordedTypes: ReadonlySet<JudgedType> = new Set<JudgedType>(['AWS::::Account', 'AWS::EKS::Nodegroup'])

/** Judged types that belong to the account: AWS Config records them in its home region only. */
export const homeRegionTypes: ReadonlySet<JudgedType> = new Set<JudgedType>(['AWS::IAM::Role'])

/**
 * Types whose changes AWS Config tells a rule of: the judged type, and the recorded types the decision rests on (a changed
 * registry policy changes the verdict on every repository). Empty for a rule that only runs on schedule.
 */
export function changeScopeOf(rule: Pick<RuleMeta, 'judges' | 'reads' | 'triggers'>): readonly string[] {
  if (!rule.triggers.change) return []
  const context = contextTriggers.get(rule.judges) ?? []
  return [
    ...(unrecordedTypes.has(rule.judges) ? [] : [rule.judges]),
    ...rule.reads.filter((type) => context.includes(type)),
  ]
}
