import type { HopStatus } from '../../shared/model/pull.ts'

/** How a path is drawn. */
export interface Symbols {
  readonly hop: Readonly<Record<HopStatus, string>>
  /** Between hops that a pull gets to. */
  readonly line: string
  /** Between hops behind the first broken one. */
  readonly brokenLine: string
}

const drawn: Symbols = { hop: { pass: '✓', fail: '✗', unknown: '?', skipped: '–' }, line: '│', brokenLine: '┆' }
const typed: Symbols = { hop: { pass: '+', fail: 'x', unknown: '?', skipped: '-' }, line: '|', brokenLine: ':' }

/** Symbols a terminal can show: beyond ASCII only where its locale is of UTF-8. */
export function symbolsFor(environment: Readonly<Record<string, string | undefined>>, platform: string): Symbols {
  if (platform === 'win32') return environment.WT_SESSION === undefined ? typed : drawn
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || ''
  return /utf-?8/i.test(locale) ? drawn : typed
}
