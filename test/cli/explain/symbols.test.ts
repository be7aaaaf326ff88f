import { expect, test } from 'vitest'
import { symbolsFor } from '../../../cli/explain/symbols.ts'

test.each<[string, Record<string, string>, string, string]>([
  ['a locale of UTF-8', { LANG: 'de_DE.UTF-8' }, 'linux', '✓'],
  ['a locale of utf8', { LC_ALL: 'C.utf8' }, 'darwin', '✓'],
  ['the C locale', { LANG: 'C' }, 'linux', '+'],
  ['no locale at all', {}, 'linux', '+'],
  ['LC_ALL that overrules LANG', { LC_ALL: 'C', LANG: 'en_US.UTF-8' }, 'linux', '+'],
  ['an empty LC_ALL, which counts as not set', { LC_ALL: '', LANG: 'en_US.UTF-8' }, 'linux', '✓'],
  ['a new terminal of Windows', { WT_SESSION: '1' }, 'win32', '✓'],
  ['an old console of Windows', {}, 'win32', '+'],
])('%s decides the symbols', (_, environment, platform, pass) => {
  expect(symbolsFor(environment, platform).hop.pass).toBe(pass)
})
