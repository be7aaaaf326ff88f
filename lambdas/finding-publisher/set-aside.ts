import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Patience } from '../../shared/sinks/back-off.ts'
import { sendFindings, UnqueuedFindings } from '../../shared/sinks/queue/send-findings.ts'

/** The dead-letter queue of findings. */
export interface DeadLetters {
  readonly client: Pick<SQSClient, 'send'>
  readonly queueUrl: string
}

/** Longest time a call may take, and how much of the invocation has to be left when it begins; milliseconds. */
const CALL_TIME = 5_000

/**
 * Puts findings that Security Hub never takes into the dead-letter queue; returns the ids of those that are there now. Never rejects:
 * the message of one that is not there goes back to its queue, which sets it aside after some more deliveries.
 */
export async function setAside(
  { client, queueUrl }: DeadLetters,
  findings: readonly AwsSecurityFinding[],
  patience: Patience & { readonly timeLeft: () => number },
): Promise<ReadonlySet<string>> {
  const ids = findings.map(({ Id }) => Id ?? '')
  const inTime = { send: (command: Parameters<SQSClient['send']>[0]) => sendInTime(client, command, patience.timeLeft) }
  try {
    await sendFindings({ ...patience, client: inTime as Pick<SQSClient, 'send'>, queueUrl }, findings)
    return new Set(ids)
  } catch (error) {
    // Of a call that failed as a whole nothing is sure, and of those after it that they are not there.
    const missing = error instanceof UnqueuedFindings ? error.ids : ids
    return new Set(ids.filter((id) => !missing.includes(id)))
  }
}

async function sendInTime(
  client: Pick<SQSClient, 'send'>,
  command: Parameters<SQSClient['send']>[0],
  timeLeft: () => number,
): Promise<unknown> {
  if (timeLeft() < 2 * CALL_TIME) throw new Error('there is no time left')
  return client.send(command, { abortSignal: AbortSignal.timeout(CALL_TIME) })
}
