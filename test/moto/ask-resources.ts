// biome-ignore-all lint/suspicious/noExplicitAny: properties of templates are JSON
import { DescribeConfigRulesCommand, DescribeConfigurationAggregatorsCommand } from '@aws-sdk/client-config-service'
import { GetRoleCommand, GetRolePolicyCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam'
import {
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
} from '@aws-sdk/client-lambda'
import { DescribePolicyCommand, ListPoliciesCommand, ListTargetsForPolicyCommand } from '@aws-sdk/client-organizations'
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { askBucket, askBucketPolicy } from './ask-bucket.ts'
import { cloudFormation, type Place } from './cloudformation.ts'
import type { Services } from './services.ts'

/** A resource of a stack that a service is asked about. */
export interface Asked {
  readonly place: Place
  readonly services: Services
  /** What `Ref` gives; for a resource that was left out, undefined. */
  readonly physicalId: string | undefined
  /** What the template says of it. */
  readonly properties: any
}

/** What a service says of a resource, in the words of templates; undefined: there is none. It throws where it is not there, too. */
type Ask = (asked: Asked) => Promise<Readonly<Record<string, unknown>> | undefined>

/** How each type of resource is asked about. */
export const asks: ReadonlyMap<string, Ask> = new Map<string, Ask>([
  ['AWS::IAM::Role', askRole],
  ['AWS::IAM::Policy', askPolicy],
  ['AWS::Lambda::Function', askFunction],
  ['AWS::Lambda::Permission', askPermission],
  ['AWS::Lambda::EventSourceMapping', askMapping],
  ['AWS::Lambda::EventInvokeConfig', askInvokeConfig],
  ['AWS::Logs::LogGroup', askLogGroup],
  ['AWS::SQS::Queue', askQueue],
  ['AWS::SQS::QueuePolicy', askQueuePolicy],
  ['AWS::Events::Rule', askEventRule],
  ['AWS::KMS::Key', askKey],
  ['AWS::KMS::Alias', askAlias],
  ['AWS::S3::Bucket', askBucket],
  ['AWS::S3::BucketPolicy', askBucketPolicy],
  ['AWS::StepFunctions::StateMachine', askStateMachine],
  ['AWS::CloudWatch::Dashboard', askDashboard],
  ['AWS::CloudWatch::Alarm', askAlarm],
  ['AWS::Config::ConfigRule', askConfigRule],
  ['AWS::Config::ConfigurationAggregator', askAggregator],
  // moto has no conformance packs but those of organizations.
  ['AWS::Config::ConformancePack', async () => undefined],
  ['AWS::CloudFormation::StackSet', askStackSet],
  // It is an invocation, and leaves nothing that could be asked about.
  ['AWS::CloudFormation::CustomResource', async () => undefined],
  ['AWS::Organizations::Policy', askOrganizationPolicy],
])

/** Asks; undefined where there is no such resource. @throws Error where nobody knows how to ask */
export async function ask(type: string, asked: Asked): Promise<Readonly<Record<string, unknown>> | undefined> {
  const asking = asks.get(type)
  if (asking === undefined) throw new Error(`nobody knows how to ask about ${type}`)
  try {
    return await asking(asked)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** How services say that something is not there. */
const missing = /NotFound|NoSuch|NonExistent|DoesNotExist|does not exist|404/

function isMissing(error: unknown): boolean {
  return error instanceof Error && missing.test(`${error.name} ${error.message}`)
}

async function askRole({ services: { iam }, physicalId: RoleName }: Asked) {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }))
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }))
  const Policies = await Promise.all(
    PolicyNames.sort().map(async (PolicyName) => {
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
      return { PolicyName, PolicyDocument: document(PolicyDocument) }
    }),
  )
  const { Path, Description, AssumeRolePolicyDocument } = Role ?? {}
  return { RoleName, Path, Description, AssumeRolePolicyDocument: document(AssumeRolePolicyDocument), Policies }
}

