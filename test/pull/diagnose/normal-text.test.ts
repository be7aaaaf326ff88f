import { describe, expect, it } from 'vitest'
import { normalText, onOneLine } from '../../../shared/pull/diagnose/normal-text.ts'

describe('text as a person means it', () => {
  it.each([
    ['has no colours', '\u001b[31mred\u001b[0m \u001b[1;32mgreen\u001b[m', 'red green'],
    ['has escapes of JSON undone', String.raw`a \"b\" \'c\' d\/e`, `a "b" 'c' d/e`],
    ['has escapes of escapes undone', String.raw`a \\\"b\\\"`, 'a "b"'],
    ['has letters by their number', String.raw`\u0041\\u0062\u00E9`, 'Abé'],
    ['has broken lines of JSON', String.raw`one\ntwo\rthree\tfour`, 'one\ntwo\nthree four'],
    ['keeps a backslash before anything else', String.raw`a\b \x \u12`, String.raw`a\b \x \u12`],
    ['has straight quotes', '‘a’ “b” `c´ «d»', `'a' "b" 'c' "d"`],
    ['has one kind of line break', 'a\r\nb\rc\u2028d\u2029e\u0085f', 'a\nb\nc\nd\ne\nf'],
    ['has blanks for control characters, but for tabs', 'a\u0000b\u0007c\td', 'a b c\td'],
    ['has no invisible characters', 'a\u200bb\u202ec\ufeffd\ue000e', 'abcde'],
  ])('%s', (_what, text, expected) => {
    expect(normalText(text)).toBe(expected)
  })

  it('stands on one line with single blanks', () => {
    expect(onOneLine('  a \n\n b\t c  ')).toBe('a b c')
  })
})
