import {
  Aws,
  aws_events as events,
  aws_iam as iam,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  aws_stepfunctions as stepfunctions,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { attempts, functionDefaults } from '../config.ts'
import { ownStatements, type ReportPlace, snapshotArns, stateMachineStatements } from '../derive/report-permissions.ts'
import {
  mapPrefix,
  organizationReport,
  reportStateMachine,
  type StateMachinePlace,
} from '../derive/report-state-machine.ts'
import { InlineFunction } from './inline-function.ts'
import { acknowledgeReport } from './report-acknowledgements.ts'
import { deliveriesOf, documentOf, reporterPolicies } from './report-policies.ts'

/** What the report is made from. Every text may be a token. */
export interface OrganizationReportProps {
  /** The bundle of its entry, as built. */
  readonly code: string
  /** The hub's bucket: its name, its key's ARN, and where in it the hub publishes and reports lie (each with its `/`). */
  readonly bucket: {
    readonly name: string
    readonly keyArn: string
    readonly publishedPrefix: string
    readonly reportPrefix: string
  }
  readonly aggregator: { readonly name: string; readonly arn: string }
  readonly organizationId: string
  /** Comma-separated. */
  readonly regions: string
  /** Empty: this region. */
  readonly homeRegion: string
  /** Comma-separated ids of the root or units whose accounts have members. */
  readonly organizationalUnits: string
  /** Which rules members have: `area=recommended|all|none`, comma-separated. */
  readonly ruleSets: string
  /** The bucket AWS Config delivers to. Without a name what it records is read through the aggregator. */
  readonly config: {
    readonly bucket: string
    /** Before `AWSLogs/`: empty, or ends in `/`. */
    readonly prefix: string
    /** Owner; empty: this account. */
    readonly accountId: string
    /** Empty: this region. */
    readonly region: string
    /** Empty: encrypted without a key of its own. */
    readonly keyArn: string
  }
  /** As EventBridge writes schedules, in UTC. */
  readonly schedule: string
  /** ARN of the queue of starts that failed every time; its policy must let `reportScheduleArn` send. */
  readonly undelivered: string
}

/** ARN of the rule that starts the report in the spelling of `Fn::Sub`, before it is there: for the policy of the queue. */
export const reportScheduleArn = `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/${organizationReport.ruleName}`

/** The report on the organization: a function, a state machine that calls it for every account and region, and its schedule. */
export class OrganizationReport extends Construct {
  readonly reporter: InlineFunction
  readonly stateMachine: stepfunctions.CfnStateMachine
  readonly stateMachineRole: iam.CfnRole
  readonly stateMachineLog: logs.CfnLogGroup
  readonly schedule: events.CfnRule
  readonly scheduleRole: iam.CfnRole
  /** What the function may do, some of it by whether AWS Config's bucket and its key are given. */
  readonly policies: readonly iam.CfnPolicy[]

  constructor(scope: Construct, id: string, props: OrganizationReportProps) {
    super(scope, id)
    const place = placeOf(props)
    this.reporter = reporter(this, props)
    this.policies = reporterPolicies(this, props, place, this.reporter.role)
    this.stateMachineLog = ownLogGroup(this)
    this.stateMachineRole = stateMachineRole(this, place, this.reporter.function.attrArn)
    const called = {
      ...{ partition: Aws.PARTITION, functionArn: this.reporter.function.attrArn },
      ...{ bucket: props.bucket.name, reportPrefix: props.bucket.reportPrefix },
    }
    this.stateMachine = stateMachine(this, called, this.stateMachineRole, this.stateMachineLog)
    this.scheduleRole = scheduleRole(this, this.stateMachine)
    this.schedule = schedule(this, props, this.stateMachine, this.scheduleRole)
    acknowledge(this, props, place)
  }
}

function acknowledge(
  report: OrganizationReport,
  props: OrganizationReportProps,
  { bucketArn, reportPrefix }: ReportPlace,
) {
  const [ofReport, ofSnapshots] = report.policies
  const reports = `${bucketArn}/${reportPrefix}`
  acknowledgeReport({
    functionRole: report.reporter.role,
    functionPolicies: [
      ...(ofReport ? [{ policy: ofReport, wildcards: [`${reports}*`] }] : []),
      ...(ofSnapshots ? [{ policy: ofSnapshots, wildcards: snapshotArns(deliveriesOf(props)) }] : []),
    ],
    stateMachineRole: {
      role: report.stateMachineRole,
      wildcards: [`${reports}runs/*/shards.json`, `${bucketArn}/${mapPrefix(reportPrefix)}/*`],
    },
    stateMachine: report.stateMachine,
  })
}

function placeOf({ bucket, aggregator }: OrganizationReportProps): ReportPlace {
  const { publishedPrefix, reportPrefix, keyArn } = bucket
  return {
    ...{ partition: Aws.PARTITION, region: Aws.REGION, accountId: Aws.ACCOUNT_ID },
    ...{ bucketArn: `arn:${Aws.PARTITION}:s3:::${bucket.name}`, keyArn, publishedPrefix, reportPrefix },
    aggregatorArn: aggregator.arn,
  }
}

/** It is never invoked asynchronously: the state machine waits for it, and tries again. */
function reporter(scope: Construct, props: OrganizationReportProps): InlineFunction {
  const { constructId, functionName, description, timeoutSeconds, memoryMegabytes } = organizationReport
  const { code, bucket, aggregator, config, regions, homeRegion, organizationalUnits, ruleSets } = props
  const made = new InlineFunction(scope, constructId, {
    ...{ functionName, description, timeoutSeconds, code },
    statements: ownStatements(),
    environment: {
      PULLPATH_HUB_BUCKET: bucket.name,
      PULLPATH_HUB_PREFIX: bucket.publishedPrefix,
      PULLPATH_REPORT_PREFIX: bucket.reportPrefix,
      PULLPATH_REGIONS: regions,
      PULLPATH_HOME_REGION: homeRegion,
      PULLPATH_ORGANIZATIONAL_UNITS: organizationalUnits,
      PULLPATH_RULE_SETS: ruleSets,
      PULLPATH_AGGREGATOR: aggregator.name,
      PULLPATH_CONFIG_BUCKET: config.bucket,
      PULLPATH_CONFIG_PREFIX: config.prefix,
      PULLPATH_CONFIG_ACCOUNT: config.accountId,
      PULLPATH_CONFIG_REGION: config.region,
    },
    reservedConcurrency: unreserved(),
  })
  made.function.memorySize = memoryMegabytes
  return made
}

/** The map is the ceiling; a reservation would take a hundred executions from the account for good. */
function unreserved(): number {
  return Aws.NO_VALUE as unknown as number
}

/** Names that begin so need no entry in the resource policy of the logs, which has room for few. */
function ownLogGroup(scope: Construct): logs.CfnLogGroup {
  const group = new logs.CfnLogGroup(scope, 'StateMachineLog', {
    logGroupName: `/aws/vendedlogs/states/${organizationReport.stateMachineName}`,
    retentionInDays: functionDefaults.logRetentionDays,
  })
  group.applyRemovalPolicy(RemovalPolicy.DESTROY)
  return group
}

function stateMachineRole(scope: Construct, place: ReportPlace, functionArn: string): iam.CfnRole {
  return roleOf(scope, 'StateMachineRole', {
    description: 'What the state machine of the pullpath report needs: its function, its own children, its run folders',
    service: 'states.amazonaws.com',
    condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    statements: stateMachineStatements(place, functionArn).map(documentOf),
  })
}

function stateMachine(
  scope: Construct,
  place: StateMachinePlace,
  role: iam.CfnRole,
  log: logs.CfnLogGroup,
): stepfunctions.CfnStateMachine {
  return new stepfunctions.CfnStateMachine(scope, 'StateMachine', {
    stateMachineName: organizationReport.stateMachineName,
    stateMachineType: 'STANDARD',
    definitionString: Stack.of(scope).toJsonString(reportStateMachine(place)),
    roleArn: role.attrArn,
    // Names of accounts and counts are all that inputs and outputs hold; they stay out of the log all the same.
    loggingConfiguration: {
      ...{ level: 'ALL', includeExecutionData: false },
      destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: log.attrArn } }],
    },
  })
}

