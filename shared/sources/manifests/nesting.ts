/**
 * An upper bound of how deep collections of a YAML text lie in each other, in linear time and without parsing: brackets that
 * are open at once, and the most levels of indentation. A parser that recurses must not see more than it can take.
 */
export function nestingOf(text: string): number {
  return Math.max(mostBrackets(text), mostIndents(text))
}

/** Brackets inside texts count too: manifests stay far below any limit all the same. */
function mostBrackets(text: string): number {
  let open = 0
  let most = 0
  for (const character of text) {
    if (character === '[' || character === '{') most = Math.max(most, ++open)
    else if ((character === ']' || character === '}') && open > 0) open--
  }
  return most
}

/** Each level needs a column of its own, and `- - - ` opens several on one line. */
function mostIndents(text: string): number {
  const open: number[] = []
  let most = 0
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length
    if (indent === line.length) continue
    while (open.length > 0 && (open.at(-1) ?? 0) >= indent) open.pop()
    open.push(indent)
    most = Math.max(most, open.length + dashes(line, indent))
  }
  return most
}

/** Collections opened by `- `, `? ` or `: ` one after the other at the start of a line. */
function dashes(line: string, from: number): number {
  let count = 0
  for (let at = from; at < line.length; at++) {
    const isMark = '-?:'.includes(line.charAt(at)) && ' \t'.includes(line.charAt(at + 1))
    if (isMark) count++
    else if (line.charAt(at) !== ' ' && line.charAt(at) !== '\t') break
  }
  return count
}
