import { describe, expect, it } from 'vitest'
import { remembering } from '../../shared/pull/remembered.ts'

describe('a memory of answers', () => {
  it('makes an answer once for the same objects and the same key', () => {
    const remembered = remembering<{ readonly made: number }>()
    const [ground, other] = [{}, {}]
    let made = 0
    const ask = (object: object, key: string) => remembered([object], key, () => ({ made: ++made })).made
    expect([ask(ground, 'a'), ask(ground, 'a'), ask(ground, 'b'), ask(other, 'a'), ask(ground, 'a')]).toEqual([
      1, 1, 2, 3, 1,
    ])
  })

  it('forgets the oldest answers when it may hold no more', () => {
    const remembered = remembering<{ readonly made: number }>(2)
    const grounds = [{}]
    let made = 0
    const ask = (key: string) => remembered(grounds, key, () => ({ made: ++made })).made
    expect(['a', 'b', 'a', 'c', 'b', 'a', 'b'].map(ask)).toEqual([1, 2, 1, 3, 2, 4, 5])
  })
})