/** The same in each role, or it is not there. */
async function askPolicy({ services: { iam }, properties }: Asked) {
  const { PolicyName, Roles } = properties as { PolicyName: string; Roles: string[] }
  const documents = await Promise.all(
    Roles.map(async (RoleName) => {
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
      return document(PolicyDocument)
    }),
  )
  const [PolicyDocument] = documents
  const isSame = documents.every((one) => plainText(one) === plainText(PolicyDocument))
  return isSame ? { PolicyName, Roles, PolicyDocument } : { PolicyName }
}

async function askFunction({ services: { lambda }, physicalId: FunctionName }: Asked) {
  const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))
  const { ReservedConcurrentExecutions } = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))
  return { ...found, ReservedConcurrentExecutions }
}

/** The statement that says so, if there is one. */
async function askPermission({ services: { lambda }, properties }: Asked) {
  const { Policy = '{"Statement":[]}' } = await lambda.send(
    new GetPolicyCommand({ FunctionName: properties.FunctionName }),
  )
  const statements: any[] = JSON.parse(Policy).Statement
  const permissions = statements.map(({ Action, Principal, Resource, Condition }) => ({
    ...{ Action, Principal: Principal.Service ?? Principal, FunctionName: properties.FunctionName, Resource },
    SourceArn: Condition?.ArnLike?.['AWS:SourceArn'],
    SourceAccount: Condition?.StringEquals?.['AWS:SourceAccount'],
  }))
  return permissions.find((one) => differing(properties, one).length === 0)
}

async function askMapping({ services: { lambda }, physicalId: UUID }: Asked) {
  const found = await lambda.send(new GetEventSourceMappingCommand({ UUID }))
  return { ...found, FunctionName: found.FunctionArn?.split(':').at(-1) }
}

/** moto does not name the version. */
async function askInvokeConfig({ services: { lambda }, properties: { FunctionName, Qualifier } }: Asked) {
  const found = await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier }))
  return { ...found, FunctionName, Qualifier }
}

async function askLogGroup({ services: { call }, physicalId: logGroupNamePrefix }: Asked) {
  const { logGroups } = await call('logs', 'DescribeLogGroups', { logGroupNamePrefix })
  const found = logGroups.find((one: any) => one.logGroupName === logGroupNamePrefix)
  return found && { LogGroupName: found.logGroupName, RetentionInDays: found.retentionInDays }
}

async function askQueue({ services, place, physicalId = '' }: Asked) {
  const attributes = await queueAttributes(services, place, physicalId)
  const { RedrivePolicy, RedriveAllowPolicy, QueueArn, ...others } = attributes
  const parsed = (name: string, text: string | undefined) => (text === undefined ? {} : { [name]: JSON.parse(text) })
  const policies = { ...parsed('RedrivePolicy', RedrivePolicy), ...parsed('RedriveAllowPolicy', RedriveAllowPolicy) }
  return { ...others, ...policies, QueueName: QueueArn?.split(':').at(-1) }
}

/** moto says the name of AWS in URLs of queues. */
async function queueAttributes({ sqs }: Services, { endpoint, accountId }: Place, url: string) {
  const QueueUrl = `${endpoint}/${accountId}/${url.split('/').at(-1)}`
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  return Attributes
}

async function askQueuePolicy({ services, place, properties: { Queues } }: Asked) {
  const { Policy } = await queueAttributes(services, place, Queues[0])
  return Policy === undefined || Policy === '' ? undefined : { Queues, PolicyDocument: JSON.parse(Policy) }
}

async function askEventRule({ services: { call }, physicalId: Name }: Asked) {
  const { EventPattern, ...found } = await call('events', 'DescribeRule', { Name })
  const { Targets } = await call('events', 'ListTargetsByRule', { Rule: Name })
  return { ...found, ...(EventPattern === undefined ? {} : { EventPattern: JSON.parse(EventPattern) }), Targets }
}

