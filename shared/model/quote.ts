const longest = 200

/** Text of an account made fit for a sentence: one line, at most 200 characters, cut on a code point. */
export function clip(text: string): string {
  const line = text.slice(0, longest * 2).replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
  const characters = Array.from(line)
  const cut = characters.length > longest || text.length > longest * 2
  return cut ? `${characters.slice(0, longest - 1).join('')}…` : line
}

/** `a`, `a and b`, `a, b and 3 more`: at most `most` items of a list, each clipped. */
export function listed(items: readonly string[], most = 5): string {
  const shown = items.slice(0, most).map(clip)
  if (items.length > most) return `${shown.join(', ')} and ${items.length - most} more`
  const last = shown.at(-1)
  return shown.length < 2 || last === undefined ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${last}`
}
