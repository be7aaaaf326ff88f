import wrapAnsi from 'wrap-ansi'
import { terminalText } from './terminal-text.ts'

/** A stretch of a text: words, or JSON that somebody is meant to copy. */
interface Stretch {
  readonly kind: 'words' | 'json'
  readonly text: string
}

/**
 * The lines of a text, safe for a terminal and wrapped to `width` columns. What is there to be copied stays whole and may be
 * wider: an object of JSON, such as a statement of a policy, has a line of its own, and an ARN is not broken.
 */
export function wrappedLines(text: string, width: number): readonly string[] {
  return stretchesOf(text).flatMap((stretch) =>
    stretch.kind === 'json' ? [terminalText(stretch.text)] : wrappedWords(terminalText(stretch.text), width),
  )
}

function wrappedWords(text: string, width: number): readonly string[] {
  const holdsLongArn = text.split(' ').some((word) => word.length > width && /^[("']?arn:/.test(word))
  return wrapAnsi(text, width, { hard: !holdsLongArn }).split('\n')
}

function stretchesOf(text: string): readonly Stretch[] {
  const found: Stretch[] = []
  let rest = 0
  let at = text.indexOf('{"')
  while (at >= 0) {
    const end = endOfObject(text, at)
    // What has no end here is no JSON, nor is what follows.
    if (end === undefined) break
    if (isJson(text.slice(at, end))) {
      found.push({ kind: 'words', text: text.slice(rest, at).trim() }, { kind: 'json', text: text.slice(at, end) })
      // The sentence goes on in the next line: its stop would be copied along, or stand there alone.
      rest = end + (/^[.,;]{0,2} ?/.exec(text.slice(end, end + 3))?.[0].length ?? 0)
    }
    at = text.indexOf('{"', end)
  }
  const stretches = [...found, { kind: 'words' as const, text: text.slice(rest) }]
  return found.length === 0 ? stretches : stretches.filter((one) => one.text !== '')
}

/** Where the object that begins here ends; undefined when it does not. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0
  let isQuoted = false
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (isQuoted && character === '\\') at++
    else if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && character === '{') depth++
    else if (!isQuoted && character === '}' && --depth === 0) return at + 1
  }
  return undefined
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
