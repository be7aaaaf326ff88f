import {
  type Acknowledgment,
  type App,
  Aws,
  BootstraplessSynthesizer,
  type CfnCondition,
  CfnOutput,
  CfnParameter,
  DefaultStackSynthesizer,
  Fn,
  type IStackSynthesizer,
  Stack,
  aws_s3_assets as s3Assets,
  Token,
  Validations,
} from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import { alarmAcknowledgements, setAsideAcknowledgements } from '../acknowledgements.ts'
import { retention } from '../config.ts'
import { OrganizationReport, reportScheduleArn } from '../constructs/organization-report.ts'
import { SealedQueue } from '../constructs/sealed-queue.ts'
import { substituted } from '../constructs/statement-document.ts'
import * as accepted from '../hub/acknowledgements.ts'
import { HubAlarms } from '../hub/alarms.ts'
import { createDashboard } from '../hub/dashboard.ts'
import { FirstPublication } from '../hub/first-publication.ts'
import { HubBucket } from '../hub/hub-bucket.ts'
import { MemberStackSet } from '../hub/member-stack-set.ts'
import { OrganizationAggregator } from '../hub/organization-aggregator.ts'
import { OrganizationPublisher, organizationScheduleArn } from '../hub/organization-publisher.ts'
import { createHubParameters, type HubParameter, isGiven, isOn, type Parameters } from '../hub/parameters.ts'
import { hubFailedInvocations, type hubFunctions, publishedPrefix, reportPrefix } from '../hub-config.ts'

/** What the hub template is made from. */
export interface HubStackProps {
  /** The bundle of each function of the hub, as built. */
  readonly code: Readonly<Record<keyof typeof hubFunctions, string>>
  /**
   * File of the member template, for a deployment by the CDK, which brings it to its own bucket. Without it the template is one file
   * without assets, and whoever deploys it says where the member template is.
   */
  readonly memberTemplateFile?: string
}

/**
 * What the hub account gets, once, in one region: the bucket of settings, organization and reports, the aggregator and who may
 * read it, the stack set of all members, the function that publishes, alarms and a dashboard.
 */
export class HubStack extends Stack {
  readonly parameters: Parameters<HubParameter>
  readonly hub: HubBucket
  readonly aggregator: OrganizationAggregator
  readonly members: MemberStackSet
  readonly publisher: OrganizationPublisher
  readonly firstPublication: FirstPublication
  readonly report: OrganizationReport
  readonly failedInvocations: SealedQueue

  constructor(scope: App, id: string, { code, memberTemplateFile }: HubStackProps) {
    super(scope, id, {
      synthesizer: synthesizer(memberTemplateFile),
      analyticsReporting: false,
      suppressTemplateIndentation: true,
      description:
        'Pullpath hub: deploys the auditor to all accounts of an organization, tells them what it is, and reports on it',
    })
    this.parameters = createHubParameters(this)
    const conditions = hubConditions(this, this.parameters)
    const {
      OrganizationId: organizationId,
      AggregatorExternalId: externalId,
      SettingsKey: settingsKey,
    } = this.parameters
    this.hub = new HubBucket(this, 'Hub', { organizationId })
    this.aggregator = new OrganizationAggregator(this, 'OrganizationAggregator', {
      ...{ organizationId, externalId, membersMayRead: conditions.looksUp },
    })
    this.failedInvocations = failedInvocationsQueue(this)
    this.publisher = new OrganizationPublisher(this, 'Publisher', {
      ...{ code: code.organization, bucket: this.hub.bucket.ref, settingsKey },
      failedInvocations: this.failedInvocations.queue.attrArn,
      reservedConcurrency: reserved(conditions.reserves),
    })
    this.firstPublication = new FirstPublication(this, 'FirstPublication', {
      ...{ code: code.organization, functionArn: this.publisher.publisher.function.attrArn },
      ...{ bucket: this.hub.bucket.ref, settingsKey },
    })
    this.report = this.organizationReport(code.report)
    this.members = this.stackSet(templateUrl(this, memberTemplateFile), conditions.looksUp)
    const { alarms } = new HubAlarms(this, 'Alarm', this.parameters.AlarmTopic)
    createDashboard(this)
    for (const [name, value] of outputs(this)) new CfnOutput(this, name, { value })
    acknowledge(this, alarms)
  }

  private organizationReport(code: string): OrganizationReport {
    const { hub, aggregator, parameters } = this
    const { attrConfigurationAggregatorArn: aggregatorArn, ref: aggregatorName } = aggregator.aggregator
    return new OrganizationReport(this, 'Report', {
      code,
      bucket: { name: hub.bucket.ref, keyArn: hub.key.attrArn, publishedPrefix, reportPrefix },
      aggregator: { name: aggregatorName, arn: aggregatorArn },
      ...{ organizationId: parameters.OrganizationId, regions: parameters.Regions, homeRegion: parameters.HomeRegion },
      ...{ organizationalUnits: parameters.OrganizationalUnits, ruleSets: ruleSetsOf(parameters) },
      config: {
        ...{ bucket: parameters.ConfigBucket, prefix: parameters.ConfigBucketPrefix },
        ...{ accountId: parameters.ConfigBucketAccount, region: parameters.ConfigBucketRegion },
        keyArn: parameters.ConfigBucketKey,
      },
      ...{ schedule: parameters.ReportSchedule, undelivered: this.failedInvocations.queue.attrArn },
    })
  }

