import { type Document, isNode, LineCounter, parseDocument, visit } from 'yaml'
import type { JsonValue } from '../../model/json.ts'
import type { ManifestLimits } from './limits.ts'
import { nestingOf } from './nesting.ts'

/** One document of a file: its value, and where its parts stand. */
export interface ManifestDocument {
  readonly value: JsonValue
  /** Line of a part, from 1; of the document when the part has none. */
  lineOf(path: readonly (string | number)[]): number
}

/** What reading one document gave. Reasons never quote the document: it may be a secret. */
export type DocumentReading =
  | { readonly ok: true; readonly document: ManifestDocument }
  | { readonly ok: false; readonly line: number; readonly reason: string }

/** The documents of a JSON or YAML file. One that is not readable leaves the others readable: they are cut apart first. */
export function readDocuments(text: string, isJson: boolean, limits: ManifestLimits): readonly DocumentReading[] {
  if (isJson) return [readJson(text)]
  return documentsIn(text).flatMap((part) => readYaml(part, limits) ?? [])
}

function readJson(text: string): DocumentReading {
  try {
    const value = JSON.parse(text) as JsonValue
    return { ok: true, document: { value, lineOf: () => 1 } }
  } catch {
    return { ok: false, line: 1, reason: 'not valid JSON' }
  }
}

interface Part {
  readonly text: string
  /** Lines of the file before it. */
  readonly linesBefore: number
}

/** A line that starts with `---` or `...` ends a document wherever it stands, so that the text can be cut unparsed. */
function documentsIn(text: string): readonly Part[] {
  const parts: Part[] = []
  let lines: string[] = []
  let linesBefore = 0
  const all = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  for (const [index, line] of all.entries()) {
    const marker = /^(?:---|\.\.\.)(?=[ \t]|$)/.exec(line)
    if (marker === null) {
      lines.push(line)
      continue
    }
    parts.push({ text: lines.join('\n'), linesBefore })
    // What follows a marker on its line belongs to the new document.
    lines = [`   ${line.slice(3)}`]
    linesBefore = index
  }
  parts.push({ text: lines.join('\n'), linesBefore })
  return parts.filter(({ text: part }) => holdsContent(part))
}

/** Neither empty nor only comments and directives. */
function holdsContent(text: string): boolean {
  return /^(?![ \t\r]*(?:#|$)|%)/m.test(text)
}

function readYaml({ text, linesBefore }: Part, limits: ManifestLimits): DocumentReading | undefined {
  const first = linesBefore + 1
  if (text.length > limits.documentLength) {
    return { ok: false, line: first, reason: `longer than ${limits.documentLength} characters` }
  }
  if (nestingOf(text) > limits.nesting)
    return { ok: false, line: first, reason: `nested deeper than ${limits.nesting}` }
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      // Looking for repeated keys takes quadratic time; like the API server's, the last one counts.
      uniqueKeys: false,
      merge: true,
      logLevel: 'silent',
    })
    const [broken] = document.errors
    if (broken !== undefined) {
      const line = linesBefore + lines.linePos(broken.pos[0]).line
      return { ok: false, line, reason: `not valid YAML (${broken.code.toLowerCase().replaceAll('_', ' ')})` }
    }
    // Resolving an alias looks through the document: many of them take quadratic time.
    if (hasMoreAliases(document, limits.aliases)) return { ok: false, line: first, reason: tooManyAliases(limits) }
    const value = document.toJS({ maxAliasCount: limits.aliases }) as JsonValue
    const at = (path: readonly (string | number)[]) => linesBefore + lineIn(document, lines, path)
    return { ok: true, document: { value, lineOf: at } }
  } catch (error) {
    return { ok: false, line: first, reason: reasonOf(error) }
  }
}

function hasMoreAliases(document: Document, most: number): boolean {
  let count = 0
  visit(document, { Alias: () => (++count > most ? visit.BREAK : undefined) })
  return count > most
}

function tooManyAliases({ aliases }: ManifestLimits): string {
  return `more than ${aliases} aliases`
}

function reasonOf(error: unknown): string {
  if (error instanceof ReferenceError) return 'aliases that expand to too much or name no anchor'
  return error instanceof RangeError ? 'nested too deeply' : 'not readable as YAML'
}

function lineIn(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  const start = isNode(node) ? node.range?.[0] : document.contents?.range?.[0]
  return start === undefined ? 1 : lines.linePos(start).line
}
