import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { namespace } from '../../shared/runtime/metrics.ts'

/** What the function measures. An alarm on missing `Published` values sees a function that does not run at all, too. */
export type Measure = 'OrganizationPublished' | 'SettingsPublished' | 'PublicationsRefused' | 'OrganizationAccounts'

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
