import { type CfnCondition, CfnParameter, CfnResource, aws_config as config, Fn, type Stack } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import { conformancePackName, limits } from '../config.ts'
import type { ConfigRuleDefinition } from '../derive/config-rules.ts'
import { configRuleProperties, packBlock, packHeader } from '../derive/conformance-pack.ts'
import type { Conditions } from './conditions.ts'
import type { ConfigRuleFunction } from './config-rule-function.ts'
import type { RuleSets } from './rule-sets.ts'

/** Whether the rules are in a conformance pack, whose compliance AWS Config shows as a score, or by themselves. */
export interface RuleForm {
  readonly packed: () => CfnCondition
  readonly plain: () => CfnCondition
  /** Name of the pack, a token: empty for rules by themselves. */
  readonly packName: string
}

/** The parameter that says it. */
export function ruleForm(scope: Stack, conditions: Conditions): RuleForm {
  const parameter = new CfnParameter(scope, 'ConfigRules', {
    default: 'pack',
    allowedValues: ['pack', 'rules'],
    description:
      'pack: the AWS Config rules are in a conformance pack, which shows a score. rules: they are by themselves, as in regions without conformance packs.',
  })
  const is = (id: string, value: string) => conditions(id, () => Fn.conditionEquals(parameter.valueAsString, value))
  const packed = () => is('RulesInPack', 'pack')
  return {
    packed,
    plain: () => is('RulesByThemselves', 'rules'),
    packName: Fn.conditionIf(packed().logicalId, conformancePackName, '').toString(),
  }
}

/** What the AWS Config rules of a deployment are made from. */
export interface ConfigRulesProps {
  readonly definitions: readonly ConfigRuleDefinition[]
  readonly conditions: Conditions
  readonly sets: RuleSets
  readonly form: RuleForm
  /** The function that judges each area. */
  readonly auditors: ReadonlyMap<RuleMeta['area'], ConfigRuleFunction>
}

/** Every AWS Config rule of a deployment, both in a conformance pack and by itself: parameters say which of them exist. */
export class ConfigRules extends Construct {
  readonly rules: readonly CfnResource[]
  readonly pack: config.CfnConformancePack

  constructor(scope: Construct, id: string, props: ConfigRulesProps) {
    super(scope, id)
    this.rules = props.definitions.map((definition) => plainRule(this, definition, props))
    this.pack = packOf(this, props)
  }
}

/** Of the very properties that it has in the pack. */
function plainRule(scope: Construct, definition: ConfigRuleDefinition, props: ConfigRulesProps): CfnResource {
  const { conditions, sets, form } = props
  const auditor = auditorOf(definition, props)
  const properties = configRuleProperties(definition, auditor.function.attrArn)
  const rule = new CfnResource(scope, definition.ruleId, {
    type: 'AWS::Config::ConfigRule',
    properties: { ...properties },
  })
  rule.addResourceDependency(auditor.permission)
  const has = sets.has(definition)
  rule.cfnOptions.condition = conditions(`${has.node.id}ByThemselves`, () => Fn.conditionAnd(has, form.plain()))
  return rule
}

function packOf(scope: Construct, props: ConfigRulesProps): config.CfnConformancePack {
  const { definitions, conditions, form, auditors } = props
  if (definitions.length > limits.packRules) throw new Error(`a conformance pack has ${limits.packRules} rules at most`)
  const blocks = definitions.map((definition) => chosenBlock(definition, props))
  const pack = new config.CfnConformancePack(scope, 'Pack', {
    conformancePackName,
    templateBody: Fn.join('', [packHeader, ...blocks]),
  })
  pack.cfnOptions.condition = conditions('HasConformancePack', () => Fn.conditionAnd(form.packed(), anyRule(props)))
  // AWS Config checks the permissions when it makes the rules.
  for (const { permission } of auditors.values()) pack.addResourceDependency(permission)
  return pack
}

function chosenBlock(definition: ConfigRuleDefinition, props: ConfigRulesProps): string {
  const block = packBlock(definition, auditorOf(definition, props).function.attrArn)
  return Fn.conditionIf(props.sets.has(definition).logicalId, block, '').toString()
}

/** A pack without rules would be refused. */
function anyRule({ definitions, sets }: ConfigRulesProps) {
  return Fn.conditionOr(...new Set(definitions.map((definition) => sets.has(definition))))
}

function auditorOf({ ruleId, area }: ConfigRuleDefinition, { auditors }: ConfigRulesProps): ConfigRuleFunction {
  const auditor = auditors.get(area)
  if (auditor === undefined) throw new Error(`${ruleId}: no function judges area ${area}`)
  return auditor
}
