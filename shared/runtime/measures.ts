import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { namespace } from './metrics.ts'

/** Counts of a function of the hub, by the names it has for them. */
export interface Measures<Name extends string> {
  count(name: Name, value: number): void
  /** Writes what was counted, once at the end of an invocation. */
  flush(): void
}

/** Counts in the log, in CloudWatch's embedded format. Made anew for each invocation. */
export function createMeasures<Name extends string>(service: string): Measures<Name> {
  const metrics = new Metrics({ namespace, serviceName: service })
  return {
    count: (name, value) => metrics.addMetric(name, MetricUnit.Count, value),
    flush: () => metrics.publishStoredMetrics(),
  }
}
