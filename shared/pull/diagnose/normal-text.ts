/** Characters that are looked at, from the end of a longer text: the last error of a log matters most. */
export const longestText = 1_000_000

const quotes: ReadonlyMap<string, string> = new Map([
  ...[...'‘’‚‛′`´'].map((quote) => [quote, "'"] as const),
  ...[...'“”„‟″«»'].map((quote) => [quote, '"'] as const),
])

/**
 * Text as a person means it: escapes of JSON undone, typographic quotes straight, colours and invisible characters gone,
 * line breaks kept. Linear in its length.
 */
export function normalText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
      .replace(/\u001b\[[0-9;]{0,32}[A-Za-z]/g, '')
      .replace(/\\{1,8}(u[0-9a-fA-F]{4}|["'/nrt])/g, (_, escaped: string) => characterOf(escaped))
      .replace(/[‘’‚‛′`´“”„‟″«»]/g, (quote) => quotes.get(quote) ?? quote)
      .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
      .replace(/[^\P{Cc}\n\t]/gu, ' ')
      .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
  )
}

function characterOf(escaped: string): string {
  const [kind = ''] = escaped
  if (kind === 'u') return String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
  return kind === 'n' || kind === 'r' ? '\n' : kind === 't' ? ' ' : kind
}

/** On one line, with single spaces. */
export function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
