import { terminalText } from './terminal-text.ts'

/** A value of a cell. Numbers are written as they are. */
export type Cell = string | number

/**
 * A line of CSV (RFC 4180, every text quoted). What a spreadsheet would take for a formula becomes text by an apostrophe before
 * it: names and policies of an account are anybody's words.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

function cellOf(cell: Cell): string {
  if (typeof cell === 'number') return String(cell)
  const text = terminalText(cell)
  return `"${(isFormula(cell) || isFormula(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}

function isFormula(text: string): boolean {
  return /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/u.test(text)
}
