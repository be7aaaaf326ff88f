import { describe, expect, it } from 'vitest'
import { auditors, eventFunctions, queueNames } from '../../infra/config.ts'
import { alarmDefinitions } from '../../infra/derive/alarms.ts'
import { metricUnits, namespace } from '../../shared/runtime/metrics.ts'
import { deployed, memberStack, ofType } from './synthesised.ts'

const { template } = memberStack()
const alarmsOf = (parameters: Record<string, string>) =>
  ofType(deployed(template, parameters), 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties)
const auditing: readonly string[] = Object.values(auditors).map(({ functionName }) => functionName)
const everyFunction: string[] = [...auditing, ...Object.values(eventFunctions).map(({ functionName }) => functionName)]
const watching = (metric: string) => alarmsOf({ Alarms: 'all' }).filter(({ MetricName }) => MetricName === metric)
const watched = (metric: string) => watching(metric).map(({ Dimensions }) => Dimensions[0].Value)

describe('the alarms', () => {
  it('take 26 hours without a heartbeat, or without an evaluation, for a failure', () => {
    for (const metric of ['HeartbeatAge', 'Evaluations']) {
      expect(watched(metric)).toEqual(auditing)
      for (const alarm of watching(metric)) {
        expect(alarm).toMatchObject({ TreatMissingData: 'breaching', DatapointsToAlarm: alarm.EvaluationPeriods })
        expect(alarm.Period * alarm.EvaluationPeriods).toBe(26 * 3_600)
        expect(alarm.Dimensions).toEqual([{ Name: 'service', Value: expect.stringMatching(/-auditor$/) }])
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
    const ours = alarmDefinitions().filter(({ metric }) => metric.namespace === namespace)
    expect(ours.map(({ metric }) => metric.name).filter((name) => !Object.keys(metricUnits).includes(name))).toEqual([])
    expect(new Set(ours.map(({ metric }) => metric.name))).toEqual(
      new Set(['HeartbeatAge', 'Evaluations', 'FindingsNotDelivered']),
    )
    const services = ours.flatMap(({ metric }) => metric.dimensions.map(({ value }) => value))
    expect(services.filter((name) => !everyFunction.includes(name))).toEqual([])
  })

  it('keep the limit of CloudWatch: a week, in periods of an hour', () => {
    for (const { periodSeconds, periods } of alarmDefinitions()) {
      expect(periodSeconds * periods).toBeLessThanOrEqual(periodSeconds >= 3_600 ? 604_800 : 86_400)
    }
  })

  it('are the six that show a dead deployment, all, or none, as the parameter says', () => {
    expect(alarmsOf({}).map(({ MetricName }) => MetricName)).toEqual([
      ...['HeartbeatAge', 'HeartbeatAge', 'HeartbeatAge'],
      ...[
        'ApproximateNumberOfMessagesVisible',
        'ApproximateNumberOfMessagesVisible',
        'ApproximateNumberOfMessagesVisible',
      ],
    ])
    expect(alarmsOf({ Alarms: 'all' })).toHaveLength(alarmDefinitions().length)
    expect(alarmsOf({ Alarms: 'none' })).toEqual([])
    expect(alarmsOf({ SecurityHub: 'off' }).map(({ Dimensions }) => Dimensions[0].Value)).toEqual([
      ...auditing,
      'pullpath-failed-invocations',
    ])
  })

  it('tell the topic that is given, and nobody without one', () => {
    const topic = 'arn:aws:sns:eu-central-1:111122223333:alarms'
    for (const { AlarmActions } of alarmsOf({ AlarmTopic: topic })) expect(AlarmActions).toEqual([topic])
    for (const { AlarmActions } of alarmsOf({})) expect(AlarmActions).toBeUndefined()
  })
})
