import type { ConfigRuleDefinition, RuleTrigger } from './config-rules.ts'

/** The properties of `AWS::Config::ConfigRule` that a rule has, by itself or in a conformance pack. */
export interface ConfigRuleProperties {
  readonly ConfigRuleName: string
  readonly Description: string
  readonly InputParameters: object
  readonly Scope?: { readonly ComplianceResourceTypes: readonly string[] }
  readonly Source: {
    readonly Owner: 'CUSTOM_LAMBDA'
    readonly SourceIdentifier: string
    readonly SourceDetails: readonly object[]
  }
}

/** The rule as CloudFormation takes it, judged by the function of that ARN. */
export function configRuleProperties(definition: ConfigRuleDefinition, functionArn: string): ConfigRuleProperties {
  return {
    ConfigRuleName: definition.name,
    Description: definition.description,
    InputParameters: JSON.parse(definition.inputParameters),
    // Without a scope every recorded change in the account would invoke the rule; a scheduled-only rule has no changes.
    ...(definition.scope.length > 0 && { Scope: { ComplianceResourceTypes: definition.scope } }),
    Source: {
      Owner: 'CUSTOM_LAMBDA',
      SourceIdentifier: functionArn,
      SourceDetails: definition.triggers.map(sourceDetail),
    },
  }
}

function sourceDetail({ messageType, frequency }: RuleTrigger): object {
  return {
    EventSource: 'aws.config',
    MessageType: messageType,
    ...(frequency !== undefined && { MaximumExecutionFrequency: frequency }),
  }
}

/** How the template of a conformance pack begins; the rules follow. */
export const packHeader = 'Resources:\n'

/**
 * One rule as a block of the template of a conformance pack: YAML whose values are JSON, which YAML is a superset of. It has no
 * `Fn::Sub`, so `${` in a text means nothing. The blocks chosen, put one after the other behind `packHeader`, are the template.
 */
export function packBlock(definition: ConfigRuleDefinition, functionArn: string): string {
  const properties = Object.entries(configRuleProperties(definition, functionArn))
  return [
    `  ${logicalIdOf(definition.ruleId)}:`,
    '    Type: AWS::Config::ConfigRule',
    '    Properties:',
    ...properties.map(([name, value]) => `      ${name}: ${JSON.stringify(value)}`),
    '',
  ].join('\n')
}

/** Letters and digits only. Ids that differ in dashes alone would meet here, and duplicate keys are refused by YAML. */
function logicalIdOf(ruleId: string): string {
  return ruleId.replace(/(^|-)([a-z0-9])/g, (_match, _dash, letter: string) => letter.toUpperCase())
}
