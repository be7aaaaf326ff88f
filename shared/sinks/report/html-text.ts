import { terminalText } from './terminal-text.ts'

/** Text that is HTML already. */
export interface Html {
  readonly html: string
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
  ['`', '&#96;'],
])

/** A template whose values are escaped unless they are `Html`; lists are joined. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  const texts = strings.map((text, index) => (index < values.length ? text + textOf(values[index] ?? '') : text))
  return { html: texts.join('') }
}

function textOf(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return escaped(value)
  return 'html' in value ? value.html : value.map((one) => one.html).join('')
}

function escaped(text: string): string {
  return terminalText(text).replaceAll(/[&<>"'`]/g, (mark) => entities.get(mark) ?? '')
}
