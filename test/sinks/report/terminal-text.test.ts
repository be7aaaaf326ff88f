import fc from 'fast-check'
import { expect, test } from 'vitest'
import { terminalText } from '../../../shared/sinks/report/terminal-text.ts'

test('an escape sequence in a name is shown, not obeyed', () => {
  expect(terminalText('app\u001b[2Jx')).toBe('app\\u{1b}[2Jx')
})

test('bidirectional and zero-width marks are made visible', () => {
  expect(terminalText('a\u202eb\u200bc')).toBe('a\\u{202e}b\\u{200b}c')
})

test('line breaks cannot forge a line', () => {
  expect(terminalText('ok\r\n0 noncompliant')).toBe('ok 0 noncompliant')
})

test('letters of any script stay', () => {
  expect(terminalText('größe 画像 🚀')).toBe('größe 画像 🚀')
})

test('no control character survives, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(terminalText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    }),
  )
})
