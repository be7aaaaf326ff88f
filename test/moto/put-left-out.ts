// biome-ignore-all lint/suspicious/noExplicitAny: properties of templates are JSON
import { PutConfigRuleCommand, PutConfigurationAggregatorCommand } from '@aws-sdk/client-config-service'
import { PutFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda'
import { AttachPolicyCommand, CreatePolicyCommand } from '@aws-sdk/client-organizations'
import {
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { parse } from 'yaml'
import { lifecycleRule } from './ask-bucket.ts'
import { type Asked, ask, differing } from './ask-resources.ts'
import type { Place } from './cloudformation.ts'
import { servicesOf } from './services.ts'
import { resourcesOf, type Stack } from './stack-values.ts'

/** Makes a resource by the API of its service, as CloudFormation does. */
type Put = (asked: Asked, id: string) => Promise<unknown>

/** How what moto's CloudFormation leaves out is made by hand. A stack set and a conformance pack are tests of their own. */
const puts: ReadonlyMap<string, Put> = new Map<string, Put>([
  ['AWS::S3::BucketPolicy', putBucketPolicy],
  ['AWS::SQS::QueuePolicy', putQueuePolicy],
  ['AWS::Lambda::EventInvokeConfig', ({ services, properties }) => services.lambda.send(invokeConfig(properties))],
  ['AWS::CloudWatch::Alarm', ({ services, properties }, AlarmName) => putAlarm(services, { AlarmName, ...properties })],
  ['AWS::Config::ConfigRule', ({ services, properties }) => services.config.send(configRule(properties))],
  ['AWS::Config::ConfigurationAggregator', ({ services, properties }) => services.config.send(aggregator(properties))],
  ['AWS::Organizations::Policy', putOrganizationPolicy],
  // Its settings only: the bucket is there.
  ['AWS::S3::Bucket', putBucketSettings],
])

/** What came of it. */
export interface PutByHand {
  /** The types of what was made. */
  readonly types: ReadonlySet<string>
  /** By logical id, the properties that the service says otherwise than the template; those without are not listed. */
  readonly differing: Readonly<Record<string, readonly string[]>>
}

/**
 * Makes what moto left out of a stack by the APIs of the services, from what the template says, and asks for it again. A property
 * that a service does not know, or a function that a rule names and that is not there, fails.
 */
export async function putByHand(place: Place, stack: Stack): Promise<PutByHand> {
  const services = servicesOf(place)
  const types = new Set<string>()
  const differences: [string, readonly string[]][] = []
  for (const [id, { Type, Properties }] of resourcesOf(stack)) {
    const put = puts.get(Type)
    if (put === undefined) continue
    types.add(Type)
    const asked = { place, services, physicalId: stack.physical.get(id), properties: Properties }
    await put(asked, id)
    const names = differing(Properties, (await ask(Type, asked)) ?? {})
    if (names.length > 0) differences.push([id, names])
  }
  return { types, differing: Object.fromEntries(differences) }
}

/** The AWS Config rules in the conformance pack of a stack, as the pack's own template has them. */
export function packedRules(stack: Stack): readonly any[] {
  const packs = [...resourcesOf(stack).values()].filter(({ Type }) => Type === 'AWS::Config::ConformancePack')
  return packs.flatMap(({ Properties }) =>
    Object.values(parse(Properties.TemplateBody).Resources).map((rule: any) => rule.Properties),
  )
}

/** Makes rules of AWS Config by themselves and asks for them again: the names of those that AWS Config says otherwise. */
export async function putConfigRules(place: Place, rules: readonly any[]): Promise<readonly string[]> {
  const services = servicesOf(place)
  const otherwise: string[] = []
  for (const properties of rules) {
    await services.config.send(configRule(properties))
    const asked = { place, services, physicalId: undefined, properties }
    const found = (await ask('AWS::Config::ConfigRule', asked)) ?? {}
    if (differing(properties, found).length > 0) otherwise.push(properties.ConfigRuleName)
  }
  return otherwise
}

function configRule({ InputParameters, ...rule }: any): PutConfigRuleCommand {
  return new PutConfigRuleCommand({ ConfigRule: { ...rule, InputParameters: JSON.stringify(InputParameters) } })
}

function aggregator(properties: any): PutConfigurationAggregatorCommand {
  return new PutConfigurationAggregatorCommand(properties)
}

function invokeConfig(properties: any): PutFunctionEventInvokeConfigCommand {
  return new PutFunctionEventInvokeConfigCommand(properties)
}

function putAlarm({ call }: Asked['services'], properties: object): Promise<unknown> {
  return call('monitoring', 'PutMetricAlarm', properties)
}

async function putOrganizationPolicy({ services: { organizations }, properties }: Asked) {
  const { TargetIds, Content, Description, Name, Type } = properties
  const { Policy } = await organizations.send(new CreatePolicyCommand({ Content, Description, Name, Type }))
  const PolicyId = Policy?.PolicySummary?.Id
  for (const TargetId of TargetIds) await organizations.send(new AttachPolicyCommand({ PolicyId, TargetId }))
}

function putBucketPolicy({ services: { s3 }, properties: { Bucket, PolicyDocument } }: Asked) {
  return s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(PolicyDocument) }))
}

async function putQueuePolicy({ services: { sqs }, place, properties: { Queues, PolicyDocument } }: Asked) {
  for (const url of Queues as string[]) {
    const QueueUrl = `${place.endpoint}/${place.accountId}/${url.split('/').at(-1)}`
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify(PolicyDocument) } }))
  }
}

async function putBucketSettings({ services: { s3 }, physicalId: Bucket, properties }: Asked) {
  const { BucketEncryption, VersioningConfiguration, OwnershipControls, LifecycleConfiguration } = properties
  const Rules = BucketEncryption.ServerSideEncryptionConfiguration.map(
    ({ BucketKeyEnabled, ServerSideEncryptionByDefault }: any) => ({
      BucketKeyEnabled,
      ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
    }),
  )
  const ServerSideEncryptionConfiguration = { Rules }
  await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }))
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  const { PublicAccessBlockConfiguration } = properties
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))
  await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }))
  const lifecycle = { Rules: LifecycleConfiguration.Rules.map(lifecycleRule) }
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: lifecycle }))
}
