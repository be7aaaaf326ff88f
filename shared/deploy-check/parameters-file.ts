import { duplicateJsonKeys } from '../inventory/json-text.ts'
import { isJsonObject, type JsonValue, own, ownObject, ownString } from '../model/json.ts'

/** The parameters that a stack is given. */
export interface GivenParameters {
  readonly values: ReadonlyMap<string, string>
  /** Names that stand more than once, each once: which of the values counts nobody can tell. */
  readonly repeated: readonly string[]
}

/**
 * The parameters of a file: `{"Name":"value"}`, `{"Parameters":{…}}`, or a list that the AWS CLI takes, of `ParameterKey` and
 * `ParameterValue` or of `Name=value`. Undefined when it is none of these.
 * @throws SyntaxError for text that is no JSON
 */
export function parametersOfText(text: string): GivenParameters | undefined {
  const value = JSON.parse(text) as JsonValue
  const pairs = Array.isArray(value) ? pairsOfList(value) : pairsOfObject(value)
  if (pairs === undefined) return undefined
  const names = pairs.map(([name]) => name)
  const twice = names.filter((name, index) => names.indexOf(name) < index)
  return { values: new Map(pairs), repeated: [...new Set([...twice, ...duplicateJsonKeys(text).map(lastOfPointer)])] }
}

type Pairs = readonly (readonly [name: string, value: string])[]

function pairsOfList(list: readonly JsonValue[]): Pairs | undefined {
  const pairs = list.map((one) => (typeof one === 'string' ? pairOfOverride(one) : pairOfEntry(one)))
  return pairs.every((pair) => pair !== undefined) ? pairs : undefined
}

function pairOfOverride(text: string): Pairs[number] | undefined {
  const end = text.indexOf('=')
  return end < 1 ? undefined : [text.slice(0, end), text.slice(end + 1)]
}

function pairOfEntry(entry: JsonValue): Pairs[number] | undefined {
  const name = isJsonObject(entry) ? ownString(entry, 'ParameterKey') : undefined
  const held = isJsonObject(entry) ? own(entry, 'ParameterValue') : undefined
  return name === undefined || typeof held !== 'string' ? undefined : [name, held]
}

function pairsOfObject(value: JsonValue): Pairs | undefined {
  if (!isJsonObject(value)) return undefined
  const named = Object.entries(ownObject(value, 'Parameters') ?? value)
  return named.every((pair): pair is [string, string] => typeof pair[1] === 'string') ? named : undefined
}

function lastOfPointer(pointer: string): string {
  return pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
}
