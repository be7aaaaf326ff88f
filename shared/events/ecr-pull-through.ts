import * as z from 'zod/mini'
import { imageDigest, repositoryName } from './ecr-names.ts'
import { bounded, checked, cleanText, type EventOrigin, type ReceivedEvent } from './event-bridge.ts'

/** The words ECR uses for failure in its events. */
const failures: ReadonlySet<string> = new Set(['FAILED', 'FAILURE'])

const detail = z.object({
  'sync-status': bounded(64),
  'repository-name': repositoryName,
  'ecr-repository-prefix': z.string().check(z.regex(/^([a-z0-9][a-z0-9._/-]{0,255}|ROOT)$/)),
  'upstream-registry-url': z.nullish(z.string().check(z.maxLength(2048))),
  'image-digest': z.nullish(imageDigest),
  'failure-code': z.nullish(z.string()),
  'failure-reason': z.nullish(z.string()),
})

/** How a sync ended, as ECR says; `unknown` for a status that is documented for neither end. */
export type SyncOutcome = 'succeeded' | 'failed' | 'unknown'

/** What a pull-through cache did. */
export interface PullThroughEvent extends EventOrigin {
  readonly kind: 'pullThrough'
  readonly outcome: SyncOutcome
  /** The outcome in the words of ECR, on one line. */
  readonly status: string
  readonly repositoryName: string
  readonly prefix: string
  readonly imageDigest: string | undefined
  /** Code and reason of a failure, on one line each. */
  readonly reasons: readonly string[]
}

/**
 * Reads an `ECR Pull Through Cache Action`.
 * @throws InputError that names the field
 */
export function pullThroughEvent({ origin, detail: stated }: ReceivedEvent): PullThroughEvent {
  const action = checked(detail, stated, 'event.detail')
  const texts = [action['failure-code'], action['failure-reason']]
  const reasons = texts
    .flatMap((text) => (typeof text === 'string' ? [cleanText(text, 4_096)] : []))
    .filter((text) => text)
  return {
    kind: 'pullThrough',
    ...origin,
    outcome: outcomeOf(action['sync-status'], reasons),
    status: cleanText(action['sync-status'], 64),
    repositoryName: action['repository-name'],
    prefix: action['ecr-repository-prefix'],
    imageDigest: action['image-digest'] ?? undefined,
    reasons,
  }
}

/** ECR states a code or a reason when a sync failed, and of success nothing but the word. */
function outcomeOf(status: string, reasons: readonly string[]): SyncOutcome {
  if (status === 'SUCCESS') return 'succeeded'
  return failures.has(status) || reasons.length > 0 ? 'failed' : 'unknown'
}
