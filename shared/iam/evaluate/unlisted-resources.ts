import { ecrAction } from '../ecr-actions.ts'

/**
 * Actions of other services without resource-level permissions, as far as we are sure of them: a statement speaks of them
 * only when its Resource is `*`. An action that is missing here is compared with the resource of the request.
 */
const names = `
  autoscaling:DescribeAutoScalingGroups cloudformation:ListExports cloudformation:ListStacks cloudwatch:ListMetrics
  cloudwatch:PutMetricData dynamodb:ListTables ec2:DescribeAvailabilityZones ec2:DescribeImages ec2:DescribeInstances
  ec2:DescribeNetworkInterfaces ec2:DescribeRegions ec2:DescribeRouteTables ec2:DescribeSecurityGroups
  ec2:DescribeSubnets ec2:DescribeTags ec2:DescribeVolumes ec2:DescribeVpcEndpoints ec2:DescribeVpcs
  ecr-public:GetAuthorizationToken ecs:DiscoverPollEndpoint ecs:ListClusters eks:ListClusters iam:GetAccountSummary
  iam:ListAccountAliases kms:CreateKey kms:ListAliases kms:ListKeys lambda:ListFunctions
  organizations:DescribeOrganization s3:ListAllMyBuckets secretsmanager:GetRandomPassword secretsmanager:ListSecrets
  sts:DecodeAuthorizationMessage sts:GetCallerIdentity sts:GetServiceBearerToken sts:GetSessionToken
  xray:PutTelemetryRecords xray:PutTraceSegments`

const listed: ReadonlySet<string> = new Set(names.trim().toLowerCase().split(/\s+/))

/** True when the action (lower case) is authorised on `*` only. */
export function lacksResourceLevel(action: string): boolean {
  return listed.has(action) || (action.startsWith('ecr:') && ecrAction(action)?.level === 'registry')
}
