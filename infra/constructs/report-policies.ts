import { Aws, CfnCondition, Fn, aws_iam as iam } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { PermissionStatement } from '../derive/permissions.ts'
import {
  aggregatorStatements,
  type DeliveriesPlace,
  deliveryPrefixes,
  type ReportPlace,
  reportStatements,
  snapshotArns,
} from '../derive/report-permissions.ts'
import type { OrganizationReportProps } from './organization-report.ts'

/** Where AWS Config delivers, as permissions speak of it. */
export function deliveriesOf({ config, organizationId }: OrganizationReportProps): DeliveriesPlace {
  return { bucketArn: `arn:${Aws.PARTITION}:s3:::${config.bucket}`, prefix: config.prefix, organizationId }
}

/** What the report's function may do besides writing its log: some of it by whether AWS Config's bucket and its key are given. */
export function reporterPolicies(
  scope: Construct,
  props: OrganizationReportProps,
  place: ReportPlace,
  role: iam.CfnRole,
): readonly iam.CfnPolicy[] {
  const { config } = props
  const given = Fn.conditionNot(Fn.conditionEquals(config.bucket, ''))
  const readsSnapshots = new CfnCondition(scope, 'ReadsSnapshots', { expression: given })
  const readsAggregator = new CfnCondition(scope, 'ReadsAggregator', { expression: Fn.conditionNot(given) })
  const usesKey = new CfnCondition(scope, 'UsesConfigKey', {
    expression: Fn.conditionAnd(given, Fn.conditionNot(Fn.conditionEquals(config.keyArn, ''))),
  })
  const attached = (name: string, condition: CfnCondition | undefined, statements: readonly object[]) => {
    const policy = new iam.CfnPolicy(scope, name, {
      policyName: name,
      roles: [role.ref],
      policyDocument: { Version: '2012-10-17', Statement: statements },
    })
    if (condition !== undefined) policy.cfnOptions.condition = condition
    return policy
  }
  return [
    attached('Report', undefined, reportStatements(place).map(documentOf)),
    attached('SnapshotReads', readsSnapshots, snapshotStatements(deliveriesOf(props))),
    attached('SnapshotKey', usesKey, [
      {
        ...{ Sid: 'ReadEncryptedSnapshots', Effect: 'Allow', Action: ['kms:Decrypt'], Resource: config.keyArn },
        Condition: { StringLike: { 'kms:ViaService': 's3.*' } },
      },
    ]),
    attached('AggregatorReads', readsAggregator, aggregatorStatements(place).map(documentOf)),
  ]
}

/** Its texts may hold tokens, which `Fn::Sub` does not take. */
export function documentOf({ sid, effect, actions, resources }: PermissionStatement): object {
  return { Sid: sid, Effect: effect, Action: actions, Resource: resources }
}

function snapshotStatements(deliveries: DeliveriesPlace): readonly object[] {
  const starts = deliveryPrefixes(deliveries)
  return [
    {
      ...{ Sid: 'FindSnapshots', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [deliveries.bucketArn] },
      Condition: { StringLike: { 's3:prefix': starts.map((start) => `${start}*`) } },
    },
    { Sid: 'ReadSnapshots', Effect: 'Allow', Action: ['s3:GetObject'], Resource: snapshotArns(deliveries) },
  ]
}
