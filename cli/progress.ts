/** A line on a terminal that says how far reading is; silent in the first second, and silent when there is no terminal. */
export function progressLine(stream: NodeJS.WriteStream | undefined): {
  readonly update: (state: { readonly file: string; readonly items: number }) => void
  readonly clear: () => void
} {
  const startedAt = performance.now()
  let shownAt = Number.NEGATIVE_INFINITY
  let shown = false
  return {
    update({ items }) {
      const now = performance.now()
      if (stream === undefined || now - startedAt < 1000 || now - shownAt < (stream.isTTY ? 200 : 5000)) return
      shownAt = now
      shown = true
      stream.write(stream.isTTY ? `\rread ${items} items…\u001b[K` : `read ${items} items…\n`)
    },
    clear() {
      if (shown && stream?.isTTY) stream.write('\r\u001b[K')
      shown = false
    },
  }
}
