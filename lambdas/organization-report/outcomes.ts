import { getText } from '../../shared/sources/published/get-text.ts'
import { fail } from './problems.ts'
import { readAhead } from './read-ahead.ts'
import { type Run, shelfOf } from './run.ts'
import { MAX_RESULT_BYTES, type ShardResult, shardResultOf } from './shard-result.ts'
import type { Shard } from './task.ts'

/** Results in memory at the same time. */
const AHEAD = 4

/** What became of a shard: its result, or why there is none. */
export type Outcome =
  | {
      readonly shard: Shard
      readonly result: ShardResult
      /** When the result was written, ISO 8601. */
      readonly writtenAt: string
    }
  | { readonly shard: Shard; readonly failed: string }

/**
 * What became of each shard, one after the other, in their order. A task that left no result, or one that is not its own, has
 * failed; `classes` says why as far as the map knows.
 * @throws PassingProblem when a result cannot be read just now
 */
export function outcomesOf(
  run: Run,
  shards: readonly Shard[],
  classes: ReadonlyMap<string, string>,
): AsyncGenerator<Outcome> {
  return readAhead(shards, AHEAD, async (shard) => {
    const found = await getText(shelfOf(run), run.keys.result(shard), MAX_RESULT_BYTES)
    if (found.state === 'known') {
      const result = shardResultOf(found.value.text, run.name, shard)
      if (typeof result === 'string') return { shard, failed: result }
      return { shard, result, writtenAt: found.value.writtenAt }
    }
    if (found.state === 'unknown' && found.transience === 'passing') return fail('a result', found)
    const known = classes.get(`${shard.accountId} ${shard.region}`)
    const why = known ?? (found.state === 'unknown' ? found.reason : 'no result')
    return { shard, failed: `the task failed: ${why}` }
  })
}
