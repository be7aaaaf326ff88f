/** A value as JSON that is plain ASCII: stack parameters and shells hand it on unchanged. */
export function asciiJson(value: unknown): string {
  return escaped(JSON.stringify(value), /[^\x20-\x7e]/g)
}

/**
 * A value as JSON whose every character can be seen: control characters and those that reorder or hide text are written as
 * `\uXXXX`, so a terminal obeys none of them, and a parser reads what was there. `indent` is that of `JSON.stringify`.
 */
export function visibleJson(value: unknown, indent?: number): string {
  return escaped(JSON.stringify(value, undefined, indent), /[\x7f-\x9f\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu)
}

/** Beyond the basic plane a character has two units. */
function escaped(json: string, pattern: RegExp): string {
  return json.replace(pattern, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
