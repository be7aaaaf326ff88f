import { describe, expect, it } from 'vitest'
import { diagnose } from '../../../shared/pull/diagnose/diagnose.ts'
import { signatureOf } from '../../../shared/pull/diagnose/match.ts'
import { messagesIn } from '../../../shared/pull/diagnose/messages.ts'

const texts = (text: string) => messagesIn(text).map((message) => message.text)

describe('the messages of a text', () => {
  it('are its lines, joined where one continues the one before', () => {
    expect(messagesIn('Error: pull failed\n  because\nFailed to start\n\n2026-01-01 started\nwith more')).toEqual([
      { text: 'Error: pull failed because', lines: ['Error: pull failed', 'because'] },
      { text: 'Failed to start', lines: ['Failed to start'] },
      { text: '2026-01-01 started with more', lines: ['2026-01-01 started', 'with more'] },
    ])
  })

  it.each([
    'Warning  Failed',
    'Normal  Pulling',
    '[2026-01-01T00:00:00Z] x',
    '2026/01/01 x',
    '12:00:00 x',
    'Jan  1 12:00:00 host x',
    'E0101 12:00:00 x',
    'time="x"',
    'level=error',
    '"reason": "x"',
    '- item',
    '* item',
    '• item',
    '[ERROR] x',
    'warn: x',
    'CannotPullContainerError: x',
    'ResourceInitializationError: x',
    'DockerTimeoutError: x',
    'AccessDeniedException: x',
    'An error occurred x',
    'Back-off pulling',
    'STOPPED x',
    'Reason: x',
    'Exit Code: 1',
    'Last State: x',
  ])('begin anew at %s', (line) => {
    expect(texts(`first\n${line}`)).toEqual(['first', line.replace('  ', ' ')])
    expect(texts(`first\n  and so ${line}`)).toHaveLength(1)
  })

  it('are the strings of JSON, in order, however deep', () => {
    expect(texts('{"a":"one","b":{"c":["two",3,null,true],"d":"three"}}')).toEqual(['one', 'two', 'three'])
    expect(texts('  ["one"]  ')).toEqual(['one'])
    expect(texts('["one", ["two"]]')).toEqual(['one', 'two'])
  })

  it('are those of JSON inside of strings, three times', () => {
    const inside = (depth: number): string =>
      depth === 0 ? 'the text' : JSON.stringify({ inner: inside(depth - 1), after: `level ${depth}` })
    expect(texts(inside(1))).toEqual(['the text', 'level 1'])
    expect(texts(inside(3))).toEqual(['the text', 'level 1', 'level 2', 'level 3'])
    const [deepest] = texts(inside(4))
    expect(deepest).toContain('{"inner":"the text"')
  })

  it('are text where it only looks like JSON', () => {
    expect(texts('{no json}')).toEqual(['{no json}'])
    expect(texts('[ERROR] x]')).toEqual(['[ERROR] x]'])
    expect(texts('{"a":"b"} and more')).toEqual(['{"a":"b"} and more'])
    expect(texts('before {"a":"b"}')).toEqual(['before {"a":"b"}'])
  })

  it('are those of lines of JSON and of what stands between them', () => {
    const lines = ['first', '{"a":"one","b":"two"}', 'between', 'and more', '{"c":"three"}', '{"d":"four"}', 'last']
    expect(texts(lines.join('\n'))).toEqual(['first', 'one', 'two', 'between and more', 'three', 'four', 'last'])
    expect(texts(`x\n${JSON.stringify({ a: JSON.stringify({ b: 'inner' }) })}`)).toEqual(['x', 'inner'])
  })

  it('are cut at sixteen thousand characters', () => {
    const pieces = texts('y'.repeat(32_001))
    expect(pieces.map(({ length }) => length)).toEqual([16_000, 16_000, 1])
    expect(texts('y'.repeat(16_000)).map(({ length }) => length)).toEqual([16_000])
    const joined = texts(`${'a'.repeat(9000)}\n${'b'.repeat(7000)}\n${'c'.repeat(10)}`)
    expect(joined.map(({ length }) => length)).toEqual([16_001, 10])
  })
})

describe('a message that was cut', () => {
  const whole = 'no basic auth credentials'
  const cutTo = (length: number, end = 'no basic auth cred') => `${'x'.repeat(length - end.length - 1)} ${end}`
  const known = signatureOf(`pull ${whole}`)?.id

  it('is known where it begins but one thing that is known', () => {
    expect(known).toBeDefined()
    for (const text of [
      'pull no basic auth cred...',
      'pull no basic auth cred…',
      'pull no basic auth cred..."',
      "pull no basic auth cred…'",
      'pull no basic a…',
    ]) {
      expect(signatureOf(text)?.id, text).toBe(known)
    }
  })

  it.each([
    [249, false],
    [250, true],
    [255, true],
    [256, true],
    [257, false],
    [1017, false],
    [1018, true],
    [1024, true],
    [1025, false],
  ])('is taken for cut at %i characters: %s', (length, isCut) => {
    expect(cutTo(length)).toHaveLength(length)
    expect(signatureOf(cutTo(length))?.id).toBe(isCut ? known : undefined)
  })

  it('says nothing where too little is left, or where the ellipsis is elsewhere', () => {
    expect(signatureOf('pull no basic…')?.id).toBeUndefined()
    expect(signatureOf('pull … no basic auth cred')?.id).toBeUndefined()
    expect(signatureOf('pull no basic auth cred')?.id).toBeUndefined()
  })
})

describe('an error on several lines', () => {
  const error = 'no basic auth credentials'
  const codes = (text: string) => diagnose(text).map(({ code, confidence }) => [code, confidence])

  it('is read whole, and each line for half of what it is worth', () => {
    const alone = codes(`Error: ${error}`)
    expect(alone.length).toBeGreaterThan(0)
    expect(codes(`Error: pulling\n  the image\n  ${error}`)).toEqual(alone)
    expect(codes('Error: no basic\n  auth credentials')).toEqual(alone)
  })

  it('that a terminal broke inside of words is put together', () => {
    expect(codes('Error: no basic auth cre\ndentials')).toEqual(codes(`Error: ${error}`))
  })

  it('takes the ids of the message that tells the most, and of the first of two that tell as much', () => {
    const registry = '111122223333.dkr.ecr.eu-central-1.amazonaws.com'
    const denied = 'denied: requested access to the resource is denied'
    const bare = `Error: ${registry}/one:1: ${denied}`
    const more = `Error: arn:aws:iam::111122223333:role/puller ${registry}/two:1: ${denied}`
    const other = `Error: ${registry}/three:1: ${denied}`
    const repositoryIn = (...lines: readonly string[]) =>
      /--repository-names (\S+)/.exec(diagnose(lines.join('\n'))[0]?.commands[0] ?? '')?.[1]
    expect(repositoryIn(bare)).toBe('one')
    expect(repositoryIn(bare, more)).toBe('two')
    expect(repositoryIn(more, bare)).toBe('two')
    expect(repositoryIn(bare, other)).toBe('one')
    expect(repositoryIn(other, bare)).toBe('three')
  })

  it('is nothing where no message is about a pull', () => {
    expect(diagnose('all is well\nwith more')).toEqual([])
  })
})
