import type { Acknowledgment } from 'aws-cdk-lib'
import { auditors, conformancePackName, eventFunctions } from './config.ts'

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
      'config:PutEvaluations, config:GetResourceConfigHistory, config:GetComplianceDetailsByResource, securityhub:GetFindings, tag:GetResources, the writes of X-Ray, the registry reads of ECR, the descriptions of EC2 and Auto Scaling and the listings of IAM, ECS, EKS and Route 53 have no resource-level permissions, or are called for all resources; the Deny must cover everything.',
  },
  ...wholeKinds.map((resource) => ({
    id: `AwsSolutions-IAM5[Resource::${resource}]`,
    reason: 'An auditor has to read every resource of the kind in its account; only read actions are granted on them.',
  })),
  {
    id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::aws:policy/*]',
    reason:
      'Roles may have any policy of AWS attached; these are public texts, and only read actions are granted on them.',
  },
  {
    id: `AwsSolutions-IAM5[Resource::${own('config', 'config-rule/*')}]`,
    reason:
      "AWS Config chooses the ids that the ARNs of rules hold, so own rules cannot be named; only a rule's results are read.",
  },
  {
    id: `AwsSolutions-IAM5[Resource::${own('config', `conformance-pack/${conformancePackName}/*`)}]`,
    reason: 'AWS Config chooses the id behind the name of a pack; only the results of our own pack are read.',
  },
  ...[...Object.values(auditors), ...Object.values(eventFunctions)].map(({ functionName }) => ({
    id: `AwsSolutions-IAM5[Resource::${own('logs', `log-group:/aws/lambda/${functionName}:*`)}]`,
    reason: "Stream names are made by Lambda; the wildcard stays inside the function's own log group.",
  })),
]

/** The same for queues that set aside what failed every time. */
export const setAsideAcknowledgements: readonly Acknowledgment[] = [
  {
    id: 'AwsSolutions-SQS3',
    reason:
      'This queue is a dead-letter queue itself, of EventBridge targets or of asynchronous invocations, which cdk-nag does not see; nothing reads it but people.',
  },
]

/** The finding of CloudFormation's own validation that is wrong about alarms. */
export const alarmAcknowledgements: readonly Acknowledgment[] = [
  {
    id: 'CloudFormation-Validate::W1030',
    reason: 'The topic is only referred to where it is given; the validation looks at its empty default all the same.',
  },
]
