import { type CfnCondition, aws_config as config } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { ConfigRuleDefinition, RuleTrigger } from '../derive/config-rules.ts'
import type { ConfigRuleFunction } from './config-rule-function.ts'

/** What a set of AWS Config rules is made from. */
export interface ConfigRulesProps {
  readonly definitions: readonly ConfigRuleDefinition[]
  readonly auditor: ConfigRuleFunction
  /** True where rules on resources of the account, such as roles, exist. */
  readonly inHomeRegion: CfnCondition
}

/** One AWS Config rule per definition, all judged by one function. */
export class ConfigRules extends Construct {
  readonly rules: readonly config.CfnConfigRule[]

  constructor(scope: Construct, id: string, { definitions, auditor, inHomeRegion }: ConfigRulesProps) {
    super(scope, id)
    this.rules = definitions.map((definition) => {
      const rule = new config.CfnConfigRule(this, definition.ruleId, propertiesOf(definition, auditor))
      rule.addResourceDependency(auditor.permission)
      if (definition.homeRegionOnly) rule.cfnOptions.condition = inHomeRegion
      return rule
    })
  }
}

function propertiesOf(definition: ConfigRuleDefinition, auditor: ConfigRuleFunction): config.CfnConfigRuleProps {
  return {
    configRuleName: definition.name,
    description: definition.description,
    inputParameters: JSON.parse(definition.inputParameters),
    // Without a scope every recorded change in the account would invoke the rule; a scheduled-only rule has no changes.
    ...(definition.scope.length > 0 && { scope: { complianceResourceTypes: [...definition.scope] } }),
    source: {
      owner: 'CUSTOM_LAMBDA',
      sourceIdentifier: auditor.function.attrArn,
      sourceDetails: definition.triggers.map(sourceDetail),
    },
  }
}

function sourceDetail({ messageType, frequency }: RuleTrigger): config.CfnConfigRule.SourceDetailProperty {
  return {
    eventSource: 'aws.config',
    messageType,
    ...(frequency !== undefined && { maximumExecutionFrequency: frequency }),
  }
}
