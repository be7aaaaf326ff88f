import { Aws, aws_cloudwatch as cloudwatch, Fn, type Stack, Token } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { AlarmDefinition } from '../derive/alarms.ts'
import { hubFailedInvocations } from '../hub-config.ts'
import { type HubMetric, ofOrganization, ofReport } from './metrics.ts'
import { isGiven } from './parameters.ts'

/** What one alarm of the hub watches. Of `periods`, `bad` have to be so. */
export interface HubAlarm
  extends Pick<AlarmDefinition, 'id' | 'description' | 'statistic' | 'comparison' | 'threshold' | 'silence'> {
  readonly metric: HubMetric
  readonly periodSeconds: number
  readonly periods: number
  readonly bad: number
}

const HOUR = 3_600
/** A daily report is late after this many hours. */
const REPORT_HOURS = 26
const PUBLISHING_HOURS = 3

/** The alarms of the hub: evidence of work that is missing, members that are silent, and what was tried every time. */
export const hubAlarms: readonly HubAlarm[] = [
  {
    id: 'OrganizationNotPublished',
    description: `The organization has not been published for ${PUBLISHING_HOURS} hours: members judge by the last good copy.`,
    ...{ metric: ofOrganization('OrganizationPublished'), statistic: 'Sum' },
    ...{ comparison: 'LessThanThreshold', threshold: 1, silence: 'breaching' },
    ...{ periodSeconds: HOUR, periods: PUBLISHING_HOURS, bad: PUBLISHING_HOURS },
  },
  {
    id: 'ReportNotEnded',
    description: `No report on the organization that judged anything has come to its end for ${REPORT_HOURS} hours.`,
    ...{ metric: ofReport('ReportPublished'), statistic: 'Sum' },
    ...{ comparison: 'LessThanThreshold', threshold: 1, silence: 'breaching' },
    ...{ periodSeconds: HOUR, periods: REPORT_HOURS, bad: REPORT_HOURS },
  },
  {
    id: 'HeartbeatsMissing',
    description: 'Accounts and regions where functions should work have given no sign of it: the report names them.',
    ...{ metric: ofReport('HeartbeatsMissing'), statistic: 'Maximum' },
    ...{ comparison: 'GreaterThanThreshold', threshold: 0, silence: 'notBreaching' },
    // Counted once a day: it stays until a report finds all of them.
    ...{ periodSeconds: HOUR, periods: 24, bad: 1 },
  },
  {
    id: 'HeartbeatsUnknown',
    description:
      'Tasks of the report failed, or could not look for heartbeats: whether functions work there is not known.',
    ...{ metric: ofReport('HeartbeatsUnknown'), statistic: 'Maximum' },
    ...{ comparison: 'GreaterThanThreshold', threshold: 0, silence: 'notBreaching' },
    ...{ periodSeconds: HOUR, periods: 24, bad: 1 },
  },
  {
    id: 'FailedInvocations',
    description: `${hubFailedInvocations} is not empty: something was tried every time and failed.`,
    metric: {
      ...{ namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible' },
      dimensions: [{ name: 'QueueName', value: hubFailedInvocations }],
    },
    ...{ statistic: 'Maximum', comparison: 'GreaterThanThreshold', threshold: 0, silence: 'notBreaching' },
    ...{ periodSeconds: 300, periods: 1, bad: 1 },
  },
]

/** The alarms, which tell the topic if there is one. */
export class HubAlarms extends Construct {
  readonly alarms: readonly cloudwatch.CfnAlarm[]

  constructor(scope: Stack, id: string, topic: string) {
    super(scope, id)
    const hasTopic = isGiven(scope, 'HasAlarmTopic', topic)
    const actions = Token.asList(Fn.conditionIf(hasTopic.logicalId, [topic], Aws.NO_VALUE))
    this.alarms = hubAlarms.map((alarm) => new cloudwatch.CfnAlarm(this, alarm.id, propertiesOf(alarm, actions)))
  }
}

function propertiesOf(alarm: HubAlarm, alarmActions: string[]): cloudwatch.CfnAlarmProps {
  const { metric, description, statistic, threshold, periods, periodSeconds, bad, silence, comparison } = alarm
  return {
    ...{ alarmDescription: description, namespace: metric.namespace, metricName: metric.name, statistic, threshold },
    dimensions: [...metric.dimensions],
    ...{ period: periodSeconds, evaluationPeriods: periods, datapointsToAlarm: bad },
    ...{ comparisonOperator: comparison, treatMissingData: silence, alarmActions },
  }
}
