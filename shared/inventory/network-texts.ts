import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import { listProperty, stringProperty } from './property.ts'

/**
 * The texts of a list whose members are texts, or objects that hold one under `inner`: both spellings are in use for CIDRs
 * and groups. Undefined when the list is missing or any member cannot be read.
 */
export function textsProperty(object: JsonObject, name: string, inner: string): readonly string[] | undefined {
  const list = listProperty(object, name)
  if (list === undefined) return undefined
  const texts = list.map((entry) => textOf(entry, inner))
  return texts.every((text) => text !== undefined) ? texts : undefined
}

/** As `textsProperty`, and none when the list is missing. */
export function optionalTexts(object: JsonObject, name: string, inner: string): readonly string[] | undefined {
  return listProperty(object, name) === undefined ? [] : textsProperty(object, name, inner)
}

function textOf(entry: JsonValue, inner: string): string | undefined {
  if (isJsonObject(entry)) return stringProperty(entry, inner)
  return typeof entry === 'string' && entry !== '' ? entry : undefined
}
