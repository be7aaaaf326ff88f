import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  type SecurityHubClient,
} from '@aws-sdk/client-securityhub'
import { backOff, type Patience } from '../back-off.ts'
import { MAX_FINDING_BYTES } from './limits.ts'

/** IAM actions of this sink, scoped to the account's own default product. */
export const permissions = [{ action: 'securityhub:BatchImportFindings', resource: 'product/default' }] as const

const MAX_COUNT = 100
/** The service takes 6 MB a call; the envelope needs a little of it. Bytes. */
const MAX_BATCH_BYTES = 6_000_000 - 10_000
/** Times a finding is sent within one invocation. */
export const ATTEMPTS = 4
/** Longest time one call may take, milliseconds. */
export const CALL_TIME = 20_000

/** What the sink writes with. */
export interface SecurityHubSink extends Patience {
  readonly client: Pick<SecurityHubClient, 'send'>
  /** The function's own account: findings of any other are refused before the call. */
  readonly accountId: string
}

/** Whether the findings arrived; they do not where Security Hub is not enabled. */
export type Delivery = { readonly delivered: true } | { readonly delivered: false; readonly reason: string }

/** Where Security Hub is not enabled nothing arrives. */
export const notEnabled: Delivery = {
  delivered: false,
  reason: 'Security Hub is not enabled in this account and region',
}

/** Findings Security Hub did not take although the rest was sent. */
export class RejectedFindings extends Error {
  override readonly name = 'RejectedFindings'
  /** Ids of the findings that were not imported. */
  readonly ids: readonly string[]
  constructor(ids: readonly string[], codes: readonly string[]) {
    super(
      `Security Hub did not import ${ids.length} finding(s) (${[...new Set(codes)].join(', ')}): ${ids.slice(0, 5).join(', ')}`,
    )
    this.ids = ids
  }
}

/** A finding Security Hub did not take, and why: the code of the service or of our own check. */
export interface Failure {
  readonly id: string
  readonly code: string
}

/**
 * Imports findings, at most 100 and 6 MB a call. Throttled findings are sent again, invalid ones raised after the rest.
 * @throws RejectedFindings naming those not imported; Error for a finding of another account, or when the service fails
 */
export async function importFindings(
  sink: SecurityHubSink,
  findings: readonly AwsSecurityFinding[],
): Promise<Delivery> {
  const foreign = findings.find((finding) => finding.AwsAccountId !== sink.accountId)
  if (foreign) throw new Error(`finding ${foreign.Id} belongs to another account and may not be imported`)
  const { batches, tooLarge } = batchesOf(findings)
  const failures: Failure[] = tooLarge.map((finding) => ({ id: finding.Id ?? '', code: 'FindingTooLarge' }))
  for (const batch of batches) {
    const outcome = await importWithRetry(sink, batch)
    if (outcome === 'not enabled') return notEnabled
    failures.push(...outcome)
  }
  if (failures.length > 0) {
    throw new RejectedFindings(
      failures.map((failure) => failure.id),
      failures.map((failure) => failure.code),
    )
  }
  return { delivered: true }
}

/** Splits by count and bytes, in UTF-8; what no call may hold stays apart. */
export function batchesOf(findings: readonly AwsSecurityFinding[]) {
  const batches: AwsSecurityFinding[][] = []
  const tooLarge: AwsSecurityFinding[] = []
  let bytes = 0
  for (const finding of findings) {
    const own = Buffer.byteLength(JSON.stringify(finding))
    if (own > MAX_FINDING_BYTES) {
      tooLarge.push(finding)
      continue
    }
    // With the comma that follows it.
    const size = own + 1
    const current = batches.at(-1)
    if (current === undefined || current.length === MAX_COUNT || bytes + size > MAX_BATCH_BYTES) {
      batches.push([finding])
      bytes = size
    } else {
      current.push(finding)
      bytes += size
    }
  }
  return { batches, tooLarge }
}

async function importWithRetry(
  sink: SecurityHubSink,
  batch: readonly AwsSecurityFinding[],
): Promise<'not enabled' | readonly Failure[]> {
  const lasting: Failure[] = []
  let left = batch
  for (let attempt = 1; left.length > 0; attempt++) {
    const failed = await importOnce(sink, left)
    if (failed === 'not enabled') return failed
    const again = failed.filter((failure) => isPassing(failure.code))
    lasting.push(...failed.filter((failure) => !isPassing(failure.code)))
    if (attempt === ATTEMPTS) return [...lasting, ...again]
    const ids = new Set(again.map((failure) => failure.id))
    left = left.filter((finding) => ids.has(finding.Id ?? ''))
    if (left.length > 0) await backOff(sink, attempt)
  }
  return lasting
}

/**
 * One call with at most one batch of findings; returns those that were not imported. `timeout` in milliseconds.
 * @throws Error when the service refuses the whole call, does not answer, or answers what cannot be read
 */
export async function importOnce(
  sink: Pick<SecurityHubSink, 'client'>,
  batch: readonly AwsSecurityFinding[],
  timeout = CALL_TIME,
): Promise<'not enabled' | readonly Failure[]> {
  const command = new BatchImportFindingsCommand({ Findings: [...batch] })
  try {
    const output = await sink.client.send(command, { abortSignal: AbortSignal.timeout(timeout) })
    if (typeof output.FailedCount !== 'number')
      throw new Error('securityhub:BatchImportFindings answered without a count')
    const failed = (output.FailedFindings ?? []).map((one) => ({ id: one.Id ?? '', code: one.ErrorCode ?? 'Unknown' }))
    if (failed.length < output.FailedCount)
      throw new Error('securityhub:BatchImportFindings failed findings it did not name')
    return failed
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidAccessException') return 'not enabled'
    throw error
  }
}

/** Whether a failure of that code may succeed when it is tried again. */
export function isPassing(code: string): boolean {
  return /throttl|limit|internal|timeout|concurrent/i.test(code)
}