function scheduleRole(scope: Construct, { attrArn }: stepfunctions.CfnStateMachine): iam.CfnRole {
  return roleOf(scope, 'ScheduleRole', {
    description: 'Lets the schedule of the pullpath report start its state machine, and nothing else',
    service: 'events.amazonaws.com',
    condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    statements: [{ Sid: 'StartReport', Effect: 'Allow', Action: ['states:StartExecution'], Resource: [attrArn] }],
  })
}

interface RoleProps {
  readonly description: string
  readonly service: string
  readonly condition: object
  readonly statements: readonly object[]
}

function roleOf(scope: Construct, id: string, { description, service, condition, statements }: RoleProps): iam.CfnRole {
  const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', Condition: condition }
  return new iam.CfnRole(scope, id, {
    description,
    assumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
    policies: [{ policyName: 'report', policyDocument: { Version: '2012-10-17', Statement: statements } }],
  })
}

function schedule(
  scope: Construct,
  { schedule: scheduleExpression, undelivered }: OrganizationReportProps,
  { attrArn }: stepfunctions.CfnStateMachine,
  role: iam.CfnRole,
): events.CfnRule {
  return new events.CfnRule(scope, 'Schedule', {
    ...{ name: organizationReport.ruleName, scheduleExpression, state: 'ENABLED' },
    description: 'Starts the pullpath report on the organization',
    targets: [
      {
        ...{ id: 'report', arn: attrArn, roleArn: role.attrArn },
        deadLetterConfig: { arn: undelivered },
        retryPolicy: attempts.eventTarget,
      },
    ],
  })
}
