import { auditedAreas, auditors, eventFunctions, queueNames } from '../config.ts'

/** Namespace and dimension of our own metrics: `shared/runtime/metrics.ts` writes them. */
const ours = (name: string, functionName: string) => ({
  ...{ namespace: 'Pullpath', name },
  dimensions: [{ name: 'service', value: functionName }],
})
const ofLambda = (name: string, functionName: string) => ({
  ...{ namespace: 'AWS/Lambda', name },
  dimensions: [{ name: 'FunctionName', value: functionName }],
})
const ofQueue = (name: string, queueName: string) => ({
  ...{ namespace: 'AWS/SQS', name },
  dimensions: [{ name: 'QueueName', value: queueName }],
})

const HOUR = 3_600
/** A daily sweep is late after this many hours. */
const HEARTBEAT_HOURS = 26

/** What one alarm watches. It goes off when every one of `periods` is bad. */
export interface AlarmDefinition {
  /** Unique; letters and digits. */
  readonly id: string
  readonly description: string
  readonly metric: {
    readonly namespace: string
    readonly name: string
    readonly dimensions: readonly { readonly name: string; readonly value: string }[]
  }
  readonly statistic: 'Sum' | 'Maximum'
  readonly comparison: 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold'
  readonly threshold: number
  readonly periodSeconds: number
  readonly periods: number
  /** What silence means: of work it is the worst sign, of failures the best. */
  readonly silence: 'breaching' | 'notBreaching'
  /** `evidence` is the least that shows a dead deployment; each alarm costs ten cents a month. */
  readonly level: 'evidence' | 'all'
  /** True for what exists only where findings go to Security Hub. */
  readonly publishing: boolean
}

/** Every alarm of a deployment. */
export function alarmDefinitions(): readonly AlarmDefinition[] {
  const auditing = auditedAreas.map((area) => auditors[area])
  const events = Object.values(eventFunctions)
  return [
    ...auditing.map(heartbeat),
    deadLetters('FailedInvocations', queueNames.failedInvocations, false),
    deadLetters('UndeliveredEvents', queueNames.undeliveredEvents, true),
    deadLetters('FindingDeadLetters', queueNames.findingDeadLetters, true),
    ...auditing.map(evaluations),
    ...auditing.map((one) => errors(one, false)),
    ...events.map((one) => errors(one, true)),
    ...backlog,
  ]
}

type Named = { readonly constructId: string; readonly functionName: string }

function heartbeat({ constructId, functionName }: Named): AlarmDefinition {
  return {
    ...{ id: `${constructId}Heartbeat`, level: 'evidence', publishing: false, silence: 'breaching' },
    description: `No sweep of ${functionName} has come to its end for ${HEARTBEAT_HOURS} hours: its verdicts may be old.`,
    ...{ metric: ours('HeartbeatAge', functionName), statistic: 'Maximum' },
    ...{ comparison: 'GreaterThanThreshold', threshold: HEARTBEAT_HOURS * HOUR },
    ...{ periodSeconds: HOUR, periods: HEARTBEAT_HOURS },
  }
}

function evaluations({ constructId, functionName }: Named): AlarmDefinition {
  return {
    ...{ id: `${constructId}Evaluations`, level: 'all', publishing: false, silence: 'breaching' },
    description: `AWS Config has taken no evaluation of ${functionName} for ${HEARTBEAT_HOURS} hours.`,
    ...{ metric: ours('Evaluations', functionName), statistic: 'Sum', comparison: 'LessThanThreshold', threshold: 1 },
    ...{ periodSeconds: HOUR, periods: HEARTBEAT_HOURS },
  }
}

function deadLetters(id: string, queueName: string, publishing: boolean): AlarmDefinition {
  return {
    ...{ id, level: 'evidence', publishing, silence: 'notBreaching' },
    description: `${queueName} is not empty: something was tried every time and failed.`,
    ...{ metric: ofQueue('ApproximateNumberOfMessagesVisible', queueName), statistic: 'Maximum' },
    ...{ comparison: 'GreaterThanThreshold', threshold: 0, periodSeconds: 300, periods: 1 },
  }
}

/** One event that fails is tried three times; that many errors in an hour are no accident. */
function errors({ constructId, functionName }: Named, publishing: boolean): AlarmDefinition {
  return {
    ...{ id: `${constructId}Errors`, level: 'all', publishing, silence: 'notBreaching' },
    description: `${functionName} fails.`,
    ...{ metric: ofLambda('Errors', functionName), statistic: 'Sum' },
    ...{ comparison: 'GreaterThanOrEqualToThreshold', threshold: 3, periodSeconds: HOUR, periods: 1 },
  }
}

const ofPublisher = { level: 'all', publishing: true, silence: 'notBreaching' } as const
const backlog: readonly AlarmDefinition[] = [
  {
    ...{ ...ofPublisher, id: 'FindingsWait' },
    description: 'Findings have waited in the queue for an hour: nobody publishes them.',
    ...{ metric: ofQueue('ApproximateAgeOfOldestMessage', queueNames.findings), statistic: 'Maximum' },
    ...{ comparison: 'GreaterThanThreshold', threshold: HOUR, periodSeconds: 300, periods: 3 },
  },
  {
    ...{ ...ofPublisher, id: 'FindingsNotDelivered' },
    description:
      'Findings were dropped because Security Hub is not enabled here; the parameter SecurityHub says it is.',
    ...{ metric: ours('FindingsNotDelivered', eventFunctions.publisher.functionName), statistic: 'Sum' },
    ...{ comparison: 'GreaterThanThreshold', threshold: 0, periodSeconds: HOUR, periods: 1 },
  },
]
