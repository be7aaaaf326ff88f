import { type PublishingParts, publisherOf } from '../../shared/sinks/publish-findings.ts'
import type { WorkParts } from './dependencies.ts'

/** Publishes, and says in the log when nobody was there to take the findings. */
export function publisher({ log, ...parts }: PublishingParts & Pick<WorkParts, 'log'>): WorkParts['publish'] {
  const publish = publisherOf(parts)
  return async (own, findings) => {
    const delivery = await publish(own, findings)
    if (!delivery.delivered) log().warn('not delivered', { reason: delivery.reason })
  }
}
