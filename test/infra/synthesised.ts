import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { deployedAreas } from '../../infra/config.ts'
import { deployableRules } from '../../infra/derive/config-rules.ts'
import { sourcePermissions as permissions } from '../../infra/derive/source-permissions.ts'
import { MemberStack, type MemberStackProps } from '../../infra/stacks/member-stack.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { templateEvaluator } from '../support/template-evaluator.ts'

/** Where the template is deployed in tests. */
export const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }

/** The rules of the template; parameters choose among them. */
export const templateRules: readonly Rule[] = deployableRules(catalogue, deployedAreas)

/** The rules a deployment has unless told. */
export const deployedRules: readonly Rule[] = templateRules.filter(({ defaultEnabled }) => defaultEnabled)

/** Parameters that switch on every rule. */
export const allRules = { EcrRules: 'all', RoleRules: 'all', VpcRules: 'all', ImageRules: 'all' }

const nothing = 'exports.handler=0'
/** In place of the bundles, where only the rest of the template matters. */
export const noCode: MemberStackProps['code'] = {
  ...{ ecr: nothing, role: nothing, vpc: nothing },
  ...{ publisher: nothing, resourceChange: nothing, pullFailure: nothing },
}

/** The stack as `cdk synth` makes it, with the given bundles. */
export function memberStack(code = noCode, rules: MemberStackProps['rules'] = templateRules) {
  const app = new App()
  const stack = new MemberStack(app, 'pullpath-member', { rules, permissions, code })
  return { app, stack, template: Template.fromStack(stack) }
}

/** A resource as it stands in a template, or in a deployment. */
export interface Resource {
  readonly Type: string
  readonly Condition?: string
  readonly DependsOn?: readonly string[]
  // biome-ignore lint/suspicious/noExplicitAny: templates are JSON
  readonly Properties: any
}

const made = new WeakMap<Template, Map<string, Map<string, Resource>>>()

/** What CloudFormation would create from the template with these parameters, intrinsic functions resolved; by logical id. */
export function deployed(template: Template, parameters: Readonly<Record<string, string>> = {}): Map<string, Resource> {
  const ofTemplate = made.get(template) ?? new Map<string, Map<string, Resource>>()
  made.set(template, ofTemplate)
  const key = JSON.stringify(parameters)
  const all = ofTemplate.get(key) ?? deploy(template, parameters)
  ofTemplate.set(key, all)
  return all
}

function deploy(template: Template, parameters: Readonly<Record<string, string>>): Map<string, Resource> {
  const { Parameters, Conditions, Resources } = template.toJSON()
  const values = new Map<string, string>([
    ...Object.entries(Parameters as Record<string, { Default: string }>).map(([id, { Default }]): [string, string] => [
      id,
      Default,
    ]),
    ...Object.entries(parameters),
    ...[['AWS::AccountId', place.account] as const, ['AWS::Region', place.region] as const].map(
      ([a, b]): [string, string] => [a, b],
    ),
    ['AWS::Partition', place.partition],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ])
  const evaluate = evaluator(values, Conditions, Resources)
  const all = Object.entries(Resources as Record<string, Resource>)
  return new Map(
    all
      .filter(([, { Condition }]) => Condition === undefined || evaluate({ Condition }) === true)
      .map(([id, resource]) => [id, { ...resource, Properties: evaluate(resource.Properties) }]),
  )
}

// biome-ignore lint/suspicious/noExplicitAny: templates are JSON
function evaluator(values: ReadonlyMap<string, string>, conditions: any, resources: any) {
  return templateEvaluator({
    ref: (id) => values.get(id) ?? named(id, resources),
    attribute: (id, name) => (name === 'Arn' ? arnOf(id, resources[id]) : `${id}.${name}`),
    conditions,
  })
}

/** What Ref answers for a resource, as far as the template asks. */
// biome-ignore lint/suspicious/noExplicitAny: templates are JSON
function named(id: string, resources: any): string {
  const { Type, Properties } = resources[id]
  if (Type === 'AWS::SQS::Queue')
    return `https://sqs.${place.region}.amazonaws.com/${place.account}/${Properties.QueueName}`
  return typeof Properties.FunctionName === 'string' ? Properties.FunctionName : id
}

function arnOf(id: string, { Type, Properties }: Resource): string {
  const own = (service: string, resource: string) =>
    `arn:${place.partition}:${service}:${place.region}:${place.account}:${resource}`
  switch (Type) {
    case 'AWS::SQS::Queue':
      return own('sqs', Properties.QueueName)
    case 'AWS::Lambda::Function':
      return own('lambda', `function:${Properties.FunctionName}`)
    case 'AWS::S3::Bucket':
      return `arn:${place.partition}:s3:::${id}`
    case 'AWS::KMS::Key':
      return own('kms', `key/${id}`)
    case 'AWS::Events::Rule':
      return own('events', `rule/${Properties.Name}`)
    default:
      return `arn:${place.partition}:iam::${place.account}:role/${id}`
  }
}

/** The resources of a type. */
export function ofType(all: ReadonlyMap<string, Resource>, type: string): readonly Resource[] {
  return [...all.values()].filter(({ Type }) => Type === type)
}
