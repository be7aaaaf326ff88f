import { expect, it } from 'vitest'
import { matchesPattern } from './event-pattern.ts'

const reason = [{ prefix: 'CannotPull' }]
const either = { detail: { $or: [{ code: ['a', 'b'] }, { reason }, { containers: { reason } }] } }

it.each([
  ['a value of the first branch', { code: 'b' }, true],
  ['a value of none', { code: 'c' }, false],
  ['a beginning', { code: 'c', reason: 'CannotPullContainerError' }, true],
  ['the words elsewhere', { reason: 'x CannotPull' }, false],
  ['one element of a list', { containers: [{ name: 'x' }, { reason: 'CannotPull y' }] }, true],
  ['no element of a list', { containers: [{ name: 'x' }, { reason: 'y' }] }, false],
  ['an empty list', { containers: [] }, false],
  ['nothing', {}, false],
])('alternatives of several fields: %s', (_, detail, expected) => {
  expect(matchesPattern(either, { detail })).toBe(expected)
})

it('fields beside alternatives are wanted all the same', () => {
  const pattern = { state: ['on'], $or: [{ a: ['1'] }, { b: ['1'] }] }
  expect(matchesPattern(pattern, { state: 'on', b: '1' })).toBe(true)
  expect(matchesPattern(pattern, { state: 'off', b: '1' })).toBe(false)
})

it.each([
  ['exists', [{ exists: true }], { a: '' }, true],
  ['exists', [{ exists: true }], { a: null }, false],
  ['is missing', [{ exists: false }], {}, true],
  ['begins otherwise', [{ 'anything-but': { prefix: 'x' } }], { a: 'yx' }, true],
  ['begins otherwise', [{ 'anything-but': { prefix: 'x' } }], { a: 'xy' }, false],
  ['begins otherwise', [{ 'anything-but': { prefix: 'x' } }], {}, false],
])('a field that %s: %j', (_, wanted, event, expected) => {
  expect(matchesPattern({ a: wanted }, event)).toBe(expected)
})

it('what is not known is an error', () => {
  expect(() => matchesPattern({ a: [{ cidr: '10.0.0.0/8' }] }, { a: 'x' })).toThrow('does not know {"cidr"')
  for (const wanted of [{ a: ['1'] }, [{ a: ['1'] }], [{ a: ['1'] }, {}], [{ a: ['1'] }, 'x']]) {
    expect(() => matchesPattern({ $or: wanted }, {})).toThrow('this $or is no operator')
  }
})
