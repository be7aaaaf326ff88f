import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
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
  if (broken) {
    const why = broken.code === 'RESOURCE_EXHAUSTION' ? tooDeep : firstLine(broken.message)
    throw invalid(file, broken.linePos?.[0].line ?? 1, why)
  }
  const value: unknown = withoutOverflow(file, () => document.toJS({ maxAliasCount: 100 }))
  return { value, at: (path) => `${file}:${lineOf(document, lines, path)}` }
}

const tooDeep = 'nested too deeply'

/** Text nested too deeply and aliases without end make the parser throw errors of its own. */
function withoutOverflow<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const deep = error instanceof RangeError
    throw invalid(file, 1, deep ? tooDeep : firstLine(error instanceof Error ? error.message : 'unreadable'))
  }
}

function invalid(file: string, line: number, why: string): InputError {
  return new InputError(`${file}:${line}: not valid YAML: ${why}`)
}

/** The line of the deepest node on the path that has one, from 1. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const offset = partOffset(document.getIn(path.slice(0, depth - 1)), path[depth - 1])
    if (offset !== undefined) return lines.linePos(offset).line
  }
  return 1
}

/** Where in the text an entry of a list, or the key of an entry of a map, begins. */
function partOffset(parent: unknown, key: PropertyKey | undefined): number | undefined {
  if (isSeq(parent)) return typeof key === 'number' ? nodeOffset(parent.items[key]) : undefined
  if (!isMap(parent)) return undefined
  return nodeOffset(parent.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key)
}

function nodeOffset(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}
