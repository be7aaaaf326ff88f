import * as z from 'zod/mini'
import { isAccountId } from '../model/arn.ts'
import { imageDigest, repositoryName } from './ecr-names.ts'
import { bounded, checked, type EventOrigin, type ReceivedEvent } from './event-bridge.ts'

const detail = z.object({
  result: bounded(64),
  'repository-name': repositoryName,
  'image-digest': imageDigest,
  'source-account': z.string().check(z.refine(isAccountId, 'expected twelve digits')),
  'source-region': z.string().check(z.refine((text) => /^[a-z0-9-]{5,32}$/.test(text), 'expected a region')),
})

/** A replication that arrived, or did not, in the account and region of the event. */
export interface ReplicationEvent extends EventOrigin {
  readonly kind: 'replication'
  readonly succeeded: boolean
  readonly repositoryName: string
  readonly imageDigest: string
  readonly sourceAccount: string
  readonly sourceRegion: string
}

/**
 * Reads an `ECR Replication Action`.
 * @throws InputError that names the field
 */
export function replicationEvent({ origin, detail: stated }: ReceivedEvent): ReplicationEvent {
  const action = checked(detail, stated, 'event.detail')
  return {
    kind: 'replication',
    ...origin,
    succeeded: action.result === 'SUCCESS',
    repositoryName: action['repository-name'],
    imageDigest: action['image-digest'],
    sourceAccount: action['source-account'],
    sourceRegion: action['source-region'],
  }
}
