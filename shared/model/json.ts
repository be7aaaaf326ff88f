/** A value that JSON text can hold. Keys of objects that come from an account are data: never index a plain object by them. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
/** A JSON object as `JSON.parse` made it. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** True when the value is a JSON object, not an array and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads an own property; an inherited one (`constructor`, `__proto__`) is not there. */
export function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** The own property when it is a non-empty string. */
export function ownString(object: JsonObject, key: string): string | undefined {
  const value = own(object, key)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The own property when it is a boolean. */
export function ownBoolean(object: JsonObject, key: string): boolean | undefined {
  const value = own(object, key)
  return typeof value === 'boolean' ? value : undefined
}

/** The own property when it is an object. */
export function ownObject(object: JsonObject, key: string): JsonObject | undefined {
  const value = own(object, key)
  return isJsonObject(value) ? value : undefined
}

/** The own property when it is an array; AWS sometimes unwraps one-element lists, so a lone value becomes a list of one. */
export function ownList(object: JsonObject, key: string): readonly JsonValue[] {
  const value = own(object, key)
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value as JsonValue]
}
