import type { ConfigurationItem } from '../inventory/configuration-item.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { type UnreadTags, unreadTags } from '../inventory/unread-tags.ts'
import { type Arn, parseArn } from '../model/arn.ts'
import type { Exception, ExceptionTag } from '../model/exception.ts'
import type { Finding } from '../model/finding.ts'
import type { ResourceRef } from '../model/resource.ts'
import { matchesGlob } from '../rules/glob.ts'

/** The tags of a resource; undefined where nobody read it. */
export type TagsOf = (ref: ResourceRef) => ReadonlyMap<string, string> | undefined

/** Why the tags of a resource are not known; undefined where they are. */
export type UnreadOf = (ref: ResourceRef) => UnreadTags | undefined

/** A finding with its ARN taken apart once for all exceptions; `arn` is undefined when it is none of its account. */
export interface Subject {
  readonly finding: Finding
  readonly arn: Arn | undefined
}

/** Takes the ARN of a finding apart. */
export function subjectOf(finding: Finding): Subject {
  const { resource } = finding
  const arn = parseArn(resource.arn)
  const isOurs = arn !== undefined && (arn.accountId === '' || arn.accountId === resource.accountId)
  return { finding, arn: isOurs ? arn : undefined }
}

/** A question to a finding: whether an exception names its rule and resource, whatever the verdict and the time. */
export type Namer = (subject: Subject) => boolean

/** The question an exception puts to findings; its pattern is taken apart once. */
export function namerOf(exception: Exception, tagsOf: TagsOf): Namer {
  const { account, resource, tag } = exception
  const wanted = resource === undefined ? undefined : parseArn(resource)
  return ({ finding, arn }) =>
    namesRule(exception, finding.rule) &&
    (account === undefined || account === finding.resource.accountId) &&
    (resource === undefined || fitsArn(wanted, arn)) &&
    (tag === undefined || carries(tagsOf(finding.resource), tag))
}

/** The question an exception by tag puts to findings of resources whose tags are not known: whether everything else of it fits. */
export function namerBesidesTag({ tag: _, ...besides }: Exception): Namer {
  return namerOf(besides, () => undefined)
}

/** Whether an exception speaks of a rule: by its id, or by the start of it. */
export function namesRule({ rule }: Pick<Exception, 'rule'>, ruleId: string): boolean {
  return rule.endsWith('*') ? ruleId.startsWith(rule.slice(0, -1)) : rule === ruleId
}

/** Part by part: what an account calls its resource must not pose as another part of the ARN. */
function fitsArn(wanted: Arn | undefined, given: Arn | undefined): boolean {
  if (wanted === undefined || given === undefined) return false
  return arnParts.every((part) => fits(wanted[part], given[part]))
}

/** Most texts are told apart by what stands before the first star. */
function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern === text
  return text.startsWith(pattern.slice(0, star)) && matchesGlob(pattern, text)
}

/** What tells ARNs apart soonest comes first. */
const arnParts = ['resource', 'accountId', 'region', 'service', 'partition'] as const satisfies readonly (keyof Arn)[]

function carries(tags: ReadonlyMap<string, string> | undefined, { key, value }: ExceptionTag): boolean {
  const given = tags?.get(key)
  return given !== undefined && fits(value, given)
}

/** Judged types that AWS lets nobody tag: settings of a registry, which is what stands for an account too. */
const untaggable: ReadonlySet<string> = new Set([
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::PullThroughCacheRule',
  'AWS::::Account',
])

/** Whether resources of a judged type can carry tags at all. */
export function mayCarryTags(type: string): boolean {
  return !untaggable.has(type)
}

/** Looks tags up in the items of an inventory; a type is indexed when it is first asked for. */
export function tagsIn(inventory: Pick<Inventory, 'items' | 'roles'> | undefined): TagsOf {
  const types = new Map<string, ReadonlyMap<string, ReadonlyMap<string, string>>>()
  return (ref) => {
    const index = types.get(ref.type) ?? indexOf(inventory, ref.type)
    types.set(ref.type, index)
    return index.get(keyOf(ref))
  }
}

/** Looks up in the items of an inventory whose tags could not be read, and why. */
export function unreadTagsIn(inventory: Pick<Inventory, 'items'> | undefined): UnreadOf {
  const types = new Map<string, ReadonlyMap<string, UnreadTags>>()
  return (ref) => {
    const index = types.get(ref.type) ?? unreadIndexOf(inventory, ref.type)
    types.set(ref.type, index)
    return index.get(keyOf(ref))
  }
}

function unreadIndexOf(inventory: Pick<Inventory, 'items'> | undefined, type: string): ReadonlyMap<string, UnreadTags> {
  const items: readonly ConfigurationItem[] = inventory?.items(type) ?? []
  return new Map(
    items.flatMap((item) => {
      const unread = unreadTags(item.supplementaryConfiguration)
      return unread === undefined ? [] : [[keyOf(item), unread] as const]
    }),
  )
}

function indexOf(
  inventory: Pick<Inventory, 'items' | 'roles'> | undefined,
  type: string,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  // IAM states the tags of a role inside of it, too.
  if (type === 'AWS::IAM::Role') return new Map(inventory?.roles.map(({ ref, tags }) => [keyOf(ref), tags]))
  return new Map(inventory?.items(type).map((item: ConfigurationItem) => [keyOf(item), item.tags]))
}

function keyOf({ accountId, region, arn }: Pick<ResourceRef, 'accountId' | 'region' | 'arn'>): string {
  return JSON.stringify([accountId, region, arn])
}
