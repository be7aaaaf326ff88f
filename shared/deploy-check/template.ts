import { InputError } from '../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue, own, ownList, ownObject, ownString } from '../model/json.ts'

/** A template of CloudFormation, taken apart. Everything in it is data of a file. */
export interface Template {
  readonly bytes: number
  readonly parameters: ReadonlyMap<string, JsonObject>
  readonly resources: readonly TemplateResource[]
}

/** One resource of a template. */
export interface TemplateResource {
  readonly logicalId: string
  readonly type: string
  readonly properties: JsonObject
}

/**
 * Reads a template in JSON.
 * @throws InputError naming the file
 */
export function readTemplate(text: string, file: string): Template {
  const value = parsed(text, file)
  const resources = isJsonObject(value) ? ownObject(value, 'Resources') : undefined
  if (!isJsonObject(value) || resources === undefined) {
    throw new InputError(`--template: ${file}: no template of CloudFormation: it has no Resources`)
  }
  return {
    bytes: new TextEncoder().encode(text).length,
    parameters: new Map(objectEntries(ownObject(value, 'Parameters') ?? {})),
    resources: objectEntries(resources).map(([logicalId, resource]) => ({
      logicalId,
      type: ownString(resource, 'Type') ?? '',
      properties: ownObject(resource, 'Properties') ?? {},
    })),
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError(`--template: ${file}: no JSON`)
  }
}

function objectEntries(object: JsonObject): readonly [string, JsonObject][] {
  return Object.entries(object).flatMap(([name, value]) => (isJsonObject(value) ? [[name, value]] : []))
}

/** What a reference to a parameter becomes: its characters at most. */
export type ReferenceLength = (name: string) => number

/** Characters of the text that a value with intrinsic functions becomes, at most; references to attributes count as 200. */
export function longestText(value: JsonValue | undefined, lengthOf: ReferenceLength): number {
  let total = 0
  const open: (JsonValue | undefined)[] = [value]
  while (open.length > 0) {
    const one = open.pop()
    if (typeof one === 'string') total += one.length
    else if (typeof one === 'number' || typeof one === 'boolean') total += String(one).length
    else if (Array.isArray(one)) open.push(...one)
    else if (isJsonObject(one)) total += lengthOfFunction(one, lengthOf, open)
  }
  return total
}

const attributeLength = 200

/** Adds what the function is made from to `open`; returns what is known at once. */
function lengthOfFunction(one: JsonObject, lengthOf: ReferenceLength, open: (JsonValue | undefined)[]): number {
  const reference = ownString(one, 'Ref')
  if (reference !== undefined) return lengthOf(reference)
  const choice = own(one, 'Fn::If')
  if (Array.isArray(choice)) {
    const [, yes, no] = choice as readonly JsonValue[]
    open.push(longer(yes, no))
    return 0
  }
  const join = own(one, 'Fn::Join')
  if (Array.isArray(join)) {
    const [separator, parts] = join as readonly JsonValue[]
    const count = Array.isArray(parts) ? parts.length : 1
    open.push(parts)
    return typeof separator === 'string' ? separator.length * Math.max(0, count - 1) : 0
  }
  const template = own(one, 'Fn::Sub')
  if (template !== undefined) {
    open.push(template)
    return placeholders(template) * attributeLength
  }
  return attributeLength
}

/** By their JSON: which of the two becomes longer cannot be seen more exactly without following both. */
function longer(a: JsonValue | undefined, b: JsonValue | undefined): JsonValue | undefined {
  return JSON.stringify(a ?? '').length >= JSON.stringify(b ?? '').length ? a : b
}

function placeholders(value: JsonValue): number {
  return JSON.stringify(value).split('${').length - 1
}

/** How long a parameter is: what it is given, else its default; the longest its definition lets it be when whoever deploys has to say. */
export function parameterLengths(template: Template, given: ReadonlyMap<string, string>): ReferenceLength {
  return (name) => {
    const value = given.get(name)
    if (value !== undefined) return value.length
    const definition = template.parameters.get(name)
    if (definition === undefined) return name.startsWith('AWS::') ? pseudoLength : attributeLength
    const fallback = own(definition, 'Default')
    if (fallback !== undefined) return String(fallback).length
    const most = own(definition, 'MaxLength')
    if (typeof most === 'number') return most
    const allowed = ownList(definition, 'AllowedValues')
    return allowed.length > 0 ? Math.max(...allowed.map((one) => String(one).length)) : unboundedLength
  }
}

/** Of AWS::Region and its kin. */
const pseudoLength = 64
/** Of a parameter that states no length: ARNs and names. */
const unboundedLength = 128
