import type { Context, SQSBatchResponse } from 'aws-lambda'
import { ownScopeOf } from '../../shared/live/own-scope.ts'
import type { Scope } from '../../shared/model/resource.ts'
import type { Log } from '../../shared/runtime/log.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import { type ImportOutcome, importEach } from '../../shared/sinks/security-hub/import-each.ts'
import type { Failure } from '../../shared/sinks/security-hub/import-findings.ts'
import type { Dependencies } from './dependencies.ts'
import { messagesOf, type Sorted, sortMessages } from './records.ts'
import { setAside } from './set-aside.ts'

/** Lines of log about single messages, per invocation. */
const LOGGED_MESSAGES = 10

/**
 * Publishes the findings of a batch of messages and answers with the messages that are not done: those the queue delivers again
 * and, when that does not help, sets aside in its dead-letter queue. A finding that Security Hub calls invalid goes there at once.
 * Never throws because of a message or of Security Hub.
 * @throws InputError when the event is none of SQS
 */
export function createHandler(parts: Dependencies) {
  return async (
    event: unknown,
    context: Pick<Context, 'invokedFunctionArn' | 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const own = ownScopeOf(context.invokedFunctionArn)
    const sorted = sortMessages(messagesOf(event), own, parts.now())
    const outcome = await importEach(
      {
        client: parts.securityHub(own.region),
        accountId: own.accountId,
        sleep: parts.sleep,
        random: parts.random,
        timeLeft: () => context.getRemainingTimeInMillis(),
      },
      [...sorted.updates.values()].map(({ newest }) => newest.finding),
    )
    const aside = await asideOf(parts, own, { sorted, outcome, timeLeft: () => context.getRemainingTimeInMillis() })
    report(parts.log(), own, sorted, outcome)
    measure(parts.metrics(), own, sorted, outcome)
    return { batchItemFailures: unfinished(sorted, outcome, aside).map((itemIdentifier) => ({ itemIdentifier })) }
  }
}

interface Published {
  readonly sorted: Sorted
  readonly outcome: ImportOutcome
  readonly timeLeft: () => number
}

/** Ids of the invalid findings that are in the dead-letter queue: their messages need not come again to end there. */
async function asideOf(
  { deadLetters, sleep, random }: Dependencies,
  { region }: Scope,
  { sorted, outcome, timeLeft }: Published,
): Promise<ReadonlySet<string>> {
  const findings = outcome.invalid.flatMap(({ id }) => sorted.updates.get(id)?.newest.finding ?? [])
  if (findings.length === 0) return new Set()
  const queue = await deadLetters?.(region)
  return queue === undefined ? new Set() : setAside(queue, findings, { sleep, random, timeLeft })
}

/** Ids of the messages that are not done, each once. */
function unfinished(
  { updates, poison }: Sorted,
  { invalid, unsent }: ImportOutcome,
  aside: ReadonlySet<string>,
): readonly string[] {
  const left = [...invalid.filter(({ id }) => !aside.has(id)), ...unsent]
  const failed = left.flatMap(({ id }) => updates.get(id)?.messageId ?? [])
  return [...new Set([...poison.map(({ messageId }) => messageId), ...failed])]
}

function report(log: Log, { region }: Scope, { poison, superseded }: Sorted, outcome: ImportOutcome): void {
  const { imported, invalid, unsent, notDelivered } = outcome
  for (const { messageId, reason } of poison.slice(0, LOGGED_MESSAGES))
    log.warn('message refused', { messageId, reason })
  for (const { id, code } of invalid.slice(0, LOGGED_MESSAGES)) log.warn('finding refused', { id, code })
  if (unsent.length > 0) log.warn('findings left for later', { count: unsent.length, codes: codesOf(unsent) })
  if (notDelivered.length > 0) {
    log.warn('findings not delivered: Security Hub is not enabled', { region, count: notDelivered.length })
  }
  log.info('published', {
    ...{ imported: imported.length, superseded, unreadable: poison.length, invalid: invalid.length },
    ...{ unsent: unsent.length, notDelivered: notDelivered.length },
  })
}

function codesOf(failures: readonly Failure[]): string {
  return [...new Set(failures.map(({ code }) => code))].slice(0, 5).join(', ')
}

function measure(metrics: Metrics, { region }: Scope, { poison }: Sorted, outcome: ImportOutcome): void {
  metrics.count('FindingsAccepted', outcome.imported.length)
  metrics.count('FindingsRejected', poison.length + outcome.invalid.length)
  metrics.count('FindingsNotDelivered', outcome.notDelivered.length)
  if (outcome.notDelivered.length > 0) metrics.count('FindingsNotDelivered', outcome.notDelivered.length, { region })
  metrics.flush()
}
