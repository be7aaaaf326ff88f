/** The text of each element of a JSON array. The text must be valid JSON whose root is an array: `JSON.parse` accepted it. */
export function itemTexts(text: string): readonly string[] {
  const items: string[] = []
  let depth = 0
  let start = -1
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '"') i = stringEnd(text, i)
    else if (char === '[' || char === '{') {
      depth++
      if (depth === 1) start = i + 1
    } else if (char === ']' || char === '}') {
      depth--
      if (depth === 0) items.push(text.slice(start, i))
    } else if (char === ',' && depth === 1) {
      items.push(text.slice(start, i))
      start = i + 1
    }
  }
  return items
}

function stringEnd(text: string, start: number): number {
  let i = start + 1
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}
