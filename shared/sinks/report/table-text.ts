import { styleText } from 'node:util'
import { wrappedLines } from './wrapped-text.ts'

/** What drawing text depends on. */
export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
}

/** Colour or weight of a text. */
export type TextStyle = Parameters<typeof styleText>[0]

/** `name  text`, wrapped and indented below its name; account text is made safe first. */
export function field(name: string, text: string, options: TextOptions): string {
  const indent = 6 + 7
  const body = wrappedLines(text, Math.max(30, options.width - indent)).join(`\n${' '.repeat(indent)}`)
  return `      ${paint('dim', name.padEnd(5), options)}  ${body}`
}

/** The text in a style where colours are wanted. */
export function paint(style: TextStyle, text: string, { color }: TextOptions): string {
  return color ? styleText(style, text, { validateStream: false }) : text
}
