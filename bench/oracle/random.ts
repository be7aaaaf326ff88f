/** A seeded source of choices: the same seed makes the same choices on every machine. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number
  /** One of the values. */
  readonly pick: <T>(values: readonly [T, ...T[]]) => T
  /** True in `percent` of a hundred cases. */
  readonly chance: (percent: number) => boolean
}

/** The generator "mulberry32": 32 bits of state, good enough to spread choices. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return {
    below,
    pick: (values) => values[below(values.length)] ?? values[0],
    chance: (percent) => below(100) < percent,
  }
}

/** A policy variable, `${name}`. */
export function variable(name: string): string {
  return `$\{${name}}`
}
