import type { Acknowledgment } from 'aws-cdk-lib'
import { ecrAuditor } from './config.ts'

/** The findings of cdk-nag we accept on the auditor's role, each with its reason. Everything else fails `cdk synth` and the tests. */
export const roleAcknowledgements: readonly Acknowledgment[] = [
  {
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'config:PutEvaluations, config:GetResourceConfigHistory and the registry reads of ECR have no resource-level permissions; the Deny must cover everything.',
  },
  {
    id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/*]',
    reason: 'An auditor has to read every repository of its account and region; only read actions are granted on them.',
  },
  {
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/lambda/${ecrAuditor.functionName}:*]`,
    reason: "Stream names are made by Lambda; the wildcard stays inside the function's own log group.",
  },
]
