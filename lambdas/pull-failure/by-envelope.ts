import type { Context } from 'aws-lambda'
import { isToldByBus, tellsOfChange } from '../../shared/events/told-by-bus.ts'

/** Handles one event. */
export type Handle = (
  event: unknown,
  context: Pick<Context, 'invokedFunctionArn' | 'getRemainingTimeInMillis'>,
) => Promise<void>

/**
 * Tells by the envelope whose event it is: of pulls EventBridge tells, of changed resources `resource-change`, and all others are of
 * AWS Config. The last two go to the auditor of images, which most events of pulls need not wait for.
 */
export function byEnvelope(pulls: Handle, auditor: () => Promise<Handle>): Handle {
  return async (event, context) => {
    if (isToldByBus(event) && !tellsOfChange(event)) return pulls(event, context)
    const audit = await auditor()
    return audit(event, context)
  }
}
