import { Aws, CfnCondition, CfnParameter, aws_cloudwatch as cloudwatch, Fn, type Stack, Token } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { type AlarmDefinition, type AlarmedRule, alarmDefinitions } from '../derive/alarms.ts'
import type { Conditions } from './conditions.ts'
import type { RuleSets } from './rule-sets.ts'

/** What alarms depend on besides their own parameters. */
export interface WorkAlarmsProps {
  readonly conditions: Conditions
  /** Where findings go to Security Hub. */
  readonly publishes: CfnCondition
  readonly sets: RuleSets
  readonly rules: readonly AlarmedRule[]
}

/**
 * Alarms on evidence of work: what counts is that sweeps end and evaluations are taken, because a function that nobody invokes
 * has no errors. Parameters say how many there are and whom they tell.
 */
export class WorkAlarms extends Construct {
  readonly alarms: readonly cloudwatch.CfnAlarm[]

  constructor(scope: Stack, id: string, props: WorkAlarmsProps) {
    super(scope, id)
    const conditions = conditionsOf(scope, props)
    const actions = topicActions(scope)
    this.alarms = alarmDefinitions(props.rules).map((definition) => {
      const alarm = new cloudwatch.CfnAlarm(this, definition.id, propertiesOf(definition, actions))
      alarm.cfnOptions.condition = conditions(definition)
      return alarm
    })
  }
}

function propertiesOf(definition: AlarmDefinition, alarmActions: string[]): cloudwatch.CfnAlarmProps {
  const { metric, description, statistic, threshold, periods, periodSeconds, silence, comparison } = definition
  return {
    ...{ alarmDescription: description, namespace: metric.namespace, metricName: metric.name, statistic, threshold },
    dimensions: [...metric.dimensions],
    ...{ period: periodSeconds, evaluationPeriods: periods, datapointsToAlarm: periods },
    ...{ comparisonOperator: comparison, treatMissingData: silence },
    alarmActions,
  }
}

function conditionsOf(
  scope: Stack,
  { conditions, publishes, sets }: WorkAlarmsProps,
): (definition: AlarmDefinition) => CfnCondition {
  const level = new CfnParameter(scope, 'Alarms', {
    default: 'evidence',
    allowedValues: ['evidence', 'all', 'none'],
    description:
      'evidence: sweeps that do not end, dead letters. all: also errors, evaluations and findings that wait. An alarm costs about $0.10 a month.',
  })
  const is = (value: string) => Fn.conditionEquals(level.valueAsString, value)
  const levels = {
    all: () => conditions('AllAlarms', () => is('all')),
    evidence: () => conditions('EvidenceAlarms', () => Fn.conditionNot(is('none'))),
  }
  // A function that has no rules makes no sweeps.
  const needed = ({ publishing, area }: AlarmDefinition) =>
    area === undefined ? (publishing ? publishes : undefined) : sets.judges(area)
  return (definition) => {
    const wanted = levels[definition.level]()
    const needs = needed(definition)
    if (needs === undefined) return wanted
    return conditions(`${wanted.node.id}Where${needs.node.id}`, () => Fn.conditionAnd(wanted, needs))
  }
}

function topicActions(scope: Stack): string[] {
  const topic = new CfnParameter(scope, 'AlarmTopic', {
    default: '',
    allowedPattern: '^(arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+)?$',
    description: 'ARN of an SNS topic that alarms are sent to. Empty: they only show in CloudWatch.',
  })
  const given = new CfnCondition(scope, 'HasAlarmTopic', {
    expression: Fn.conditionNot(Fn.conditionEquals(topic.valueAsString, '')),
  })
  return Token.asList(Fn.conditionIf(given.logicalId, [topic.valueAsString], Aws.NO_VALUE))
}
