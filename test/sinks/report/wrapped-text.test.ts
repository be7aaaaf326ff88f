import { expect, it } from 'vitest'
import { wrappedLines } from '../../../shared/sinks/report/wrapped-text.ts'

const statement =
  '{"Effect":"Allow","Resource":"arn:aws:ecr:eu-central-1:111122223333:repository/} \\" x","Action":["a","b"]}'

it('wraps words, and breaks those that are too long', () => {
  expect(wrappedLines('one two three', 8)).toEqual(['one two', 'three'])
  expect(wrappedLines('x'.repeat(20), 8)).toEqual(['xxxxxxxx', 'xxxxxxxx', 'xxxx'])
  expect(wrappedLines('', 8)).toEqual([''])
})

it('gives JSON lines of their own, whole, to be copied', () => {
  expect(wrappedLines(`Add to the policy: ${statement}. Add there: {"a":1}; done`, 20)).toEqual([
    'Add to the policy:',
    statement,
    'Add there:',
    '{"a":1}',
    'done',
  ])
  expect(wrappedLines(`Add ${statement}.`, 40)).toEqual(['Add', statement])
})

it('breaks no ARN', () => {
  const arn = 'arn:aws:iam::111122223333:role/storefront-web-execution'
  expect(wrappedLines(`a policy of ${arn}: add`, 30)).toEqual(['a policy of', `${arn}:`, 'add'])
})

it('takes what only looks like JSON for words', () => {
  expect(wrappedLines('a {"b} c d', 6)).toEqual(['a {"b}', 'c d'])
  expect(wrappedLines('a {"b"} c {"d":1}', 9)).toEqual(['a {"b"} c', '{"d":1}'])
  expect(wrappedLines('{"'.repeat(50_000), 100_000)).toHaveLength(1)
})

it('is safe for a terminal in every line', () => {
  expect(wrappedLines('\u202e {"a":"\u009b"}', 80)).toEqual(['\\u{202e}', '{"a":"\\u{9b}"}'])
})
