import { mayCarryTags } from '../engine/exception-match.ts'
import { awaitingTags, type ExceptionGround, withExceptions } from '../engine/exceptions.ts'
import { untold } from '../engine/untold.ts'
import type { Finding } from '../model/finding.ts'
import type { ReadTags } from '../runtime/tag-reading.ts'
import type { ReadFailure } from '../sources/failure.ts'
import type { Reader } from '../sources/reading.ts'
import type { TagReading } from '../sources/tags/read-tags.ts'

/** Whose tags can be read, where and when; without `tags` none can. */
export interface TagView {
  readonly reader: Reader
  readonly tags?: ReadTags
}

const notRead: ReadFailure = { reason: 'this function reads no tags', transience: 'lasting' }

/**
 * The findings, failures that an exception by tag covers carrying it. Tags are read of those failures alone that one may cover, so of
 * none where settings name no tag. Where tags cannot be read nothing is excepted: for a lasting reason the failure stands and says so, for
 * a passing one it is undetermined until they can.
 */
export async function withTagExceptions(
  findings: readonly Finding[],
  { reader, tags: readTags }: TagView,
  { settings }: Pick<ExceptionGround, 'settings'>,
): Promise<readonly Finding[]> {
  const ground = { settings, now: new Date(reader.readAt) }
  const awaiting = new Set(awaitingTags(findings, ground).filter(isTagged))
  if (awaiting.size === 0) return findings
  const arns = [...awaiting].map(({ resource }) => resource.arn)
  const reading: TagReading = readTags ? await readTags(reader, arns) : { tags: new Map(), failure: notRead }
  const tagsOf = ({ arn }: { readonly arn: string }) => reading.tags.get(arn)
  return findings.map((finding) => {
    if (!awaiting.has(finding)) return finding
    const { failure } = reading
    if (failure !== undefined && !reading.tags.has(finding.resource.arn)) return untold(finding, failure)
    return withExceptions([finding], { ...ground, tagsOf })[0] ?? finding
  })
}

/** Roles are read with their tags: what those say has been said. A family of task definitions is none that could carry tags. */
function isTagged({ resource: { type, arn } }: Finding): boolean {
  if (type === 'AWS::ECS::TaskDefinition') return /:\d+$/.test(arn)
  return type !== 'AWS::IAM::Role' && mayCarryTags(type)
}
