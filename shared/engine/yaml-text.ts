import { type Document, isScalar, LineCounter, parseDocument } from 'yaml'
import { InputError } from '../model/errors.ts'

/** A YAML text as plain values, and where in the text they stand. */
export interface YamlText {
  readonly value: unknown
  /** `file:line` of the deepest node on a path that the text has. */
  readonly at: (path: readonly PropertyKey[]) => string
}

/**
 * Reads YAML.
 * @throws InputError `file:line: not valid YAML: why`
 */
export function readYaml(text: string, file: string): YamlText {
  const lines = new LineCounter()
  const document = withoutOverflow(file, () =>
    parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true }),
  )
  const [broken] = document.errors
  if (broken) throw invalid(file, broken.linePos?.[0].line ?? 1, firstLine(broken.message))
  const value: unknown = withoutOverflow(file, () => document.toJS({ maxAliasCount: 100 }))
  return { value, at: (path) => `${file}:${lineOf(document, lines, path)}` }
}

/** Text nested too deeply and aliases without end make the parser throw errors of its own. */
function withoutOverflow<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const deep = error instanceof RangeError
    throw invalid(
      file,
      1,
      deep ? 'nested too deeply' : firstLine(error instanceof Error ? error.message : 'unreadable'),
    )
  }
}

function invalid(file: string, line: number, why: string): InputError {
  return new InputError(`${file}:${line}: not valid YAML: ${why}`)
}

/** The line of the deepest node on the path that has one, from 1. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = document.getIn(path.slice(0, depth - 1), true)
    const offset = keyOffset(parent ?? document.contents, path[depth - 1])
    if (offset !== undefined) return lines.linePos(offset).line
  }
  return 1
}

function keyOffset(parent: unknown, key: PropertyKey | undefined): number | undefined {
  if (typeof parent !== 'object' || parent === null || !('items' in parent) || !Array.isArray(parent.items))
    return undefined
  if (typeof key === 'number') return nodeOffset(parent.items[key])
  const pair: unknown = parent.items.find(
    (item: unknown) =>
      typeof item === 'object' && item !== null && 'key' in item && isScalar(item.key) && item.key.value === key,
  )
  return typeof pair === 'object' && pair !== null && 'key' in pair ? nodeOffset(pair.key) : undefined
}

function nodeOffset(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined
  const [start] = node.range as readonly unknown[]
  return typeof start === 'number' ? start : undefined
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}