async function askKey({ services: { call }, physicalId: KeyId }: Asked) {
  const { KeyMetadata } = await call('kms', 'DescribeKey', { KeyId })
  const { Policy } = await call('kms', 'GetKeyPolicy', { KeyId, PolicyName: 'default' })
  const { KeyRotationEnabled: EnableKeyRotation } = await call('kms', 'GetKeyRotationStatus', { KeyId })
  return { Description: KeyMetadata.Description, EnableKeyRotation, KeyPolicy: JSON.parse(Policy) }
}

async function askAlias({ services: { call }, physicalId }: Asked) {
  const { Aliases } = await call('kms', 'ListAliases')
  return Aliases.map(({ AliasName, TargetKeyId }: any) => ({ AliasName, TargetKeyId })).find(
    ({ AliasName }: any) => AliasName === physicalId,
  )
}

async function askStateMachine({ services: { call }, physicalId: stateMachineArn }: Asked) {
  const found = await call('states', 'DescribeStateMachine', { stateMachineArn })
  return {
    ...{ StateMachineName: found.name, StateMachineType: found.type, RoleArn: found.roleArn },
    ...{ DefinitionString: found.definition, LoggingConfiguration: found.loggingConfiguration },
  }
}

async function askDashboard({ services: { call }, physicalId: DashboardName }: Asked) {
  const { DashboardBody } = await call('monitoring', 'GetDashboard', { DashboardName })
  return { DashboardName, DashboardBody }
}

/** CloudFormation makes up names: the description is unlike all others. */
async function askAlarm({ services: { call }, properties }: Asked) {
  const { MetricAlarms = [] } = await call('monitoring', 'DescribeAlarms')
  return MetricAlarms.find((one: any) => one.AlarmDescription === properties.AlarmDescription)
}

async function askConfigRule({ services: { config }, properties: { ConfigRuleName } }: Asked) {
  const { ConfigRules = [] } = await config.send(new DescribeConfigRulesCommand({ ConfigRuleNames: [ConfigRuleName] }))
  const [found] = ConfigRules
  return found && { ...found, InputParameters: JSON.parse(found.InputParameters ?? '{}') }
}

async function askAggregator({ services: { config }, properties }: Asked) {
  const { ConfigurationAggregatorName } = properties
  const { ConfigurationAggregators = [] } = await config.send(new DescribeConfigurationAggregatorsCommand({}))
  const found = ConfigurationAggregators.find((one) => one.ConfigurationAggregatorName === ConfigurationAggregatorName)
  return found && { ...found }
}

async function askStackSet({ place, properties: { StackSetName } }: Asked) {
  const names = await cloudFormation(place).stackSetNames()
  return names.includes(StackSetName) ? { StackSetName } : undefined
}

async function askOrganizationPolicy({ services: { organizations }, properties: { Name, Type } }: Asked) {
  const { Policies = [] } = await organizations.send(new ListPoliciesCommand({ Filter: Type }))
  const PolicyId = Policies.find((one) => one.Name === Name)?.Id
  if (PolicyId === undefined) return undefined
  const { Policy } = await organizations.send(new DescribePolicyCommand({ PolicyId }))
  const { Targets = [] } = await organizations.send(new ListTargetsForPolicyCommand({ PolicyId }))
  const TargetIds = Targets.map(({ TargetId }) => TargetId)
  return { Content: Policy?.Content, ...Policy?.PolicySummary, TargetIds }
}

/** IAM answers with documents in the spelling of URLs. */
function document(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(decodeURIComponent(text))
}

/** The properties of a template, by name, that a service says otherwise. Numbers and texts of numbers are the same. */
export function differing(
  properties: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.keys(properties).filter((name) => plainText(properties[name]) !== plainText(found[name]))
}

function plainText(value: unknown): string {
  return JSON.stringify(plain(value)) ?? ''
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value === undefined ? undefined : String(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, plain(one)]))
}
