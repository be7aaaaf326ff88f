interface Level {
  /** Keys met so far; undefined for an array. */
  readonly keys: Set<string> | undefined
  /** The key or index the scan is at. */
  at: string | number
  expectsKey: boolean
}

const reportedAtMost = 20

/**
 * JSON pointers of the keys that occur more than once in one object of a JSON text, however they are escaped; at most 20.
 * The text must be valid JSON: `JSON.parse` accepted it.
 */
export function duplicateJsonKeys(text: string): readonly string[] {
  const found = new Set<string>()
  const levels: Level[] = []
  for (let i = 0; i < text.length && found.size < reportedAtMost; i++) {
    const level = levels.at(-1)
    const char = text[i]
    if (char === '"') {
      const end = stringEnd(text, i)
      if (level?.keys && level.expectsKey) noteKey(text.slice(i, end + 1), level, level.keys, levels, found)
      i = end
    } else if (char === '{') levels.push({ keys: new Set(), at: '', expectsKey: true })
    else if (char === '[') levels.push({ keys: undefined, at: 0, expectsKey: false })
    else if (char === '}' || char === ']') levels.pop()
    else if (char === ',' && level) advance(level)
  }
  return [...found]
}

function noteKey(quoted: string, level: Level, keys: Set<string>, levels: readonly Level[], found: Set<string>): void {
  const key = String(JSON.parse(quoted))
  level.at = key
  level.expectsKey = false
  if (keys.has(key)) found.add(levels.map((one) => `/${escapePointer(String(one.at))}`).join(''))
  keys.add(key)
}

function advance(level: Level): void {
  if (level.keys) level.expectsKey = true
  else level.at = Number(level.at) + 1
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Index of the quote that ends the string starting at `start`. */
function stringEnd(text: string, start: number): number {
  let i = start + 1
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}

/** True when brackets outside strings nest deeper than `limit`; works on any text, valid JSON or not. */
export function nestsDeeperThan(limit: number, text: string): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '"') i = stringEnd(text, i)
    else if (char === '{' || char === '[') {
      depth++
      if (depth > limit) return true
    } else if (char === '}' || char === ']') depth--
  }
  return false
}
