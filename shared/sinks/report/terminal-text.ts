/**
 * Text from an account made safe for a terminal and for one line of it: control characters, escape sequences,
 * zero-width and bidirectional marks become a visible `\u{…}`; line breaks and tabs become a space.
 */
export function terminalText(text: string): string {
  return text.replace(/[\t\r\n]+/gu, ' ').replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u{${code.toString(16)}}`
  })
}
