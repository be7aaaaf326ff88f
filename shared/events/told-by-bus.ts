import { isJsonObject, own } from '../model/json.ts'
import { callDetailType } from './cloudtrail-call.ts'
import { scanSources } from './ecr-scan.ts'

/** Whether an event comes from a bus of EventBridge, as its envelope has it: events of AWS Config state no detail type. */
export function isToldByBus(event: unknown): boolean {
  return isJsonObject(event) && own(event, 'detail-type') !== undefined
}

/** Whether an event of EventBridge tells of a changed resource, as far as its detail type says. */
export function tellsOfChange(event: unknown): boolean {
  const detailType = isJsonObject(event) ? own(event, 'detail-type') : undefined
  return typeof detailType === 'string' && (detailType === callDetailType || scanSources.has(detailType))
}
