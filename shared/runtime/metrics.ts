import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics'

/** What functions measure, with the unit of each. Alarms and dashboards name these. */
export const metricUnits = {
  /** Findings Security Hub took. */
  FindingsAccepted: MetricUnit.Count,
  /** Findings nobody will ever take: not readable, not ours, or invalid. Once per delivery. */
  FindingsRejected: MetricUnit.Count,
  /** Findings nobody waited for, because Security Hub is not enabled. */
  FindingsNotDelivered: MetricUnit.Count,
  /** Evaluations AWS Config took. */
  Evaluations: MetricUnit.Count,
  /** Verdicts that could not be reached. */
  Undetermined: MetricUnit.Count,
  /** Of a sweep that is done: seconds since AWS Config asked for it. Its silence is what alarms hear. */
  HeartbeatAge: MetricUnit.Seconds,
  /** Share of what was to be judged that was, 0 to 100. */
  Coverage: MetricUnit.Percent,
  /** Heartbeats that the hub's bucket did not take. */
  HubHeartbeatFailed: MetricUnit.Count,
} as const

/** The name of a metric. */
export type MetricName = keyof typeof metricUnits

/** Dimensions of a value besides the function: few and with few values, each combination is a metric of its own and paid for. */
export type Dimensions = Readonly<Record<string, string>>

/** What functions measure with. */
export interface Metrics {
  /** Counts are added up; of the other units the last value of an invocation stands. */
  count(name: MetricName, value: number, dimensions?: Dimensions): void
  /** Writes what was counted, once at the end of an invocation; nothing is kept. */
  flush(): void
}

/** The namespace of all metrics. */
export const namespace = 'Pullpath'

interface Group {
  readonly dimensions: Dimensions
  readonly values: Map<MetricName, number>
}

/** Metrics in the log, in CloudWatch's embedded format. `service` is the function. Made anew for each invocation. */
export function createMetrics(service: string): Metrics {
  const groups = new Map<string, Group>()
  return {
    count: (name, value, dimensions = {}) => {
      const { values } = groupOf(groups, dimensions)
      values.set(name, metricUnits[name] === MetricUnit.Count ? (values.get(name) ?? 0) + value : value)
    },
    flush: () => {
      const held = [...groups.values()]
      groups.clear()
      for (const group of held) publish(service, group)
    },
  }
}

function groupOf(groups: Map<string, Group>, dimensions: Dimensions): Group {
  const key = JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)))
  const group = groups.get(key) ?? { dimensions, values: new Map() }
  groups.set(key, group)
  return group
}

function publish(service: string, { dimensions, values }: Group): void {
  const metrics = new PowertoolsMetrics({ namespace, serviceName: service })
  for (const [name, value] of Object.entries(dimensions)) metrics.addDimension(name, value)
  for (const [name, value] of values) metrics.addMetric(name, metricUnits[name], value)
  metrics.publishStoredMetrics()
}
