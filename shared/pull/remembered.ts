/** Answers that live as long as the objects they rest on. */
interface Level<T> {
  readonly below: WeakMap<object, Level<T>>
  readonly answers: Map<string, T>
}

/** Gives the answer for these objects and this key, made once. */
export type Remembering<T> = (grounds: readonly object[], key: string, make: () => T) => T

/**
 * A memory of pure answers: the objects an answer rests on are told apart by identity, everything else by `key`. With `most`
 * the oldest answers are forgotten: tens of thousands of large ones would not fit into the heap.
 */
export function remembering<T extends object>(most = Number.POSITIVE_INFINITY): Remembering<T> {
  const top = newLevel<T>()
  const oldestFirst = new Set<() => void>()
  return (grounds, key, make) => {
    const { answers } = grounds.reduce(levelBelow<T>, top)
    const before = answers.get(key)
    if (before !== undefined) return before
    const answer = make()
    answers.set(key, answer)
    if (most !== Number.POSITIVE_INFINITY) oldestFirst.add(() => answers.delete(key))
    for (const forget of oldestFirst) {
      if (oldestFirst.size <= most) break
      oldestFirst.delete(forget)
      forget()
    }
    return answer
  }
}

function newLevel<T>(): Level<T> {
  return { below: new WeakMap(), answers: new Map() }
}

function levelBelow<T>(level: Level<T>, ground: object): Level<T> {
  const next = level.below.get(ground) ?? newLevel<T>()
  level.below.set(ground, next)
  return next
}
