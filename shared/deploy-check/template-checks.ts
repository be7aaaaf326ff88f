import { own, ownList, ownObject } from '../model/json.ts'
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
