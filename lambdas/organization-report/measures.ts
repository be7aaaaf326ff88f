import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { namespace } from '../../shared/runtime/metrics.ts'

/** What the function measures, once a run. An alarm on missing `ReportPublished` values sees a run that never ended, too. */
export type Measure =
  /** 1 when something was judged, else 0. */
  | 'ReportPublished'
  | 'AccountsExpected'
  | 'ShardsExpected'
  /** Accounts and regions whose task left no result. */
  | 'ShardsFailed'
  /** Accounts and regions of which nothing could be judged, those that failed among them. */
  | 'ShardsNotCovered'
  | 'HeartbeatsMissing'
  | 'HeartbeatsUnknown'
  | 'ReportNoncompliant'
  | 'ReportUndetermined'

/** What the function measures with. */
export interface Measures {
  count(name: Measure, value: number): void
  /** Writes what was counted, once at the end of an invocation. */
  flush(): void
}

/** Measures in the log, in CloudWatch's embedded format. Made anew for each invocation. */
export function createMeasures(service: string): Measures {
  const metrics = new Metrics({ namespace, serviceName: service })
  return {
    count: (name, value) => metrics.addMetric(name, MetricUnit.Count, value),
    flush: () => metrics.publishStoredMetrics(),
  }
}
