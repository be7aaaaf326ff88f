import * as z from 'zod/mini'
import { imageDigest, repositoryName } from './ecr-names.ts'
import { bounded, checked, cleanText, type EventOrigin, type ReceivedEvent } from './event-bridge.ts'

const detail = z.object({
  'sync-status': bounded(64),
  'repository-name': repositoryName,
  'ecr-repository-prefix': z.string().check(z.regex(/^([a-z0-9][a-z0-9._/-]{0,255}|ROOT)$/)),
  'upstream-registry-url': z.nullish(z.string().check(z.maxLength(2048))),
  'image-digest': z.nullish(imageDigest),
  'failure-code': z.nullish(z.string()),
  'failure-reason': z.nullish(z.string()),
})

/** What a pull-through cache did. */
export interface PullThroughEvent extends EventOrigin {
  readonly kind: 'pullThrough'
  readonly succeeded: boolean
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
  return {
    kind: 'pullThrough',
    ...origin,
    succeeded: action['sync-status'] === 'SUCCESS',
    repositoryName: action['repository-name'],
    prefix: action['ecr-repository-prefix'],
    imageDigest: action['image-digest'] ?? undefined,
    reasons: texts.flatMap((text) => (typeof text === 'string' ? [cleanText(text, 4_096)] : [])).filter((text) => text),
  }
}
