/** The text with every item of its lists as `edit` makes it; what lies within items is left to `edit`, and '' takes one out. */
export function editItems(text: string, edit: (item: string) => string): string {
  const parts: string[] = []
  let depth = 0
  let copied = 0
  let start = 0
  for (const { 0: tag, index } of text.matchAll(/<\/?item>/g)) {
    if (tag === '<item>') {
      if (depth === 0) start = index
      depth++
      continue
    }
    depth--
    if (depth > 0) continue
    const end = index + tag.length
    parts.push(text.slice(copied, start), edit(text.slice(start, end)))
    copied = end
  }
  return parts.join('') + text.slice(copied)
}

/** What the first element of this name holds; undefined when the item has none. */
export function elementOf(item: string, name: string): string | undefined {
  const [from, to] = [item.indexOf(`<${name}>`), item.indexOf(`</${name}>`)]
  return from === -1 || to === -1 ? undefined : item.slice(from + name.length + 2, to)
}

/** The item with this in its first element of the name, or with such an element when it has none. */
export function withElement(item: string, name: string, value: string): string {
  const held = elementOf(item, name)
  return held === undefined
    ? item.replace('<item>', `<item><${name}>${value}</${name}>`)
    : item.replace(`<${name}>${held}</${name}>`, `<${name}>${value}</${name}>`)
}
