import { paginateDescribeConfigRules } from '@aws-sdk/client-config-service'
import { ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import { cloudFormation, type Place } from './cloudformation.ts'
import { servicesOf } from './services.ts'
import { resourcesOf, type Stack, type TemplateJson } from './stack-values.ts'

/** A stack set as a template describes it, its values resolved. */
export interface StackSetProperties {
  readonly StackSetName: string
  readonly TemplateURL: string
  readonly CallAs: string
  readonly Parameters: readonly { readonly ParameterKey: string; readonly ParameterValue: string }[]
  readonly OperationPreferences: object
  readonly StackInstancesGroup: readonly {
    readonly DeploymentTargets: { readonly OrganizationalUnitIds: readonly string[] }
    readonly Regions: readonly string[]
  }[]
}

/** The stack set of the hub's template, with the values of the stack that was created. */
export function stackSetOf(hub: Stack): StackSetProperties {
  const sets = [...resourcesOf(hub).values()].filter(({ Type }) => Type === 'AWS::CloudFormation::StackSet')
  if (sets.length !== 1) throw new Error(`the hub has ${sets.length} stack sets`)
  return sets[0]?.Properties
}

/** What the stack set tells the member template. */
export function parametersOf({ Parameters }: StackSetProperties): Readonly<Record<string, string>> {
  return Object.fromEntries(Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]))
}

/** What CloudFormation does when the resource is created, but for the stacks. */
export async function createStackSet(place: Place, properties: StackSetProperties): Promise<void> {
  const { StackInstancesGroup: _, OperationPreferences: __, ...set } = properties
  await cloudFormation(place).call('CreateStackSet', set)
}

/** The stacks in all accounts that the units have now. Those that are there stay as they are. */
export async function createStacks(place: Place, properties: StackSetProperties): Promise<void> {
  const { StackSetName, CallAs, OperationPreferences, StackInstancesGroup } = properties
  for (const group of StackInstancesGroup) {
    const input = { StackSetName, CallAs, OperationPreferences, ...group }
    await cloudFormation(place).call('CreateStackInstances', input)
  }
}

/** Deletes the stacks of these accounts: moto looks at accounts only, never at units. */
export async function deleteStacks(
  place: Place,
  { StackSetName, CallAs, StackInstancesGroup }: StackSetProperties,
  accounts: readonly string[],
): Promise<void> {
  const Regions = StackInstancesGroup.flatMap((group) => group.Regions)
  const input = { StackSetName, CallAs, Regions, Accounts: accounts, RetainStacks: false }
  await cloudFormation(place).call('DeleteStackInstances', input)
}

/**
 * The member stack of an account and region. moto hides the stacks of a stack set, so what `Ref` gives is found out: names are in the
 * template, roles are those of the functions of the region.
 */
export async function memberStack(
  place: Place,
  template: TemplateJson,
  properties: StackSetProperties,
): Promise<Stack> {
  const { lambda } = servicesOf(place)
  const { accountId, region } = place
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}))
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}))
  const roles = Functions.map(({ Role = '' }) => Role.split('/').at(-1) ?? '')
  const nameOf = (id: string, type: string, of: Readonly<Record<string, string>>): string | undefined => {
    switch (type) {
      case 'AWS::IAM::Role':
        return roles.find((role) => role.startsWith(`${properties.StackSetName}-${id}-`))
      case 'AWS::SQS::Queue':
        return `https://sqs.${region}.amazonaws.com/${accountId}/${of.QueueName}`
      case 'AWS::Lambda::EventSourceMapping':
        return EventSourceMappings[0]?.UUID
      default:
        return of.FunctionName ?? of.LogGroupName ?? of.Name
    }
  }
  const names = Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) => {
    const name = nameOf(id, Type, Properties)
    return name === undefined ? [] : [[id, name] as const]
  })
  return { template, parameters: parametersOf(properties), accountId, region, physical: new Map(names) }
}

/** The variables of each function of an account and region, as Lambda gives them. */
export async function variablesOf(place: Place): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const { Functions = [] } = await servicesOf(place).lambda.send(new ListFunctionsCommand({}))
  return new Map(Functions.map(({ FunctionName = '', Environment }) => [FunctionName, Environment?.Variables ?? {}]))
}

/** The names of what is in an account and region, sorted. */
export async function namesIn(place: Place) {
  const { lambda, sqs, call, config } = servicesOf(place)
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}))
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}))
  const { Rules = [] } = await call('events', 'ListRules')
  const configRules: string[] = []
  for await (const { ConfigRules = [] } of paginateDescribeConfigRules({ client: config }, {})) {
    configRules.push(...ConfigRules.map(({ ConfigRuleName = '' }) => ConfigRuleName))
  }
  const names: readonly string[] = Rules.map(({ Name }: { Name: string }) => Name)
  return {
    functions: Functions.map(({ FunctionName = '' }) => FunctionName).sort(),
    queues: QueueUrls.map((url) => url.split('/').at(-1) ?? '').sort(),
    rules: [...names].sort(),
    configRules: configRules.sort(),
  }
}
