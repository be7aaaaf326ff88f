import type { EventOrigin } from '../../events/event-bridge.ts'
import type { ResourceEvent } from '../../events/resource-change.ts'
import { InputError } from '../../model/errors.ts'
import type { Scope } from '../../model/resource.ts'

/**
 * The event when it is ours to judge, otherwise one to ignore. CloudTrail tells of calls without a region in one region of the
 * partition, and resources without a region are judged in the home region alone: `homeRegion`, or wherever we are when that is
 * empty.
 * @throws InputError naming the field when the event speaks for another account or region
 */
export function ownChange(event: ResourceEvent, own: Scope, homeRegion: string): ResourceEvent {
  const { accountId, region } = originOf(event)
  if (accountId !== own.accountId) throw new InputError('event.account: expected the account of this function')
  if (event.kind === 'ignored') return event
  const { origin, isGlobal, hints } = event.change
  const ignored = (reason: string): ResourceEvent => ({ kind: 'ignored', origin, reason })
  const isElsewhere = region !== own.region
  if (isGlobal && (isElsewhere || (homeRegion !== '' && homeRegion !== own.region))) {
    return ignored('the resource is judged in another region')
  }
  if (isElsewhere) throw new InputError('event.region: expected the region of this function')
  return hints.length === 0 ? ignored('the event names no resource') : event
}

function originOf(event: ResourceEvent): EventOrigin {
  return event.kind === 'change' ? event.change.origin : event.origin
}
