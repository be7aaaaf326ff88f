import type { AlarmDefinition } from '../derive/alarms.ts'
import { organizationReport } from '../derive/report-state-machine.ts'
import { organizationFunction } from '../hub-config.ts'

/** A metric with its dimensions. */
export type HubMetric = AlarmDefinition['metric']

/** A metric of pullpath-organization: `lambdas/organization/measures.ts` writes them. */
export function ofOrganization(name: string): HubMetric {
  return ours(name, organizationFunction.functionName)
}

/** A metric of the report on the organization: `lambdas/organization-report/measures.ts` writes them. */
export function ofReport(name: string): HubMetric {
  return ours(name, organizationReport.functionName)
}

function ours(name: string, functionName: string): HubMetric {
  return { namespace: 'Pullpath', name, dimensions: [{ name: 'service', value: functionName }] }
}
