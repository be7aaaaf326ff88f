import type { Finding } from '../../shared/model/finding.ts'
import { configResourceOf, evaluationsOf, type UndeterminedPolicy } from '../../shared/sinks/config/evaluations.ts'
import { type ConfigSink, putEvaluations, RejectedEvaluations } from '../../shared/sinks/config/put-evaluations.ts'
import { asffOf } from '../../shared/sinks/security-hub/asff.ts'
import { type Delivery, importFindings, type SecurityHubSink } from '../../shared/sinks/security-hub/import-findings.ts'
import type { Decision } from './decision.ts'

/** The receivers and the times to write with. */
export interface Receivers {
  readonly config: ConfigSink
  /** Missing where the deployment sends findings to AWS Config only. */
  readonly securityHub?: SecurityHubSink
  /** The function's own: findings go to the Security Hub of this region, whatever region their resource has. */
  readonly region: string
  readonly undetermined: UndeterminedPolicy
  /** OrderingTimestamp of the evaluations, ISO 8601. */
  readonly orderingTime: string
  /** When the resources were read, ISO 8601. */
  readonly readAt: string
}

/**
 * Writes a decision: AWS Config first, Security Hub only what Config took. Everything that can be written is, then
 * what could not be makes the invocation fail, so that it is tried again.
 * @throws Error naming what was not written
 */
export async function deliver(decision: Decision, receivers: Receivers): Promise<Delivery> {
  const evaluations = evaluationsOf(decision.config, receivers.orderingTime, receivers.undetermined)
  const rejected = await rejectedBy(() => putEvaluations(receivers.config, evaluations))
  const accepted = decision.securityHub.filter((finding) => !isAmong(finding, rejected))
  const delivery = await importAll(accepted, receivers)
  if (rejected) throw rejected
  failForPassing(decision)
  return delivery
}

async function rejectedBy(put: () => Promise<void>): Promise<RejectedEvaluations | undefined> {
  try {
    await put()
    return undefined
  } catch (error) {
    if (error instanceof RejectedEvaluations) return error
    throw error
  }
}

function isAmong(finding: Finding, rejected: RejectedEvaluations | undefined): boolean {
  const { type, id } = configResourceOf(finding.resource)
  return (
    rejected?.rejected.some((one) => one.ComplianceResourceType === type && one.ComplianceResourceId === id) ?? false
  )
}

async function importAll(findings: readonly Finding[], receivers: Receivers): Promise<Delivery> {
  if (!receivers.securityHub) return { delivered: false, reason: 'Security Hub is switched off in this deployment' }
  const rendered = findings.flatMap((finding) => asffOf(finding, receivers.readAt, receivers.region) ?? [])
  return importFindings(receivers.securityHub, rendered)
}

function failForPassing({ config, securityHub }: Decision): void {
  const passing = [...new Set([...config, ...securityHub])].filter((finding) => finding.transience === 'passing')
  const [first] = passing
  if (first)
    throw new Error(`${passing.length} verdict(s) could not be reached yet: ${first.resource.arn}: ${first.reason}`)
}
