import type { Acknowledgment } from 'aws-cdk-lib'
import { organizationFunction } from '../hub-config.ts'

const own = (service: string, resource: string) =>
  `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`
const onResource = (resource: string, reason: string): Acknowledgment => ({
  id: `AwsSolutions-IAM5[Resource::${resource}]`,
  reason,
})
const ownLog = (functionName: string): Acknowledgment =>
  onResource(
    own('logs', `log-group:/aws/lambda/${functionName}:*`),
    "Stream names are made by Lambda; the wildcard stays inside the function's own log group.",
  )

/** What cdk-nag reports about the hub and we accept, each with its reason. Anything else fails `cdk synth` and the tests. */

/** On the role by which AWS Config asks for the accounts of the organization. */
export const collectorAcknowledgements: readonly Acknowledgment[] = [
  onResource('*', 'These four reads of AWS Organizations have no resource-level permissions.'),
]

/** On the role of pullpath-organization. */
export const publisherAcknowledgements: readonly Acknowledgment[] = [
  onResource(
    '*',
    'The reads of AWS Organizations are made for whatever the organization has, and ec2:DescribeRegions has no resource-level permissions; the Deny must cover everything.',
  ),
  ownLog(organizationFunction.functionName),
]

/** On the bucket. */
export const bucketAcknowledgements: readonly Acknowledgment[] = [
  {
    id: 'AwsSolutions-S1',
    reason:
      'Server access logs need a second bucket, which has no logs itself. Who reads and writes is in CloudTrail where its trail records data events of this bucket, which an organization decides for all of its buckets.',
  },
]

/** On the stack set where the CDK brings the member template: a finding of CloudFormation's own validation that is wrong. */
export const stackSetAcknowledgements: readonly Acknowledgment[] = [
  {
    id: 'CloudFormation-Validate::W1030',
    reason: 'The URL is only referred to where it is given; the validation looks at its empty default all the same.',
  },
]
