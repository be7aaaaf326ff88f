import { isJsonObject, type JsonObject, type JsonValue, own } from '../model/json.ts'

/**
 * Reads a property by its CloudFormation name, or by the same name with a small first letter: AWS Config writes newer
 * types in PascalCase, older types and API answers in camelCase. PascalCase wins when both are there.
 */
export function property(object: JsonObject, name: string): JsonValue | undefined {
  const value = own(object, name)
  return value === undefined ? own(object, name.charAt(0).toLowerCase() + name.slice(1)) : value
}

/** The property when it is a non-empty string. */
export function stringProperty(object: JsonObject, name: string): string | undefined {
  const value = property(object, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The property when it is a boolean. */
export function booleanProperty(object: JsonObject, name: string): boolean | undefined {
  const value = property(object, name)
  return typeof value === 'boolean' ? value : undefined
}

/** The property when it is an object. */
export function objectProperty(object: JsonObject, name: string): JsonObject | undefined {
  const value = property(object, name)
  return isJsonObject(value) ? value : undefined
}

/** The property as a list; a lone value becomes a list of one (query results unwrap such lists), a missing one is undefined. */
export function listProperty(object: JsonObject, name: string): readonly JsonValue[] | undefined {
  const value = property(object, name)
  if (value === undefined || value === null) return undefined
  return Array.isArray(value) ? value : [value as JsonValue]
}

/** The property as a list of strings; undefined when it is missing or any member is not a string. */
export function stringListProperty(object: JsonObject, name: string): readonly string[] | undefined {
  const list = listProperty(object, name)
  return list?.every((entry) => typeof entry === 'string') ? list : undefined
}

/** The property when it is a finite number. */
export function numberProperty(object: JsonObject, name: string): number | undefined {
  const value = property(object, name)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** The word of an enumeration, which query results wrap as `{value: "x"}`. */
export function enumProperty(object: JsonObject, name: string): string | undefined {
  const value = property(object, name)
  return isJsonObject(value) ? stringProperty(value, 'value') : stringProperty(object, name)
}

/** Converts every member of a list property; undefined when the property is missing or any member is not as expected. */
export function convertedList<T>(
  object: JsonObject,
  name: string,
  convert: (entry: JsonObject) => T | undefined,
): readonly T[] | undefined {
  const list = listProperty(object, name)
  const converted = list?.map((entry) => (isJsonObject(entry) ? convert(entry) : undefined))
  return converted?.every((entry) => entry !== undefined) ? converted : undefined
}
