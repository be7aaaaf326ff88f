/** Loads entries in their order, at most `most` at the same time: a reader that is slow holds back what is loaded. */
export async function* readAhead<T, R>(
  entries: Iterable<T>,
  most: number,
  load: (entry: T) => Promise<R>,
): AsyncGenerator<R> {
  const under: Promise<R>[] = []
  for (const entry of entries) {
    const loading = load(entry)
    // It is thrown where it is awaited; until then it is nobody's fault.
    loading.catch(() => undefined)
    under.push(loading)
    const first = under.length < most ? undefined : under.shift()
    if (first !== undefined) yield await first
  }
  for (const rest of under) yield await rest
}
