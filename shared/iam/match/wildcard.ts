/** Longest value a policy may hold: a policy with a longer one is refused as a whole, so no Deny is lost. */
export const maximumPatternLength = 2048

/** `*` in a compiled glob. */
export const anyText = -1
/** `?` in a compiled glob. */
export const anyCharacter = -2

/** A compiled pattern: UTF-16 code units, `anyText` and `anyCharacter`. Numbers, so no character of the input can pose as a wildcard. */
export type Glob = readonly number[]

/** Compiles text in which `*` and `?` are wildcards. */
export function compileGlob(pattern: string): Glob {
  const glob: number[] = []
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index]
    if (character === '*') pushAnyText(glob)
    else glob.push(character === '?' ? anyCharacter : pattern.charCodeAt(index))
  }
  return glob
}

/** Neighbouring stars mean one star; keeping one keeps matching cheap. */
function pushAnyText(glob: number[]): void {
  if (glob.at(-1) !== anyText) glob.push(anyText)
}

/**
 * Two-pointer match: on a mismatch only the latest `*` takes one more character, so the work is at most
 * pattern length times text length and never exponential.
 */
export function matchesGlob(glob: Glob, text: string): boolean {
  let at = 0
  let position = 0
  let star = -1
  let resume = 0
  while (position < text.length) {
    const wanted = glob[at]
    if (wanted === anyText) {
      star = at
      resume = position
      at += 1
    } else if (wanted === anyCharacter || wanted === text.charCodeAt(position)) {
      at += 1
      position += 1
    } else if (star >= 0) {
      at = star + 1
      resume += 1
      position = resume
    } else return false
  }
  while (glob[at] === anyText) at += 1
  return at === glob.length
}

/** True when the text matches the pattern (`*` any text, `?` one character), case-sensitively. */
export function matchesWildcard(pattern: string, text: string): boolean {
  return matchesGlob(compileGlob(pattern), text)
}

/** As `matchesWildcard`, without regard to case: actions and key names are compared so. */
export function matchesWildcardIgnoringCase(pattern: string, text: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), text.toLowerCase())
}

/** True when the pattern holds `*` or `?`. */
export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?')
}
