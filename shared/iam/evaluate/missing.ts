import type { Missing } from './types.ts'

/** Sorted, without repetition. */
export function sortedMissing(missing: readonly Missing[]): readonly Missing[] {
  const byText = new Map(missing.map((item) => [textOf(item), item]))
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, item]) => item)
}

function textOf(item: Missing): string {
  switch (item.kind) {
    case 'contextKey':
      return `contextKey\0${item.key.toLowerCase()}\0${item.policy}\0${String(item.position).padStart(4, '0')}`
    case 'operator':
      return `operator\0${item.operator}\0${item.policy}\0${String(item.position).padStart(4, '0')}`
    case 'document':
      return `document\0${item.policy}\0${item.reason}`
    case 'fact':
      return `fact\0${item.fact}`
    default:
      return item satisfies never
  }
}
