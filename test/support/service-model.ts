// biome-ignore-all lint/suspicious/noExplicitAny: shapes are whatever the model file holds
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** The description of a service as botocore ships it. */
export interface ServiceModel {
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>
  readonly shapes: Readonly<Record<string, any>>
}

/** The Python environments of the tiers that need one: each brings botocore. */
const environments = ['moto', 'ministack'].map((name) =>
  fileURLToPath(new URL(`../../.venv/${name}/lib`, import.meta.url)),
)

/** Reads the newest model of a service from the Python environment of a tier. Fails when none is installed. */
export function readServiceModel(service: string): ServiceModel {
  const found = environments.flatMap((lib) => (existsSync(lib) ? readdirSync(lib).map((name) => join(lib, name)) : []))
  const data = found.map((python) => join(python, 'site-packages/botocore/data')).find((path) => existsSync(path))
  if (data === undefined) throw new Error(`${environments.join(', ')}: scripts/moto-tier.sh installs botocore there`)
  const folder = join(data, service)
  const version = readdirSync(folder).sort().at(-1) ?? ''
  const plain = join(folder, version, 'service-2.json')
  const text = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`))
  return JSON.parse(text.toString())
}

/** A shape in its place: `said` is what the documentation of the member says of its lengths. */
interface Place {
  readonly shape: string
  readonly value: any
  readonly path: string
  readonly said: string
}

/** What is wrong with the body of a request, by the model: nothing when it may be sent. */
export function problemsOf(model: ServiceModel, operation: string, body: unknown): readonly string[] {
  const input = model.operations[operation]?.input
  if (input === undefined) throw new Error(`the model has no operation ${operation}`)
  const problems: string[] = []
  const places: Place[] = [{ shape: input.shape, value: body, path: operation, said: '' }]
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { own, within } = checked(model.shapes[place.shape], place)
    problems.push(...own.map((problem) => `${place?.path}: ${problem}`))
    places.push(...within)
  }
  return problems
}

interface Checked {
  readonly own: readonly string[]
  readonly within: readonly Place[]
}

function checked(shape: any, place: Place): Checked {
  switch (shape.type) {
    case 'structure':
      return structure(shape, place)
    case 'list':
      return list(shape, place)
    case 'map':
      return map(shape, place)
    case 'string':
      return { own: text(shape, place), within: [] }
    case 'timestamp':
      return { own: time(place.value), within: [] }
    case 'boolean':
      return { own: typeof place.value === 'boolean' ? [] : ['expected a boolean'], within: [] }
    case 'integer':
    case 'long':
    case 'double':
    case 'float':
      return {
        own: typeof place.value === 'number' ? bounds(shape, place.value, 'value') : ['expected a number'],
        within: [],
      }
    default:
      return { own: [`the check knows no ${shape.type}`], within: [] }
  }
}

function structure(shape: any, { value, path }: Place): Checked {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return only('expected a structure')
  const members = new Map<string, any>(Object.entries(shape.members))
  const missing = (shape.required ?? []).filter((name: string) => value[name] === undefined)
  const unknown = Object.keys(value).filter((name) => !members.has(name))
  const within = Object.entries(value).flatMap(([name, one]) => {
    const member = members.get(name)
    if (member === undefined) return []
    return [{ shape: member.shape, value: one, path: `${path}.${name}`, said: member.documentation ?? '' }]
  })
  const own = [...missing.map((name: string) => `lacks ${name}`), ...unknown.map((name) => `has no member ${name}`)]
  return { own, within }
}

function list(shape: any, { value, path, said }: Place): Checked {
  if (!Array.isArray(value)) return only('expected a list')
  const limits = { ...arrayLimits(said), ...lengthsOf(shape) }
  const within = value.map((one, n) => ({ shape: shape.member.shape, value: one, path: `${path}[${n}]`, said: '' }))
  return { own: bounds(limits, value.length, 'length'), within }
}

function map(shape: any, { value, path, said }: Place): Checked {
  if (typeof value !== 'object' || value === null) return only('expected a map')
  const [, pairs, keys, values] =
    /up to (\d+) key-value pairs\.[^.]*key can contain up to (\d+) characters, and the value can contain up to (\d+)/.exec(
      said,
    ) ?? []
  const entries = Object.entries<any>(value)
  const own = [
    ...bounds({ ...(pairs ? { max: Number(pairs) } : {}), ...lengthsOf(shape) }, entries.length, 'length'),
    ...entries.filter(([key]) => keys && key.length > Number(keys)).map(([key]) => `the key ${key} is too long`),
    ...entries
      .filter(([, one]) => values && one.length > Number(values))
      .map(([key]) => `the value of ${key} is too long`),
  ]
  const within = entries.flatMap(([key, one]) => [
    { shape: shape.key.shape, value: key, path: `${path}{${key}}`, said: '' },
    { shape: shape.value.shape, value: one, path: `${path}.${key}`, said: '' },
  ])
  return { own, within }
}

function text(shape: any, { value, said }: Place): readonly string[] {
  if (typeof value !== 'string') return ['expected text']
  const limits = { ...documentedLengths(said), ...lengthsOf(shape) }
  return [
    ...bounds(limits, value.length, 'length'),
    ...(shape.enum && !shape.enum.includes(value) ? [`expected one of ${shape.enum.join(', ')}`] : []),
    ...(shape.pattern && !new RegExp(shape.pattern).test(value) ? [`expected ${shape.pattern}`] : []),
  ]
}

/** Seconds or ISO 8601, whichever the protocol wants: what the client wrote. */
function time(value: unknown): readonly string[] {
  const good = typeof value === 'number' || (typeof value === 'string' && !Number.isNaN(Date.parse(value)))
  return good ? [] : ['expected a time']
}

interface Limits {
  readonly min?: number
  readonly max?: number
}

function lengthsOf({ min, max }: any): Limits {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}

/** Security Hub states the lengths of a finding in its documentation only. */
function documentedLengths(said: string): Limits {
  const exact = /Length Constraints: (\d+)\./.exec(said)?.[1]
  if (exact !== undefined) return { min: Number(exact), max: Number(exact) }
  const min = /Length Constraints:.*?Minimum(?: length)? of (\d+)/.exec(said)?.[1]
  const max = /Length Constraints:.*?Maximum(?: length)? of (\d+)/.exec(said)?.[1]
  return { ...(min ? { min: Number(min) } : {}), ...(max ? { max: Number(max) } : {}) }
}

function arrayLimits(said: string): Limits {
  const min = /Array Members:.*?Minimum number of (\d+)/.exec(said)?.[1]
  const max = /Array Members:.*?Maximum number of (\d+)/.exec(said)?.[1]
  return { ...(min ? { min: Number(min) } : {}), ...(max ? { max: Number(max) } : {}) }
}

function bounds({ min, max }: Limits, actual: number, what: string): readonly string[] {
  if (min !== undefined && actual < min) return [`${what} ${actual} is less than ${min}`]
  return max !== undefined && actual > max ? [`${what} ${actual} is more than ${max}`] : []
}

function only(problem: string): Checked {
  return { own: [problem], within: [] }
}
