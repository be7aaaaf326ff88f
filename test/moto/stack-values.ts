// biome-ignore-all lint/suspicious/noExplicitAny: templates are JSON
import { templateEvaluator } from '../support/template-evaluator.ts'

/** A template, read from its text. */
export interface TemplateJson {
  readonly Parameters: Readonly<Record<string, TemplateParameter>>
  readonly Conditions: Readonly<Record<string, unknown>>
  readonly Resources: Readonly<Record<string, TemplateResource>>
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>
}

/** A parameter, with what CloudFormation asks of its values. */
export interface TemplateParameter {
  readonly Default?: string
  readonly AllowedPattern?: string
  readonly AllowedValues?: readonly string[]
  readonly MaxLength?: number
}

/** A resource as the template has it, or with its values. */
export interface TemplateResource {
  readonly Type: string
  readonly Condition?: string
  readonly DeletionPolicy?: string
  readonly Properties?: any
}

/** A stack: its template, and what it was made with. */
export interface Stack {
  readonly template: TemplateJson
  readonly parameters: Readonly<Record<string, string>>
  readonly accountId: string
  readonly region: string
  /** What `Ref` of a resource gives, by logical id. */
  readonly physical: ReadonlyMap<string, string>
}

/** In place of the id that AWS Config gives an aggregator. */
export const aggregatorId = 'config-aggregator-pullpath'

/** The resources whose conditions hold, by logical id, with their values. @throws Error where a value is not known */
export function resourcesOf(stack: Stack): ReadonlyMap<string, TemplateResource> {
  const evaluate = evaluatorOf(stack)
  const held = Object.entries(stack.template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || evaluate({ Condition }) === true,
  )
  return new Map(held.map(([id, one]) => [id, { ...one, Properties: evaluate(one.Properties ?? {}) }]))
}

/** The properties of the resources of a type, their values resolved. */
export function ofType(stack: Stack, type: string): readonly any[] {
  const all = [...resourcesOf(stack).values()]
  return all.filter(({ Type }) => Type === type).map(({ Properties }) => Properties)
}

/** The outputs, with their values. */
export function outputsOf(stack: Stack): ReadonlyMap<string, string> {
  const evaluate = evaluatorOf(stack)
  return new Map(Object.entries(stack.template.Outputs).map(([name, { Value }]) => [name, evaluate(Value)]))
}

/** What of these parameters CloudFormation would refuse for the template. moto asks for nothing. */
export function refusedParameters(
  { Parameters }: TemplateJson,
  given: Readonly<Record<string, string>>,
): readonly string[] {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(Parameters, name))
  const refused = Object.entries(Parameters).filter(([name, { Default, AllowedPattern, AllowedValues, MaxLength }]) => {
    const value = given[name] ?? Default
    if (value === undefined) return true
    if (AllowedPattern !== undefined && !new RegExp(AllowedPattern).test(value)) return true
    return (AllowedValues !== undefined && !AllowedValues.includes(value)) || value.length > (MaxLength ?? 4_096)
  })
  return [...unknown, ...refused.map(([name]) => name)]
}

function evaluatorOf({ template, parameters, accountId, region, physical }: Stack): (value: any) => any {
  const pseudo = new Map([
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ...[['AWS::AccountId', accountId] as const, ['AWS::Region', region] as const],
  ])
  const referred = (id: string) => {
    const given = pseudo.get(id) ?? parameters[id] ?? template.Parameters[id]?.Default
    const value = given ?? physical.get(id) ?? template.Resources[id]?.Properties?.ConfigurationAggregatorName
    if (value === undefined) throw new Error(`${id} has no value`)
    return value
  }
  const attribute = (id: string, name: string) => {
    if (name === 'ConfigurationAggregatorArn')
      return `arn:aws:config:${region}:${accountId}:config-aggregator/${aggregatorId}`
    if (name !== 'Arn') throw new Error(`${id}.${name} is not known here`)
    return arnOf(template.Resources[id]!, String(referred(id)), accountId, region)
  }
  return templateEvaluator({ ref: referred, attribute, conditions: template.Conditions })
}

/** The ARN of a resource, from what `Ref` gives. */
function arnOf({ Type, Properties }: TemplateResource, name: string, accountId: string, region: string): string {
  const own = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`
  switch (Type) {
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${accountId}:role${Properties.Path ?? '/'}${name}`
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`
    case 'AWS::StepFunctions::StateMachine':
      return name
    case 'AWS::KMS::Key':
      return own('kms', `key/${name}`)
    case 'AWS::SQS::Queue':
      return own('sqs', name.split('/').at(-1) ?? '')
    case 'AWS::Lambda::Function':
      return own('lambda', `function:${name}`)
    case 'AWS::Events::Rule':
      return own('events', `rule/${name}`)
    case 'AWS::Logs::LogGroup':
      return own('logs', `log-group:${name}:*`)
    default:
      throw new Error(`the ARN of ${Type} is not known here`)
  }
}
