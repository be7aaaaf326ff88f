import { isJsonObject, type JsonObject, type JsonValue, own, ownString } from '../../model/json.ts'

/** Types of which query rows wrap the words of enumerations as `{value: "x"}`: those in EC2's and Auto Scaling's own spelling. */
export function wrapsWords(type: string): boolean {
  return type.startsWith('AWS::EC2::') || type.startsWith('AWS::AutoScaling::')
}

/** What is no enumeration, whatever it looks like. */
const notWords = new Set(['policyDocument', 'tags', 'Tags', 'TagSpecifications'])

/** The value with every `{value: "x"}` replaced by `x`. */
export function withPlainWords(value: JsonObject): JsonObject {
  const copy = structuredClone(value) as MutableObject
  const waiting: (MutableObject | JsonValue[])[] = [copy]
  for (let container = waiting.pop(); container; container = waiting.pop()) {
    for (const [key, child] of Object.entries(container)) {
      if (typeof child !== 'object' || child === null || notWords.has(key)) continue
      const word = wrappedWord(child)
      if (word === undefined) waiting.push(child as MutableObject | JsonValue[])
      else (container as MutableObject)[key] = word
    }
  }
  return copy
}

type MutableObject = { [key: string]: JsonValue }

function wrappedWord(value: JsonValue): string | undefined {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return undefined
  const word = own(value, 'value')
  return typeof word === 'string' ? word : undefined
}

/**
 * The tags as a map. Query rows list them as `{tag, key, value}`, maybe a lone one without the list; batches leave them out,
 * then those the service itself states in the configuration count.
 */
export function tagsOf(stated: JsonValue | undefined, configuration: JsonObject): JsonObject {
  const listed = pairsOf(stated)
  return Object.fromEntries(listed.length > 0 ? listed : tagsInside(configuration))
}

function tagsInside(configuration: JsonObject): readonly (readonly [string, JsonValue])[] {
  const inside = own(configuration, 'tags') ?? own(configuration, 'Tags')
  return isJsonObject(inside) ? Object.entries(inside) : pairsOf(inside)
}

function pairsOf(list: JsonValue | undefined): readonly (readonly [string, JsonValue])[] {
  const entries = isJsonObject(list) ? [list] : Array.isArray(list) ? list.filter(isJsonObject) : []
  return entries.flatMap((entry) => {
    const key = ownString(entry, 'key') ?? ownString(entry, 'Key')
    const value = own(entry, 'value') ?? own(entry, 'Value')
    return key === undefined || typeof value !== 'string' ? [] : [[key, value] as const]
  })
}
