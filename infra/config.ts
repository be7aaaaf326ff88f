import type { JudgedType } from '../shared/rules/define-rule.ts'

/** Prefix of every AWS Config rule name; the rest is the rule's id. */
export const ruleNamePrefix = 'pullpath-'

/**
 * Limits of AWS Config, CloudFormation and Lambda that the template must keep.
 * `GetComplianceDetailsByConfigRule` takes names of 64 characters although a rule may have 128, so 64 it is.
 */
export const limits = {
  ruleName: 64,
  ruleDescription: 256,
  inputParameters: 1024,
  inlineCodeBytes: 4 * 1024 * 1024,
  templateBytes: 1024 * 1024,
} as const

/** The functions behind AWS Config rules, by the area they judge; a log group is named after each. */
export const auditors = {
  ecr: {
    constructId: 'EcrPolicyAuditor',
    functionName: 'pullpath-ecr-policy-auditor',
    description: 'Judges ECR repositories and registries for the pullpath AWS Config rules',
    entry: 'lambdas/config-rule/ecr-handler.ts',
  },
  role: {
    constructId: 'RolePermissionAuditor',
    functionName: 'pullpath-role-permission-auditor',
    description: 'Judges the roles that pull and push images for the pullpath AWS Config rules',
    entry: 'lambdas/config-rule/role-handler.ts',
  },
  vpc: {
    constructId: 'VpcEndpointAuditor',
    functionName: 'pullpath-vpc-endpoint-auditor',
    description: 'Judges the ways images take into VPCs for the pullpath AWS Config rules',
    entry: 'lambdas/config-rule/vpc-handler.ts',
  },
} as const

/** An area that has a function. */
export type AuditedArea = keyof typeof auditors
/** All areas that have a function, in the order of the template. */
export const auditedAreas: readonly AuditedArea[] = ['ecr', 'role', 'vpc']

/**
 * Calls of sources that a function does not make although its rules read their types: the function of area role does not look at
 * what instances are made from, that of area vpc reads the roles and task definitions that workloads name, and lists neither.
 */
export const uncalled: ReadonlyMap<AuditedArea, readonly string[]> = new Map<AuditedArea, readonly string[]>([
  ['role', ['autoscaling:DescribeAutoScalingGroups', 'ec2:DescribeLaunchTemplateVersions', 'iam:ListInstanceProfiles']],
  ['vpc', ['ecs:ListTaskDefinitionFamilies', 'iam:GetAccountAuthorizationDetails']],
])

/** Defaults of every function. Memory buys CPU too: parsing and evaluation finish in well under a second at 512 MB. */
export const functionDefaults = {
  runtime: 'nodejs24.x',
  architecture: 'arm64',
  memoryMegabytes: 512,
  timeoutSeconds: 300,
  logRetentionDays: 90,
} as const

/** How often a scheduled rule runs. Daily is the cheapest frequency AWS Config offers. */
export const scheduledFrequency = 'TwentyFour_Hours'

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
