import type { Acknowledgment } from 'aws-cdk-lib'
import { auditors } from './config.ts'

const own = (service: string, resource: string) =>
  `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`
const ofAccount = (service: string, resource: string) => `arn:<AWS::Partition>:${service}::<AWS::AccountId>:${resource}`

/** Wildcards over all resources of a kind in the own account. */
const wholeKinds = [
  own('ecr', 'repository/*'),
  ofAccount('iam', 'role/*'),
  ofAccount('iam', 'policy/*'),
  own('ecs', 'cluster/*'),
  own('ecs', 'service/*'),
  own('eks', 'cluster/*'),
  own('eks', 'nodegroup/*'),
  own('eks', 'fargateprofile/*'),
]

/** The findings of cdk-nag we accept on the auditors' roles, each with its reason. Everything else fails `cdk synth` and the tests. */
export const roleAcknowledgements: readonly Acknowledgment[] = [
  {
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'config:PutEvaluations, config:GetResourceConfigHistory, the registry reads of ECR, the descriptions of EC2 and Auto Scaling and the listings of IAM, ECS, EKS and Route 53 have no resource-level permissions, or are called for all resources; the Deny must cover everything.',
  },
  ...wholeKinds.map((resource) => ({
    id: `AwsSolutions-IAM5[Resource::${resource}]`,
    reason: 'An auditor has to read every resource of the kind in its account; only read actions are granted on them.',
  })),
  ...Object.values(auditors).map(({ functionName }) => ({
    id: `AwsSolutions-IAM5[Resource::${own('logs', `log-group:/aws/lambda/${functionName}:*`)}]`,
    reason: "Stream names are made by Lambda; the wildcard stays inside the function's own log group.",
  })),
]
