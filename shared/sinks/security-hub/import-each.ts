import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import { backOff } from '../back-off.ts'
import {
  ATTEMPTS,
  batchesOf,
  CALL_TIME,
  type Failure,
  importOnce,
  isPassing,
  type SecurityHubSink,
} from './import-findings.ts'

/** No call is begun with less time left than this, milliseconds: one call may take that long. */
export const TIME_OF_A_CALL = 20_000
/** Calls beyond those of throttled batches: enough to find two bad findings in a batch of 100. */
const CALLS_TO_ISOLATE = 30
/** What remains of the time left after the last call, to report what happened; milliseconds. */
const TIME_TO_REPORT = 3_000

/** A Security Hub to write to until a deadline. */
export interface TimedSink extends SecurityHubSink {
  /** Milliseconds until everything has to be over. */
  readonly timeLeft: () => number
}

/** What became of findings. Each is in exactly one list. */
export interface ImportOutcome {
  readonly imported: readonly string[]
  /** Security Hub never takes these as they are: sending them again changes nothing. */
  readonly invalid: readonly Failure[]
  /** Not taken now; sending them later may succeed. */
  readonly unsent: readonly Failure[]
  /** Not taken because Security Hub is not enabled in this account and region. */
  readonly notDelivered: readonly string[]
}

interface Part {
  readonly findings: readonly AwsSecurityFinding[]
  /** Counted from 1. */
  readonly attempt: number
}

type Answer =
  | { readonly kind: 'not enabled' }
  /** The call as a whole was refused because of something in it. */
  | { readonly kind: 'refused'; readonly code: string }
  /** The call as a whole failed. */
  | { readonly kind: 'failed'; readonly code: string; readonly passing: boolean }
  | { readonly kind: 'answered'; readonly failures: readonly Failure[] }

/**
 * Imports findings of different ids and says of each what became of it, instead of raising the first failure. Throttled ones are
 * sent again while time is left; a refused call is halved until the bad finding is alone; findings of another account are never
 * sent.
 */
export async function importEach(sink: TimedSink, findings: readonly AwsSecurityFinding[]): Promise<ImportOutcome> {
  const own = findings.filter((finding) => finding.AwsAccountId === sink.accountId)
  const foreign = findings.filter((finding) => finding.AwsAccountId !== sink.accountId)
  const { batches, tooLarge } = batchesOf(own)
  const invalid = [...failures(foreign, 'ForeignAccount'), ...failures(tooLarge, 'FindingTooLarge')]
  const ledger: Ledger = { imported: [], invalid, unsent: [], notDelivered: [] }
  const parts: Part[] = batches.map((batch) => ({ findings: batch, attempt: 1 })).reverse()
  let callsLeft = batches.length * ATTEMPTS + CALLS_TO_ISOLATE
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const hindrance = callsLeft === 0 ? 'TooManyCalls' : sink.timeLeft() < TIME_OF_A_CALL ? 'OutOfTime' : undefined
    // Nobody listens: neither to this part nor to the rest.
    if (ledger.notDelivered.length > 0) ledger.notDelivered.push(...part.findings.map(idOf))
    else if (hindrance !== undefined) ledger.unsent.push(...failures(part.findings, hindrance))
    else {
      callsLeft--
      parts.push(...(await send(sink, part, ledger)))
    }
  }
  return ledger
}

/** An outcome while its lists grow. */
interface Ledger extends ImportOutcome {
  readonly imported: string[]
  readonly invalid: Failure[]
  readonly unsent: Failure[]
  readonly notDelivered: string[]
}

/** Sends one part, enters what is decided, and returns what is to be sent next. */
async function send(sink: TimedSink, part: Part, ledger: Ledger): Promise<readonly Part[]> {
  const answer = await ask(sink, part.findings)
  switch (answer.kind) {
    case 'not enabled':
      ledger.notDelivered.push(...part.findings.map(idOf))
      return []
    case 'refused':
      return halves(part, answer.code, ledger)
    case 'failed':
      if (answer.passing) return again(sink, part, failures(part.findings, answer.code), ledger)
      ledger.unsent.push(...failures(part.findings, answer.code))
      return []
    case 'answered': {
      const failed = new Set(answer.failures.map((failure) => failure.id))
      ledger.imported.push(...part.findings.map(idOf).filter((id) => !failed.has(id)))
      ledger.invalid.push(...answer.failures.filter((failure) => !isPassing(failure.code)))
      const passing = answer.failures.filter((failure) => isPassing(failure.code))
      return again(sink, part, passing, ledger)
    }
    default:
      return answer satisfies never
  }
}

function halves({ findings, attempt }: Part, code: string, ledger: Ledger): readonly Part[] {
  if (findings.length === 1) {
    ledger.invalid.push(...failures(findings, code))
    return []
  }
  const middle = findings.length >> 1
  return [
    { findings: findings.slice(middle), attempt },
    { findings: findings.slice(0, middle), attempt },
  ]
}

/** What failed and may pass, after a pause; entered as unsent when it was tried often enough. */
async function again(
  sink: TimedSink,
  { findings, attempt }: Part,
  failed: readonly Failure[],
  ledger: Ledger,
): Promise<readonly Part[]> {
  if (failed.length === 0) return []
  if (attempt === ATTEMPTS) {
    ledger.unsent.push(...failed)
    return []
  }
  await backOff(sink, attempt)
  const ids = new Set(failed.map((failure) => failure.id))
  return [{ findings: findings.filter((finding) => ids.has(idOf(finding))), attempt: attempt + 1 }]
}

async function ask(sink: TimedSink, findings: readonly AwsSecurityFinding[]): Promise<Answer> {
  const timeout = Math.min(CALL_TIME, sink.timeLeft() - TIME_TO_REPORT)
  try {
    const failed = await importOnce(sink, findings, timeout)
    return failed === 'not enabled' ? { kind: 'not enabled' } : { kind: 'answered', failures: among(findings, failed) }
  } catch (error) {
    const code = error instanceof Error ? error.name : 'Unknown'
    if (code === 'InvalidInputException' || code === 'ValidationException') return { kind: 'refused', code }
    return { kind: 'failed', code, passing: isPassing(code) || mayPass(statusOf(error)) }
  }
}

/** The failures of ours. When the answer names something else we cannot tell what it means, and nothing counts as imported. */
function among(findings: readonly AwsSecurityFinding[], failed: readonly Failure[]): readonly Failure[] {
  const ids = new Set(findings.map(idOf))
  const ours = new Map(failed.filter(({ id }) => ids.has(id)).map((failure) => [failure.id, failure]))
  if (failed.every(({ id }) => ids.has(id))) return [...ours.values()]
  return findings.map((finding) => ours.get(idOf(finding)) ?? { id: idOf(finding), code: 'InternalMismatch' })
}

/** The HTTP status of an error of the SDK; undefined when no answer came. */
function statusOf(error: unknown): number | undefined {
  const { $metadata: metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } }
  return metadata?.httpStatusCode
}

/** No answer, an unreadable one, too many requests and the service's own faults may pass; a refusal does not by asking again. */
function mayPass(status: number | undefined): boolean {
  return status === undefined || status < 400 || status === 429 || status >= 500
}

function failures(findings: readonly AwsSecurityFinding[], code: string): readonly Failure[] {
  return findings.map((finding) => ({ id: idOf(finding), code }))
}

function idOf(finding: AwsSecurityFinding): string {
  return finding.Id ?? ''
}
