import { hubPlaceOf } from '../../shared/live/hub-place.ts'
import { parseArn } from '../../shared/model/arn.ts'
import { putText } from '../../shared/sinks/bucket/put-text.ts'
import type { HubHeartbeat } from '../../shared/sources/published/heartbeat.ts'
import { heartbeatKey } from '../../shared/sources/published/names.ts'
import type { Invocation } from './invocation.ts'
import type { Swept } from './scheduled-sweep.ts'

const ATTEMPTS = 2
/** Longest time of one attempt, and time kept back for the end of the invocation; milliseconds. */
const CALL_TIME = 4_000
const KEPT_BACK = 2_000

/**
 * Leaves the heartbeat of a whole sweep in the hub's bucket, where there is a hub: AWS Config's aggregators do not show that of an
 * account. What fails is logged and measured and fails nothing: the sweep is done, and the hub misses a heartbeat.
 */
export async function tellHub(swept: Swept, invocation: Invocation): Promise<void> {
  const { parts, selected, metrics } = invocation
  try {
    await put(heartbeatOf(swept, invocation), invocation)
  } catch (error) {
    metrics.count('HubHeartbeatFailed', 1)
    parts.log().warn('the heartbeat did not reach the hub', {
      rule: selected.rule.id,
      reason: error instanceof Error ? error.name : 'unknown',
    })
  }
}

async function put(heartbeat: HubHeartbeat, { parts, own, context }: Invocation): Promise<void> {
  const place = hubPlaceOf(parts.variables())
  if (place === undefined || parts.s3 === undefined) return
  const { accountId, region, area } = heartbeat
  const time = (context.getRemainingTimeInMillis() - KEPT_BACK) / ATTEMPTS
  const { sleep, random } = parts
  const sink = {
    ...{ client: parts.s3(place.region ?? own.region), bucket: place.bucket, sleep, random },
    ...{ attempts: ATTEMPTS, callTime: Math.floor(Math.min(CALL_TIME, Math.max(500, time))) },
  }
  const key = `${place.prefix}${heartbeatKey(accountId, region, area)}`
  const object = { key, text: JSON.stringify(heartbeat), contentType: 'application/json' }
  if ((await putText(sink, object, 'anything')) === 'conflict') throw new Error('another write at the same moment')
}

function heartbeatOf({ config, summary = [], judged }: Swept, invocation: Invocation): HubHeartbeat {
  const { parts, own, context, selected } = invocation
  const undetermined = [...config, ...summary].filter(({ compliance }) => compliance === 'UNDETERMINED').length
  return {
    ...{ schemaVersion: 1, accountId: own.accountId, region: own.region, area: selected.rule.area },
    function: parseArn(context.invokedFunctionArn)?.resource.split(':')[1] ?? '',
    ...{ rule: selected.rule.id, endedAt: parts.now().toISOString(), judged, undetermined },
  }
}
