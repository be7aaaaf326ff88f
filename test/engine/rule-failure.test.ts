import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describeFailure } from '../../shared/engine/rule-failure.ts'

function errorWith(frames: readonly string[], message = 'a bug', name = 'TypeError'): Error {
  const error = Object.assign(new Error(message), { name })
  error.stack = [`${name}: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join('\n')
  return error
}
const markOf = (name: string, frames: readonly string[]) =>
  createHash('sha256')
    .update(JSON.stringify([name, ...frames.map((frame) => `    at ${frame}`)]))
    .digest('hex')
    .slice(0, 8)
const callers = 'Error: here\n    at judge (/a/engine.js:9:9)\n    at /a/engine.js:5:5\n    at main (/a/main.js:1:1)'

describe('D7 the mark of a rule that threw', () => {
  it('D7 is of the error’s name and of the frames down to the engine, without paths', () => {
    const error = errorWith([
      'inner (/a/b c/rule.js:1:2)',
      '/a/b c/rule.js:3:4',
      'judge (/a/engine.js:8:8)',
      '/a/engine.js:5:5',
      'main (/a/main.js:1:1)',
    ])
    const frames = ['inner (rule.js:1:2)', 'rule.js:3:4', 'judge (engine.js:8:8)']
    expect(describeFailure(error, callers)).toBe(`TypeError: a bug; stack ${markOf('TypeError', frames)}`)
  })

  it.each([
    ['another folder', 'inner (/somewhere/else/rule.js:1:2)'],
    ['a file address', 'inner (file:///var/task/rule.js:1:2)'],
    ['another system', 'inner (C:\\Program Files (x86)\\rule.js:1:2)'],
  ])('D7 is the same in %s, whatever the message', (_name, frame) => {
    const mark = markOf('TypeError', ['inner (rule.js:1:2)'])
    expect(describeFailure(errorWith([frame], 'of x'), undefined)).toBe(`TypeError: of x; stack ${mark}`)
    expect(describeFailure(errorWith([frame], 'of y\n    at a fake (frame.js:1:1)'), undefined)).toContain(mark)
  })

  it('D7 leaves out the frames of the runtime, and all but the first five', () => {
    const own = [1, 2, 3, 4, 5].map((n) => `f${n} (rule.js:${n}:1)`)
    const frames = ['Array.map (<anonymous>)', ...own, 'f6 (rule.js:6:1)', 'run (node:internal/x:1:1)']
    expect(describeFailure(errorWith(frames), undefined)).toContain(`stack ${markOf('TypeError', own)}`)
  })

  it('D7 is another one for another place and another kind of error', () => {
    const marks = [
      errorWith(['inner (rule.js:1:2)']),
      errorWith(['inner (rule.js:1:3)']),
      errorWith(['outer (rule.js:1:2)']),
      errorWith(['inner (rule.js:1:2)'], 'a bug', 'RangeError'),
    ].map((error) => describeFailure(error, callers).split('stack ')[1])
    expect(new Set(marks).size).toBe(4)
  })

  it('D7 is made without a stack, too; what is no error has none', () => {
    const bare = Object.assign(new Error('a bug'), { stack: undefined })
    expect(describeFailure(bare, callers)).toBe(`Error: a bug; stack ${markOf('Error', [])}`)
    expect(describeFailure('secret', callers)).toBe('an unnamed error')
  })
})
