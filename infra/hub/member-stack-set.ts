import { Aws, CfnStackSet, Fn, type Stack, Token } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { stackSetName } from '../hub-config.ts'
import type { HubParameter, Parameters } from './parameters.ts'
import { isGiven } from './parameters.ts'

/** What the stack set is made from. */
export interface MemberStackSetProps {
  readonly parameters: Parameters<HubParameter>
  /** Where the member template is. */
  readonly templateUrl: string
  /** What members are told besides what people choose. */
  readonly hub: HubPlace
}

/** Where members find the hub; tokens. */
export interface HubPlace {
  readonly bucket: string
  readonly prefix: string
  readonly keyArn: string
  /** Name of the aggregator. */
  readonly aggregator: string
  /** ARN of the role to read it with; empty where members look nothing up. */
  readonly aggregatorRole: string
  /** Empty where members look nothing up. */
  readonly externalId: string
}

/**
 * The member stack in every region of every account of the organizational units, accounts that join later included. An account
 * that leaves loses its stacks.
 */
export class MemberStackSet extends Construct {
  readonly stackSet: CfnStackSet

  constructor(scope: Stack, id: string, { parameters, templateUrl, hub }: MemberStackSetProps) {
    super(scope, id)
    const { OrganizationalUnits, Regions, CallAs, StackSetDependencies } = parameters
    const depends = isGiven(scope, 'HasStackSetDependencies', StackSetDependencies)
    const dependsOn = Fn.conditionIf(depends.logicalId, Fn.split(',', StackSetDependencies), Aws.NO_VALUE)
    this.stackSet = new CfnStackSet(this, 'Members', {
      stackSetName,
      description: 'Pullpath in every account and region: audits ECR, the roles that use it and the ways to it',
      permissionModel: 'SERVICE_MANAGED',
      callAs: CallAs,
      templateUrl,
      capabilities: ['CAPABILITY_IAM'],
      autoDeployment: {
        enabled: true,
        retainStacksOnAccountRemoval: false,
        dependsOn: Token.asList(dependsOn),
      },
      managedExecution: { Active: true },
      operationPreferences: preferences(parameters),
      parameters: Object.entries(memberParameters(parameters, hub)).map(([parameterKey, parameterValue]) => ({
        parameterKey,
        parameterValue,
      })),
      stackInstancesGroup: [
        {
          deploymentTargets: { organizationalUnitIds: Fn.split(',', OrganizationalUnits) },
          regions: Fn.split(',', Regions),
        },
      ],
    })
  }
}

/** A region that is down, or a few accounts with a policy of their own, must not keep the others from an update. */
function preferences({ FailureTolerance, MaxConcurrent }: Parameters<HubParameter>) {
  return {
    regionConcurrencyType: 'PARALLEL',
    concurrencyMode: 'SOFT_FAILURE_TOLERANCE',
    failureTolerancePercentage: Token.asNumber(FailureTolerance),
    maxConcurrentPercentage: Token.asNumber(MaxConcurrent),
  }
}

/** The member template's parameters that the hub knows; the others keep their defaults. */
function memberParameters(chosen: Parameters<HubParameter>, hub: HubPlace): Readonly<Record<string, string>> {
  return {
    OrganizationId: chosen.OrganizationId,
    HomeRegion: homeRegion(chosen),
    ...{ HubBucket: hub.bucket, HubPrefix: hub.prefix, HubKey: hub.keyArn },
    ...{ HubAccount: Aws.ACCOUNT_ID, HubRegion: Aws.REGION },
    ...{ Aggregator: hub.aggregator, AggregatorRegion: Aws.REGION },
    ...{ AggregatorRole: hub.aggregatorRole, AggregatorExternalId: hub.externalId },
    SecurityHub: chosen.SecurityHub,
    TrustedAccounts: chosen.TrustedAccounts,
    ...{ ConfigRules: chosen.ConfigRules, EcrRules: chosen.EcrRules, RoleRules: chosen.RoleRules },
    ...{ VpcRules: chosen.VpcRules, ImageRules: chosen.ImageRules },
    ...{ Alarms: chosen.MemberAlarms, Tracing: chosen.Tracing },
  }
}

/** Empty means another thing to a member: every region judges every role. */
function homeRegion({ HomeRegion }: Parameters<HubParameter>): string {
  return Fn.conditionIf('HasHomeRegion', HomeRegion, Aws.REGION).toString()
}
