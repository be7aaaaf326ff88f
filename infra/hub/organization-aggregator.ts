import { Aws, type CfnCondition, aws_config as config, aws_iam as iam } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { permissions as ofLookUps } from '../../shared/sources/foreign-repositories/permissions.ts'
import { aggregatorName, aggregatorReader, deployedRolePrefixes } from '../hub-config.ts'

/** What the aggregator and its readers are made from. */
export interface OrganizationAggregatorProps {
  readonly organizationId: string
  readonly externalId: string
  /** Where members may read it at all. */
  readonly membersMayRead: CfnCondition
}

/** AWS Config's collection of what every account and region of the organization records, and the role by which members read it. */
export class OrganizationAggregator extends Construct {
  readonly aggregator: config.CfnConfigurationAggregator
  readonly collector: iam.CfnRole
  readonly reader: iam.CfnRole
  /** The reader's ARN, before it is there. */
  readonly readerArn: string

  constructor(scope: Construct, id: string, props: OrganizationAggregatorProps) {
    super(scope, id)
    this.collector = collectorRole(this)
    this.aggregator = new config.CfnConfigurationAggregator(this, 'Aggregator', {
      configurationAggregatorName: aggregatorName,
      organizationAggregationSource: { roleArn: this.collector.attrArn, allAwsRegions: true },
    })
    this.reader = readerRole(this, this.aggregator, props)
    const { path, name } = aggregatorReader
    this.readerArn = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role${path}${name}`
  }
}

/** What AWSConfigRoleForOrganizations has and no more: AWS Config asks which accounts there are. */
function collectorRole(scope: Construct): iam.CfnRole {
  return new iam.CfnRole(scope, 'Collector', {
    description: 'Lets AWS Config ask which accounts the organization has',
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'config.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    policies: [
      {
        policyName: 'organization',
        policyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'ReadWhichAccountsThereAre',
              Effect: 'Allow',
              Action: [
                'organizations:DescribeOrganization',
                'organizations:ListAccounts',
                'organizations:ListAWSServiceAccessForOrganization',
                'organizations:ListDelegatedAdministrators',
              ],
              Resource: '*',
            },
          ],
        },
      },
    ],
  })
}

/**
 * Three things are asked of whoever comes: an account of the organization, a role that is called like ours, and the external id.
 * The second keeps other roles that learn the id out, but not those who administer a member account.
 */
function readerRole(
  scope: Construct,
  aggregator: config.CfnConfigurationAggregator,
  { organizationId, externalId, membersMayRead }: OrganizationAggregatorProps,
): iam.CfnRole {
  const role = new iam.CfnRole(scope, 'Reader', {
    roleName: aggregatorReader.name,
    path: aggregatorReader.path,
    description: 'Lets pullpath functions of the organization look up repositories of other accounts',
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'FunctionsOfTheOrganization',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'aws:PrincipalOrgID': organizationId, 'sts:ExternalId': externalId },
            ArnLike: {
              'aws:PrincipalArn': deployedRolePrefixes.map((start) => `arn:${Aws.PARTITION}:iam::*:role/${start}*`),
            },
          },
        },
      ],
    },
    policies: [
      { policyName: 'aggregator', policyDocument: { Version: '2012-10-17', Statement: [reading(aggregator)] } },
    ],
  })
  role.cfnOptions.condition = membersMayRead
  return role
}

function reading({ attrConfigurationAggregatorArn }: config.CfnConfigurationAggregator): object {
  return {
    Sid: 'ReadTheAggregator',
    Effect: 'Allow',
    Action: ofLookUps.filter(({ resource }) => resource === 'config-aggregator').map(({ action }) => action),
    Resource: attrConfigurationAggregatorArn,
  }
}
