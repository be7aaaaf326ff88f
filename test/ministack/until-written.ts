import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage, Write } from './stage.ts'

/** Waits at most a minute until so much was written, and a moment longer in case there is more. */
export async function untilWritten(stage: Stage, count: number): Promise<readonly Write[]> {
  for (let waited = 0; waited < 60_000 && stage.written().length < count; waited += 100) await sleep(100)
  await sleep(500)
  return stage.written()
}
