import type { ChangedResource } from '../events/audit-request.ts'
import { InputError } from '../model/errors.ts'
import type { ResourceRef } from '../model/resource.ts'
import type { Rule } from '../rules/define-rule.ts'
import type { ReadTags } from '../runtime/tag-reading.ts'
import { ecrArn } from '../sources/ecr/reader.ts'
import { covered, joinReadings, type Reading } from '../sources/reading.ts'
import type { ForeignRepositories } from './foreign-repositories.ts'
import type { LiveServices } from './live-services.ts'
import type { Focus, JudgedOne, LiveReader, LiveResource, LiveSource } from './live-source.ts'
import type { LiveVpcs } from './live-vpcs.ts'
import { membershipTypes } from './membership.ts'

const accountType = 'AWS::::Account'

/** What the function can see: its own place and the services it may read. */
export interface View {
  readonly reader: LiveReader
  readonly sources: readonly LiveSource[]
  /** Missing in functions that judge no VPC. */
  readonly vpcs?: LiveVpcs
  /** Missing in functions that judge no services. */
  readonly services?: LiveServices
  /** Missing where repositories of other accounts are not looked up: those are unknown then. */
  readonly foreign?: ForeignRepositories
  /** Missing where nothing reads tags: an exception by tag covers nothing then, and the findings say so. */
  readonly tags?: ReadTags
}

/** The reference under which a resource of an event is known. @throws InputError when it is not judged one by one, or not ours */
export function judgedRef(view: View, resource: ChangedResource): ResourceRef {
  return judgedOne(view, resource.type).refOf(view.reader, resource)
}

/** Looks at one resource by the name an event gave, whatever else the event says about it. */
export function lookAt(view: View, ref: ResourceRef): Promise<LiveResource> {
  return judgedOne(view, ref.type).lookAt(view.reader, ref)
}

function judgedOne({ sources }: View, type: string): JudgedOne {
  const found = sources.flatMap(({ judged }) => judged.get(type) ?? [])[0]
  if (found === undefined) throw new InputError(`configurationItem.resourceType: ${type} is not judged`)
  return found
}

/** The account as a resource: what a sweep says of the listing as a whole. */
export function accountRef({ reader }: View): ResourceRef {
  const { accountId, region } = reader
  return { type: accountType, id: accountId, arn: ecrArn(reader, `registry/${accountId}`), accountId, region }
}

/** Reads what a rule looks at besides the judged resource: as much as a decision about `item` asks for, all without one. */
export function readContext(view: View, rule: Rule, item: Focus['item'] | undefined): Promise<Reading> {
  const types = typesBeside(view, rule).filter((type) => type !== rule.judges)
  // A role is judged by itself, and rules on roles may read roles: those are the judged one's, read with it.
  return readTypes(view, types, item === undefined ? undefined : { rule, item })
}

/** Reads every resource a rule judges, and what it looks at besides. */
export function readEverything(view: View, rule: Rule): Promise<Reading> {
  return readTypes(
    view,
    [...new Set([rule.judges, ...typesBeside(view, rule)])].filter((type) => type !== accountType),
    undefined,
  )
}

/** Reads of a rule's types what has nothing to do with VPCs: what the hub publishes, and repositories that a reading names. */
export async function readBeside(view: View, rule: Rule, reading: Reading): Promise<Reading> {
  const { reader, sources, foreign } = view
  const beside = sources.filter(({ judged }) => !judged.has('AWS::EC2::VPC'))
  const types = typesBeside(view, rule)
  const own = (source: LiveSource) => types.filter((type) => source.types.includes(type))
  const readings = await Promise.all(beside.map((source) => source.list(reader, own(source))))
  const named = foreign === undefined ? [] : [await foreign.alongside(reader, rule.reads, reading)]
  return joinReadings([...readings, ...named, notRead(view, rule.reads)])
}

/** Who is a member of the organization, where the rule asks that and something can tell. */
export async function readWhoIsOurs(view: View, rule: Rule): Promise<Reading> {
  const types = typesBeside(view, rule).filter((type) => membershipTypes.includes(type))
  const telling = view.sources.filter((source) => types.some((type) => source.types.includes(type)))
  return joinReadings(await Promise.all(telling.map((source) => source.list(view.reader, types))))
}

/**
 * What the rule looks at besides the judged resource. Who is ours is asked only where something can tell: without a hub settings say it,
 * and nothing is missing.
 */
export function typesBeside({ sources }: View, { reads, asksWhoIsOurs }: Rule): readonly string[] {
  if (asksWhoIsOurs !== true) return reads
  return [...reads, ...membershipTypes.filter((type) => sources.some(({ types }) => types.includes(type)))]
}

async function readTypes(view: View, types: readonly string[], focus: Focus | undefined): Promise<Reading> {
  const { reader, sources, foreign } = view
  const readings = sources.map((source) => {
    const own = types.filter((type) => source.types.includes(type))
    return focus && source.around ? source.around(reader, own, focus) : source.list(reader, own)
  })
  const reading = joinReadings([...(await Promise.all(readings)), notRead(view, types)])
  const named = foreign && (await foreign.alongside(reader, types, reading, focus?.item))
  return named === undefined ? reading : joinReadings([reading, named])
}

/** Those of the types that this function has no source for are unknown, and say so. */
export function notRead({ reader, sources }: View, types: readonly string[]): Reading {
  const readable = new Set(sources.flatMap((source) => source.types))
  const failure = (type: string) => ({ reason: `${type} is not read by this function`, transience: 'lasting' as const })
  const unreadable = types.filter((type) => !readable.has(type))
  return { items: [], coverage: unreadable.map((type) => covered(reader, type, failure(type))), gaps: [] }
}
