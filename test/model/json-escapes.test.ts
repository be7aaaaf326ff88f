import { expect, it } from 'vitest'
import { asciiJson, visibleJson } from '../../shared/model/json-escapes.ts'

const value = { name: 'Ä\u0085\u00ad\u200b\u2066\ue000\u{1d173}\u{1f600}\n' }

it('shows every character that a terminal would obey or hide, and leaves the others', () => {
  expect(visibleJson(value)).toBe(String.raw`{"name":"Ä\u0085\u00ad\u200b\u2066\ue000\ud834\udd73${'\u{1f600}'}\n"}`)
  expect(JSON.parse(visibleJson(value, 2))).toEqual(value)
  expect(visibleJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}')
})

it('is plain ASCII where that is wanted', () => {
  expect(asciiJson(value)).toMatch(/^[\x20-\x7e]+$/)
  expect(JSON.parse(asciiJson(value))).toEqual(value)
})
