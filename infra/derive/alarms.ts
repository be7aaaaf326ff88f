import type { Area } from '../../shared/live/function-names.ts'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import { auditedAreas, auditors, eventFunctions, homeRegionTypes, queueNames } from '../config.ts'

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
  /** Missing for what is there whatever rules there are. */
  readonly area?: Area
}

/** What alarms need to know of a rule. */
export type AlarmedRule = Pick<RuleMeta, 'area' | 'judges' | 'triggers' | 'defaultEnabled'>

/** Every alarm of a deployment of `rules`. */
export function alarmDefinitions(rules: readonly AlarmedRule[]): readonly AlarmDefinition[] {
  const auditing = auditedAreas.map((area) => ({ ...auditors[area], area }))
  const { pullFailure, ...events } = eventFunctions
  const judging = [...auditing, { ...pullFailure, area: 'image' } as const]
  const sweeping = judging.filter(({ area }) => rules.some((rule) => rule.area === area && isSweptAnywhere(rule)))
  return [
    ...sweeping.map(heartbeat),
    deadLetters('FailedInvocations', queueNames.failedInvocations, false),
    deadLetters('UndeliveredEvents', queueNames.undeliveredEvents, true),
    deadLetters('FindingDeadLetters', queueNames.findingDeadLetters, true),
    ...sweeping.map(evaluations),
    ...judging.map((one) => errors(one, false)),
    ...Object.values(events).map((one) => errors(one, true)),
    ...backlog,
  ]
}

/** A function is sure to sweep where it has any rules: of an area without such a rule silence means nothing. */
function isSweptAnywhere({ triggers, defaultEnabled, judges }: AlarmedRule): boolean {
  return triggers.scheduled && defaultEnabled && !homeRegionTypes.has(judges)
}

type Named = { readonly constructId: string; readonly functionName: string }
type Judging = Named & { readonly area: Area }

function heartbeat({ constructId, functionName, area }: Judging): AlarmDefinition {
  return {
    ...{ id: `${constructId}Heartbeat`, level: 'evidence', publishing: false, area, silence: 'breaching' },
    description: `No sweep of ${functionName} has come to its end for ${HEARTBEAT_HOURS} hours: its verdicts may be old.`,
    ...{ metric: ours('HeartbeatAge', functionName), statistic: 'Maximum' },
    ...{ comparison: 'GreaterThanThreshold', threshold: HEARTBEAT_HOURS * HOUR },
    ...{ periodSeconds: HOUR, periods: HEARTBEAT_HOURS },
  }
}

function evaluations({ constructId, functionName, area }: Judging): AlarmDefinition {
  return {
    ...{ id: `${constructId}Evaluations`, level: 'all', publishing: false, area, silence: 'breaching' },
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
