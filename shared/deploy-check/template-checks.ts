import { isJsonObject, type JsonValue, own, ownList, ownObject, ownString } from '../model/json.ts'
import { checkOf, type DeployCheck, type DeployItem, withinLimit } from './check.ts'
import { awsLimits } from './limits.ts'
import { longestText, type ReferenceLength, type Template, type TemplateResource } from './template.ts'

/** Whether CloudFormation takes the template. */
export function checkTemplate({ bytes, resources, parameters }: Template): DeployCheck {
  const size = withinLimit('size', bytes, awsLimits.templateBytes, 'bytes')
  return checkOf('template', size.reason, [
    size,
    withinLimit('resources', resources.length, awsLimits.resources, 'resources'),
    withinLimit('parameters', parameters.size, awsLimits.parameters, 'parameters'),
  ])
}

/** Whether Lambda takes the functions: their code and their variables at the longest. */
export function checkFunctions(template: Template, lengthOf: ReferenceLength): DeployCheck {
  const functions = ofType(template, 'AWS::Lambda::Function')
  const items = functions.flatMap(({ logicalId, properties }) => {
    const code = longestText(own(ownObject(properties, 'Code') ?? {}, 'ZipFile'), lengthOf)
    const variables = Object.entries(ownObject(ownObject(properties, 'Environment') ?? {}, 'Variables') ?? {})
    const environment = variables.reduce((sum, [name, value]) => sum + name.length + longestText(value, lengthOf), 0)
    return [
      withinLimit(`${logicalId}: code`, code, awsLimits.inlineCodeBytes, 'bytes'),
      softened(withinLimit(`${logicalId}: variables`, environment, awsLimits.environmentBytes, 'bytes')),
    ]
  })
  return checkOf('functions', `${functions.length} functions`, items)
}

/** The longest of everything is seldom given at once. */
function softened(item: DeployItem): DeployItem {
  return item.status === 'error' ? { ...item, status: 'warning' } : item
}

/** Whether AWS Config takes the rules of the template, by themselves and in conformance packs. */
export function checkConfigRules(template: Template, lengthOf: ReferenceLength): DeployCheck {
  const rules = ofType(template, 'AWS::Config::ConfigRule')
  const packs = ofType(template, 'AWS::Config::ConformancePack')
  const items = [
    ...rules.flatMap((rule) => ruleItems(rule, lengthOf)),
    ...packs.flatMap((pack) => packItems(pack, lengthOf)),
    withinLimit('rules by themselves', rules.length, awsLimits.configRulesOfRegion, 'rules of a region'),
    withinLimit('conformance packs', packs.length, awsLimits.packsOfAccount, 'packs, with those of others'),
  ]
  return checkOf('config-rules', `${rules.length} rules by themselves, ${packs.length} conformance packs`, items)
}

function ruleItems({ logicalId, properties }: TemplateResource, lengthOf: ReferenceLength): readonly DeployItem[] {
  const length = (name: string) => longestText(own(properties, name), lengthOf)
  const source = ownObject(properties, 'Source') ?? {}
  const scope = ownObject(properties, 'Scope') ?? {}
  const parameters = JSON.stringify(own(properties, 'InputParameters') ?? '').length
  const { configRuleName, configRuleDescription, inputParameters, scopeTypes, sourceDetails } = awsLimits
  return [
    withinLimit(`${logicalId}: name`, length('ConfigRuleName'), configRuleName, 'characters'),
    withinLimit(`${logicalId}: description`, length('Description'), configRuleDescription, 'characters'),
    withinLimit(`${logicalId}: input parameters`, parameters, inputParameters, 'characters'),
    withinLimit(`${logicalId}: types`, ownList(scope, 'ComplianceResourceTypes').length, scopeTypes, 'types'),
    withinLimit(`${logicalId}: triggers`, ownList(source, 'SourceDetails').length, sourceDetails, 'triggers'),
  ]
}

function packItems({ logicalId, properties }: TemplateResource, lengthOf: ReferenceLength): readonly DeployItem[] {
  const body = own(properties, 'TemplateBody')
  const rules = JSON.stringify(body ?? '').split('AWS::Config::ConfigRule').length - 1
  return [
    withinLimit(`${logicalId}: template`, longestText(body, lengthOf), awsLimits.packTemplateBytes, 'bytes'),
    withinLimit(`${logicalId}: rules`, rules, awsLimits.packRules, 'rules'),
  ]
}

/** Whether EventBridge takes the patterns. */
export function checkEventRules(template: Template): DeployCheck {
  const rules = ofType(template, 'AWS::Events::Rule')
  const items = rules.map(({ logicalId, properties }) => {
    const length = JSON.stringify(own(properties, 'EventPattern') ?? '').length
    return withinLimit(`${logicalId}: pattern`, length, awsLimits.eventPatternCharacters, 'characters')
  })
  return checkOf('event-rules', `${rules.length} rules`, items)
}

