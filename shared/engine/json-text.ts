import { InputError } from '../model/errors.ts'

/** A JSON text as plain values, and what messages call its parts: there are no lines to point at. */
export interface JsonText {
  readonly value: unknown
  readonly at: () => string
}

/**
 * Reads JSON. Text without a word is an empty file: undefined.
 * @throws InputError `source: not valid JSON: …`, with what turns YAML into it
 */
export function readJson(text: string, source: string): JsonText {
  const at = () => source
  if (text.trim() === '') return { value: undefined, at }
  try {
    return { value: JSON.parse(text), at }
  } catch {
    // The parser's own message repeats the text.
    throw new InputError(`${source}: not valid JSON: "pullpath settings FILE" prints a YAML file as JSON`)
  }
}
