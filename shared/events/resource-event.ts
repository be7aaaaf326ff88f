import { InputError } from '../model/errors.ts'
import { callDetailType, changeOfCall } from './cloudtrail-call.ts'
import { changeOfScan, scanSources } from './ecr-scan.ts'
import { receivedEvent } from './event-bridge.ts'
import type { ResourceEvent } from './resource-change.ts'

/**
 * Parses an event of EventBridge that tells of a changed resource. `now` bounds its time.
 * @throws InputError that names the field and what was expected
 */
export function parseResourceEvent(event: unknown, now: Date): ResourceEvent {
  const received = receivedEvent(event, now)
  const { detailType, source } = received.origin
  if (detailType === callDetailType) return changeOfCall(received)
  const scanSource = scanSources.get(detailType)
  if (scanSource === undefined) throw new InputError('event.detail-type: expected a call or the end of a scan')
  if (source !== scanSource) throw new InputError('event.source: expected the service that scans')
  return changeOfScan(received)
}
