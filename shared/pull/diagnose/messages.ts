import { isJsonObject, type JsonValue } from '../../model/json.ts'
import { longestText, normalText, onOneLine } from './normal-text.ts'

/** A message of a log, an event or a command's output. */
export interface Message {
  /** On one line. */
  readonly text: string
  /** Its lines, when it was written on several. */
  readonly lines: readonly string[]
}

/** How often text inside JSON may be JSON again: an event in an envelope in a log line. */
const deepestJson = 3
/** Longest message; what follows is another. Container runtimes and ECS stay far below. */
const longestMessage = 16_000

/** Takes a text apart: every string of a JSON value, else lines, those joined that continue the one before. */
export function messagesIn(text: string): readonly Message[] {
  const messages: Message[] = []
  const open: { readonly text: string; readonly depth: number }[] = [{ text: text.slice(-longestText), depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { text, depth } = next
    const strings = depth < deepestJson ? stringsOfJson(text) : undefined
    if (strings !== undefined) open.push(...strings.map((inner) => ({ text: inner, depth: depth + 1 })).reverse())
    else if (depth < deepestJson && hasJsonLine(text)) open.push(...piecesOf(text, depth).reverse())
    else for (const message of plainMessages(text)) messages.push(message)
  }
  return messages
}

/** All strings of a JSON object or list, in order; undefined when the text is none. */
function stringsOfJson(text: string): readonly string[] | undefined {
  const trimmed = text.trim()
  if (!/^[{[]/.test(trimmed) || !/[}\]]$/.test(trimmed)) return undefined
  try {
    return stringsOf(JSON.parse(trimmed) as JsonValue)
  } catch {
    // Looks like JSON and is none: it is read as text.
    return undefined
  }
}

function stringsOf(root: JsonValue): readonly string[] {
  const strings: string[] = []
  const open: JsonValue[] = [root]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string') strings.push(value)
    const inner = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : []
    for (let index = inner.length - 1; index >= 0; index -= 1) open.push(inner[index] as JsonValue)
  }
  return strings
}

const jsonLine = /^[ \t]{0,16}\{".{0,16000}\}[ \t]{0,16}$/m

function hasJsonLine(text: string): boolean {
  return text.includes('{"') && text.includes('\n') && jsonLine.test(text)
}

/** Lines that are JSON by themselves, and what stands between them. */
function piecesOf(text: string, depth: number): { text: string; depth: number }[] {
  const pieces: { text: string; depth: number }[] = []
  let between: string[] = []
  const flush = () => {
    if (between.length > 0) pieces.push({ text: between.join('\n'), depth: deepestJson })
    between = []
  }
  for (const line of text.split('\n')) {
    if (stringsOfJson(line) === undefined) between.push(line)
    else {
      flush()
      pieces.push({ text: line, depth })
    }
  }
  flush()
  return pieces
}

/** How a line begins that starts a message; any other continues the one before. */
const starts: readonly RegExp[] = [
  /^\s*$/,
  /^\s{0,40}(?:Warning|Normal)\s/,
  /^\[?\d{4}[-/]\d{2}[-/]\d{2}/,
  /^\[?\d{2}:\d{2}:\d{2}/,
  /^[A-Z][a-z]{2} [ \d]\d \d{2}:/,
  /^[EWIF]\d{4} /,
  /^\s{0,40}(?:time|level|msg|ts)=/i,
  /^\s{0,40}"[A-Za-z]{1,40}":/,
  /^\s{0,40}[-*•] /,
  /^\s{0,40}\[?(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL)\b/i,
  /^\s{0,40}(?:Cannot[A-Za-z]{1,30}Error|ResourceInitializationError|DockerTimeoutError|[A-Z][A-Za-z]{1,40}Exception):/,
  /^\s{0,40}(?:Error|Failed|STOPPED|Stopped|Back-off|An error occurred)\b/,
  /^\s{0,40}(?:Message|Reason|State|Status|Image|Image ID|Last State|Type|Events|Name|Namespace|Node|Exit Code):/,
]

function plainMessages(text: string): readonly Message[] {
  const blocks: string[][] = []
  let length = 0
  for (const line of normalText(text).split('\n').flatMap(cut)) {
    const block = blocks.at(-1)
    if (block === undefined || length + line.length > longestMessage || starts.some((start) => start.test(line))) {
      blocks.push([line])
      length = line.length
    } else {
      block.push(line)
      length += line.length
    }
  }
  return blocks.map(messageOf).filter((message) => message.text !== '')
}

function cut(line: string): readonly string[] {
  if (line.length <= longestMessage) return [line]
  const pieces = Math.ceil(line.length / longestMessage)
  return Array.from({ length: pieces }, (_, index) => line.slice(index * longestMessage, (index + 1) * longestMessage))
}

function messageOf(lines: readonly string[]): Message {
  const filled = lines.map(onOneLine).filter((line) => line !== '')
  return { text: filled.join(' '), lines: filled }
}