function ofType({ resources }: Template, type: string): readonly TemplateResource[] {
  return resources.filter((resource) => resource.type === type)
}

/** Whether the template has the parameters that are given, takes their values, and needs no others. */
export function checkParameters(template: Template | undefined, given: ReadonlyMap<string, string>): DeployCheck {
  if (template === undefined) {
    const reason =
      given.size === 0 ? 'none given' : `${given.size} given; without --template nothing says which there are`
    return { id: 'parameters', status: given.size === 0 ? 'ok' : 'warning', reason }
  }
  const wanting = [...template.parameters]
    .filter(([name, definition]) => own(definition, 'Default') === undefined && !given.has(name))
    .map(([name]): DeployItem => ({ name, status: 'error', reason: 'has no default and is not given' }))
  const items = [...given].map(([name, value]) => parameterItem(name, value, template))
  return checkOf('parameters', `${given.size} of ${template.parameters.size} given`, [...items, ...wanting])
}

function parameterItem(name: string, value: string, { parameters }: Template): DeployItem {
  const definition = parameters.get(name)
  const wrong = (reason: string): DeployItem => ({ name, status: 'error', reason })
  if (definition === undefined) return wrong('the template has no such parameter')
  const allowed = ownList(definition, 'AllowedValues').map(String)
  if (allowed.length > 0 && !allowed.includes(value)) return wrong(`expected one of ${allowed.join(', ')}`)
  const most = own(definition, 'MaxLength')
  if (typeof most === 'number' && value.length > most) return wrong(`${value.length} of at most ${most} characters`)
  const form = formOf(name)
  if (value !== '' && form !== undefined && !form.pattern.test(value)) return wrong(`expected ${form.expected}`)
  return { name, status: 'ok', reason: 'is taken' }
}

interface Form {
  readonly pattern: RegExp
  readonly expected: string
}

/** Patterns of our own: those in a file are data, and may take for ever. */
const forms: ReadonlyMap<string, Form> = new Map([
  ['OrganizationId', { pattern: /^o-[a-z0-9]{10,32}$/, expected: 'an organization id (o-…)' }],
  ['HubAccount', { pattern: /^\d{12}$/, expected: 'a 12-digit account id' }],
  ['TrustedAccounts', { pattern: /^\d{12}(?:,\d{12})*$/, expected: '12-digit account ids, separated by commas' }],
  ['HomeRegion', { pattern: /^[a-z]{2,5}(?:-[a-z]{1,20}){1,3}-\d{1,2}$/, expected: 'the name of a region' }],
  ['HubRegion', { pattern: /^[a-z]{2,5}(?:-[a-z]{1,20}){1,3}-\d{1,2}$/, expected: 'the name of a region' }],
  [
    'HubKey',
    { pattern: /^arn:[a-z-]{1,20}:kms:[a-z0-9-]{1,40}:\d{12}:key\/[\w-]{1,100}$/, expected: 'the ARN of a KMS key' },
  ],
  [
    'QueueKey',
    { pattern: /^arn:[a-z-]{1,20}:kms:[a-z0-9-]{1,40}:\d{12}:key\/[\w-]{1,100}$/, expected: 'the ARN of a KMS key' },
  ],
  [
    'AlarmTopic',
    { pattern: /^arn:[a-z-]{1,20}:sns:[a-z0-9-]{1,40}:\d{12}:[\w-]{1,256}$/, expected: 'the ARN of an SNS topic' },
  ],
  ['ReservedConcurrency', { pattern: /^\d{0,4}$/, expected: 'a number' }],
])

function formOf(name: string): Form | undefined {
  return forms.get(name)
}

/**
 * The parameters of a file: `{"Name":"value"}`, `{"Parameters":{…}}`, or the list of `ParameterKey` and `ParameterValue` that
 * the AWS CLI takes. Undefined when it is none of these.
 */
export function parametersOfFile(value: JsonValue): ReadonlyMap<string, string> | undefined {
  if (Array.isArray(value)) {
    const pairs = value.map((one) => {
      const name = isJsonObject(one) ? ownString(one, 'ParameterKey') : undefined
      const held = isJsonObject(one) ? own(one, 'ParameterValue') : undefined
      return name === undefined || typeof held !== 'string' ? undefined : ([name, held] as const)
    })
    return pairs.every((pair) => pair !== undefined) ? new Map(pairs) : undefined
  }
  if (!isJsonObject(value)) return undefined
  const named = Object.entries(ownObject(value, 'Parameters') ?? value)
  return named.every((pair): pair is [string, string] => typeof pair[1] === 'string') ? new Map(named) : undefined
}
