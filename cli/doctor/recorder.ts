import { isGlobalType, isRecordable } from '../../shared/inventory/recordable-types.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import { ownBoolean, ownObject } from '../../shared/model/json.ts'
import { judgedTypes, type Rule } from '../../shared/rules/define-rule.ts'
import { frequencyOf, readRecorder } from '../../shared/sources/config-query/recorder.ts'
import { deliveryBucket } from '../../shared/sources/doctor/services.ts'
import { type Check, type CheckItem, worstOf } from './check.ts'
import { type Place, readerOf } from './place.ts'

const turnOn = 'turn on the AWS Config recorder, or read live: pullpath collect'

/** Whether AWS Config records, as they change, the types that the rules judge and read. */
export async function checkRecorder(place: Place, rules: readonly Rule[]): Promise<Check> {
  const base = { id: 'recorder', region: place.region } as const
  const recorder = await readRecorder(readerOf(place, place.clients.config))
  if (recorder.state === 'absent')
    return { ...base, status: 'fail', reason: 'there is no configuration recorder', fix: turnOn }
  if (recorder.state === 'unknown') return { ...base, status: 'unknown', reason: recorder.reason }
  if (ownBoolean(ownObject(recorder.value, 'configuration') ?? {}, 'Recording') !== true) {
    return { ...base, status: 'fail', reason: 'the configuration recorder is off', fix: turnOn }
  }
  return { ...base, ...judged(neededTypes(rules).map((need) => itemOf(recorder.value, need))) }
}

interface NeededType {
  readonly type: string
  /** Judged by a rule, not merely read by one. */
  readonly judged: boolean
}

function neededTypes(rules: readonly Rule[]): readonly NeededType[] {
  const judged = new Set<string>(rules.flatMap(judgedTypes))
  const all = new Set([...judged, ...rules.flatMap((rule) => rule.reads)])
  return [...all]
    .filter(isRecordable)
    .sort()
    .map((type) => ({ type, judged: judged.has(type) }))
}

function itemOf(recorder: JsonObject, { type, judged }: NeededType): CheckItem {
  const frequency = frequencyOf(recorder, type)
  switch (frequency) {
    case 'continuous':
      return { name: type, status: 'ok', reason: 'recorded' }
    case 'daily':
      return { name: type, status: 'warn', reason: 'recorded once a day: changes are seen late' }
    case 'unclear':
      return { name: type, status: 'unknown', reason: 'the recorder does not say whether it is recorded' }
    case 'none':
      return missing(type, judged)
  }
}

/** Roles and policies are recorded in one region of an account: elsewhere their absence is as it should be. */
function missing(type: string, judged: boolean): CheckItem {
  if (isGlobalType(type)) return { name: type, status: 'warn', reason: 'not recorded here: one region has to' }
  return { name: type, status: judged ? 'fail' : 'warn', reason: judged ? 'not recorded: not judged' : 'not recorded' }
}

function judged(items: readonly CheckItem[]): Omit<Check, 'id'> {
  const status = worstOf(items.map((item) => item.status))
  const notOk = items.filter((item) => item.status !== 'ok').length
  if (notOk === 0) return { status, reason: `records all ${items.length} types the rules need`, items }
  return {
    status,
    reason: `${notOk} of ${items.length} types the rules need are not recorded as they change`,
    fix: 'add the types to the recording group of the recorder',
    items,
  }
}

/** Whether AWS Config has somewhere to write its files to. */
export async function checkDeliveryChannel(place: Place): Promise<Check> {
  const base = { id: 'delivery-channel', region: place.region } as const
  const bucket = await deliveryBucket(readerOf(place, place.clients.config))
  if (bucket.state === 'unknown') return { ...base, status: 'unknown', reason: bucket.reason }
  if (bucket.state === 'known') return { ...base, status: 'ok', reason: `files go to the bucket ${bucket.value}` }
  return {
    ...base,
    status: 'fail',
    reason: 'there is no delivery channel: the recorder cannot run and no files are written',
    fix: 'give AWS Config a delivery channel (aws configservice put-delivery-channel)',
  }
}