  /** After members can read the bucket, and have something to read there: they start to work at once. */
  private stackSet(url: string, looksUp: CfnCondition): MemberStackSet {
    const { hub, aggregator, parameters } = this
    const ifLooksUp = (value: string) => Fn.conditionIf(looksUp.logicalId, value, '').toString()
    const members = new MemberStackSet(this, 'MemberStackSet', {
      ...{ parameters, templateUrl: url },
      hub: {
        ...{ bucket: hub.bucket.ref, prefix: publishedPrefix, keyArn: hub.key.attrArn },
        aggregator: aggregator.aggregator.ref,
        aggregatorRole: ifLooksUp(aggregator.readerArn),
        externalId: ifLooksUp(parameters.AggregatorExternalId),
      },
    })
    members.stackSet.addResourceDependency(hub.policy)
    members.stackSet.addResourceDependency(this.firstPublication.resource)
    return members
  }
}

/** As the functions of members are told by their own parameters. */
function ruleSetsOf({ EcrRules, RoleRules, VpcRules, ImageRules }: Parameters<HubParameter>): string {
  return `ecr=${EcrRules},role=${RoleRules},vpc=${VpcRules},image=${ImageRules}`
}

/** With an asset the CDK's bootstrap is needed, without one nothing. The casts: the library's own types disagree under exactOptionalPropertyTypes. */
function synthesizer(memberTemplateFile: string | undefined): IStackSynthesizer {
  if (memberTemplateFile === undefined) return new BootstraplessSynthesizer() as IStackSynthesizer
  return new DefaultStackSynthesizer() as IStackSynthesizer
}

function hubConditions(stack: Stack, parameters: Parameters<HubParameter>) {
  isGiven(stack, 'HasHomeRegion', parameters.HomeRegion)
  return {
    looksUp: isOn(stack, 'MembersLookUp', parameters.RepositoryLookUp),
    reserves: isOn(stack, 'ReservesConcurrency', parameters.ReserveConcurrency),
  }
}

/** One at a time is enough. */
function reserved({ logicalId }: CfnCondition): number {
  return Token.asNumber(Fn.conditionIf(logicalId, 1, Aws.NO_VALUE))
}

function failedInvocationsQueue(stack: Stack): SealedQueue {
  return new SealedQueue(stack, 'FailedInvocations', {
    queueName: hubFailedInvocations,
    messageRetentionPeriod: retention.deadLetters,
    eventRules: [organizationScheduleArn, reportScheduleArn].map(substituted),
  })
}

/** The parameter's, or else the CDK's copy of the file. */
function templateUrl(stack: Stack, file: string | undefined): string {
  const pattern = '^https://.+/.+$'
  const description = 'URL in S3 of pullpath-member.template.json, which this account may read.'
  if (file === undefined) {
    return new CfnParameter(stack, 'MemberTemplateUrl', { allowedPattern: pattern, description }).valueAsString
  }
  const asset = new s3Assets.Asset(stack, 'MemberTemplate', { path: file })
  const parameter = new CfnParameter(stack, 'MemberTemplateUrl', {
    ...{ default: '', allowedPattern: `^$|${pattern}` },
    description: `${description} Empty: the one that the CDK brings along.`,
  })
  const given = isGiven(stack, 'HasMemberTemplateUrl', parameter.valueAsString)
  return Fn.conditionIf(given.logicalId, parameter.valueAsString, asset.httpUrl).toString()
}

function acknowledge(hub: HubStack, alarms: readonly IConstruct[]): void {
  const pairs: readonly (readonly [IConstruct, readonly Acknowledgment[]])[] = [
    [hub.hub.bucket, accepted.bucketAcknowledgements],
    [hub.aggregator.collector, accepted.collectorAcknowledgements],
    [hub.publisher.publisher.role, accepted.publisherAcknowledgements],
    [hub.members.stackSet, accepted.stackSetAcknowledgements],
    [hub.failedInvocations.queue, setAsideAcknowledgements],
    ...alarms.map((alarm) => [alarm, alarmAcknowledgements] as const),
  ]
  for (const [construct, findings] of pairs) Validations.of(construct).acknowledge(...findings)
}

/** What people look for after a deployment, and what a member stack by hand is told. */
function outputs({ hub, aggregator }: HubStack): readonly (readonly [name: string, value: string])[] {
  return [
    ['BucketName', hub.bucket.ref],
    ['PublishedPrefix', publishedPrefix],
    ['KeyArn', hub.key.attrArn],
    ['AggregatorName', aggregator.aggregator.ref],
    ['AggregatorRoleArn', aggregator.readerArn],
  ]
}
