/** How a sink waits between attempts; time and chance are handed in. */
export interface Patience {
  readonly sleep: (milliseconds: number) => Promise<void>
  /** A number in [0, 1). */
  readonly random: () => number
}

/** Waits with full jitter after the attempt of that number, counted from 1. */
export async function backOff({ sleep, random }: Patience, attempt: number): Promise<void> {
  await sleep(Math.floor(random() * 200 * 2 ** attempt))
}
