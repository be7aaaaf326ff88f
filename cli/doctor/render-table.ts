import { styleText } from 'node:util'
import wrapAnsi from 'wrap-ansi'
import { terminalText } from '../../shared/sinks/report/terminal-text.ts'
import type { Check, CheckItem, CheckStatus, Examination } from './check.ts'
import { missingOf } from './result.ts'

/** How the checks are drawn. */
export interface RenderOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
}

const colors: Record<CheckStatus, 'green' | 'yellow' | 'red' | 'magenta'> = {
  ok: 'green',
  warn: 'yellow',
  fail: 'red',
  unknown: 'magenta',
}
const longestStatus = 7
const longestId = 16

/** The checks for a person: region by region, one line each, then what is not as it should be and what to do. */
export function renderChecks({ checks }: Examination, options: RenderOptions): string {
  const groups = [...Map.groupBy(checks, ({ region }) => region)]
  const blocks = groups.map(([region, ofRegion]) => [
    ...(region === undefined ? [] : [paint('bold', terminalText(region), options)]),
    ...ofRegion.flatMap((check) => checkLines(check, options)),
  ])
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function checkLines(check: Check, options: RenderOptions): readonly string[] {
  const head = `${check.id.padEnd(longestId)}  ${terminalText(check.reason)}`
  return [
    entry(2, check.status, head, longestId + 2, options),
    ...missingOf(check).flatMap((item) => itemLines(item, options)),
    ...(check.fix === undefined ? [] : [wrapped(4 + longestStatus, `to do: ${terminalText(check.fix)}`, 7, options)]),
  ]
}

function itemLines({ name, status, reason, statement }: CheckItem, options: RenderOptions): readonly string[] {
  return [
    entry(4 + longestStatus, status, `${terminalText(name)}: ${terminalText(reason)}`, 2, options),
    // Not wrapped: it is to be copied.
    ...(statement === undefined ? [] : [`${' '.repeat(6 + longestStatus)}${terminalText(JSON.stringify(statement))}`]),
  ]
}

function entry(indent: number, status: CheckStatus, text: string, hanging: number, options: RenderOptions): string {
  const body = wrapped(indent + longestStatus + 2, text, hanging, options).trimStart()
  return `${' '.repeat(indent)}${paint(colors[status], status.padEnd(longestStatus), options)}  ${body}`
}

function wrapped(indent: number, text: string, hanging: number, { width }: RenderOptions): string {
  const columns = Math.max(width - indent - hanging, 20)
  const [first = '', ...rest] = wrapAnsi(text, columns, { hard: true }).split('\n')
  return [' '.repeat(indent) + first, ...rest.map((line) => ' '.repeat(indent + hanging) + line)].join('\n')
}

function paint(style: Parameters<typeof styleText>[0], text: string, { color }: RenderOptions): string {
  return color ? styleText(style, text, { validateStream: false }) : text
}
