import { Help, type HelpConfiguration, type Option } from 'commander'
import wrapAnsi from 'wrap-ansi'

/** What our help has beyond commander's: which options a command cannot do without. */
export const helpStyle: HelpConfiguration = {
  optionDescription(option: Option) {
    const text = new Help().optionDescription(option)
    return option.mandatory ? `${text} (required)` : text
  },
}

/** Text below the options of a command, an empty line above it; wrapped as commander wraps what is its own. */
export function helpFooter(text: string, place: Pick<NodeJS.Process, 'stdout'> = process): () => string {
  return () => {
    const { isTTY, columns } = place.stdout
    return `\n${text
      .split('\n')
      .map((line) => wrappedLine(line, (isTTY && columns) || 80))
      .join('\n')}`
  }
}

/** Goes on further right than it begins. */
function wrappedLine(line: string, width: number): string {
  const indent = ' '.repeat(line.length - line.trimStart().length + 2)
  const [first = '', ...rest] = wrapAnsi(line, Math.max(40, width) - indent.length, { trim: false }).split('\n')
  return [first.trimEnd(), ...rest.map((part) => `${indent}${part.trim()}`)].join('\n')
}
