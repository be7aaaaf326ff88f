import { describe, expect, it } from 'vitest'
import { auditors, eventFunctions, queueNames } from '../../infra/config.ts'
import { alarmDefinitions } from '../../infra/derive/alarms.ts'
import { judgingFunctions } from '../../shared/live/function-names.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { metricUnits, namespace } from '../../shared/runtime/metrics.ts'
import { deployed, memberStack, ofType, templateRules } from './synthesised.ts'

const { template } = memberStack()
const alarmsOf = (parameters: Record<string, string>) =>
  ofType(deployed(template, parameters), 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties)
const auditing: readonly string[] = Object.values(auditors).map(({ functionName }) => functionName)
const judging: readonly string[] = Object.values(judgingFunctions)
const everyFunction: string[] = [...auditing, ...Object.values(eventFunctions).map(({ functionName }) => functionName)]
const watching = (metric: string) => alarmsOf({ Alarms: 'all' }).filter(({ MetricName }) => MetricName === metric)
const watched = (metric: string) => watching(metric).map(({ Dimensions }) => Dimensions[0].Value)

describe('the alarms', () => {
  it('take 26 hours without a heartbeat, or without an evaluation, for a failure', () => {
    for (const metric of ['HeartbeatAge', 'Evaluations']) {
      expect(watched(metric)).toEqual(judging)
      for (const alarm of watching(metric)) {
        expect(alarm).toMatchObject({ TreatMissingData: 'breaching', DatapointsToAlarm: alarm.EvaluationPeriods })
        expect(alarm.Period * alarm.EvaluationPeriods).toBe(26 * 3_600)
        expect(alarm.Dimensions).toEqual([
          { Name: 'service', Value: expect.stringMatching(/-(auditor|pull-failure)$/) },
        ])
      }
    }
    expect(watching('HeartbeatAge')[0]).toMatchObject({
      ...{ Statistic: 'Maximum', ComparisonOperator: 'GreaterThanThreshold', Threshold: 93_600 },
    })
    expect(watching('Evaluations')[0]).toMatchObject({
      ...{ Statistic: 'Sum', ComparisonOperator: 'LessThanThreshold', Threshold: 1 },
    })
  })

  it('go off for the first message in any queue of dead letters', () => {
    const { findings, ...apart } = queueNames
    expect(watched('ApproximateNumberOfMessagesVisible').sort()).toEqual(Object.values(apart).sort())
    for (const alarm of watching('ApproximateNumberOfMessagesVisible')) {
      expect(alarm).toMatchObject({ Threshold: 0, EvaluationPeriods: 1, ComparisonOperator: 'GreaterThanThreshold' })
    }
    expect(watched('ApproximateAgeOfOldestMessage')).toEqual([findings])
  })

  it('go off for the errors of each function', () => {
    expect(watched('Errors').sort()).toEqual(everyFunction.sort())
    for (const alarm of watching('Errors')) {
      expect(alarm).toMatchObject({ Namespace: 'AWS/Lambda', Threshold: 3, TreatMissingData: 'notBreaching' })
    }
  })

  it('watch metrics that functions write', () => {
    const ours = alarmDefinitions(templateRules).filter(({ metric }) => metric.namespace === namespace)
    expect(ours.map(({ metric }) => metric.name).filter((name) => !Object.keys(metricUnits).includes(name))).toEqual([])
    expect(new Set(ours.map(({ metric }) => metric.name))).toEqual(
      new Set(['HeartbeatAge', 'Evaluations', 'FindingsNotDelivered']),
    )
    const services = ours.flatMap(({ metric }) => metric.dimensions.map(({ value }) => value))
    expect(services.filter((name) => !everyFunction.includes(name))).toEqual([])
  })

  it('keep the limit of CloudWatch: a week, in periods of an hour', () => {
    for (const { periodSeconds, periods } of alarmDefinitions(templateRules)) {
      expect(periodSeconds * periods).toBeLessThanOrEqual(periodSeconds >= 3_600 ? 604_800 : 86_400)
    }
  })

  it('are the seven that show a dead deployment, all, or none, as the parameter says', () => {
    expect(alarmsOf({}).map(({ MetricName }) => MetricName)).toEqual([
      ...['HeartbeatAge', 'HeartbeatAge', 'HeartbeatAge', 'HeartbeatAge'],
      ...[
        'ApproximateNumberOfMessagesVisible',
        'ApproximateNumberOfMessagesVisible',
        'ApproximateNumberOfMessagesVisible',
      ],
    ])
    expect(alarmsOf({ Alarms: 'all' })).toHaveLength(alarmDefinitions(templateRules).length)
    expect(alarmsOf({ Alarms: 'none' })).toEqual([])
    expect(alarmsOf({ SecurityHub: 'off' }).map(({ Dimensions }) => Dimensions[0].Value)).toEqual([
      ...auditing,
      eventFunctions.pullFailure.functionName,
      'pullpath-failed-invocations',
    ])
  })

  it('expect no sweeps of an area none of whose rules is sure to be swept', () => {
    const unswept = [
      (rule: Rule) => ({ ...rule, triggers: { ...rule.triggers, scheduled: rule.area !== 'ecr' } }),
      (rule: Rule) => ({ ...rule, defaultEnabled: rule.defaultEnabled && rule.area !== 'ecr' }),
      (rule: Rule) => (rule.area === 'ecr' ? { ...rule, judges: 'AWS::IAM::Role' as const } : rule),
    ]
    for (const change of unswept) {
      const beats = alarmDefinitions(templateRules.map(change)).filter(({ metric }) =>
        ['HeartbeatAge', 'Evaluations'].includes(metric.name),
      )
      const three = ['role', 'vpc', 'image']
      expect(beats.map(({ area }) => area)).toEqual([...three, ...three])
    }
  })

  it('expect no sweeps of a function whose rules are left out', () => {
    const beats = (parameters: Record<string, string>) =>
      alarmsOf({ Alarms: 'all', ...parameters })
        .filter(({ MetricName }) => ['HeartbeatAge', 'Evaluations'].includes(MetricName))
        .map(({ Dimensions }) => Dimensions[0].Value)
    expect(new Set(beats({ VpcRules: 'none' }))).toEqual(
      new Set(judging.filter((name) => name !== judgingFunctions.vpc)),
    )
    expect(new Set(beats({ ImageRules: 'none' }))).toEqual(new Set(auditing))
    expect(new Set(beats({ EcrRules: 'all', RoleRules: 'all' }))).toEqual(new Set(judging))
    const errors = alarmsOf({ Alarms: 'all', VpcRules: 'none' }).filter(({ MetricName }) => MetricName === 'Errors')
    expect(errors).toHaveLength(everyFunction.length)
  })

  it('tell the topic that is given, and nobody without one', () => {
    const topic = 'arn:aws:sns:eu-central-1:111122223333:alarms'
    for (const { AlarmActions } of alarmsOf({ AlarmTopic: topic })) expect(AlarmActions).toEqual([topic])
    for (const { AlarmActions } of alarmsOf({})) expect(AlarmActions).toBeUndefined()
  })
})
