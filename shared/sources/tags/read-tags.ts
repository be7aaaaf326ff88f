import type { GetResourcesCommandInput, GetResourcesCommandOutput } from '@aws-sdk/client-resource-groups-tagging-api'
import { MalformedAnswer, type ReadFailure } from '../failure.ts'
import { ask, needList, needText, type Reader } from '../reading.ts'

/** The tags of one resource by their keys; empty when it has none. */
export type Tags = ReadonlyMap<string, string>

/** What asking for the tags of some resources gave. */
export interface TagReading {
  /** By ARN; those that are missing here were not read. */
  readonly tags: ReadonlyMap<string, Tags>
  /** Why they were not; missing when all were read. */
  readonly failure?: ReadFailure
}

/** A reader with what asks the Resource Groups Tagging API, whose code is loaded by who makes one. */
export type TagReader = Reader & {
  readonly client: {
    getResources(
      input: GetResourcesCommandInput,
      options: { readonly abortSignal: AbortSignal },
    ): Promise<GetResourcesCommandOutput>
  }
}

/** Most ARNs that one call takes. */
const MOST = 100
/**
 * Calls that may be refused before nobody looks any further for the ARN because of which they are: four of a hundred are always found.
 * What is refused after that stays unread together.
 */
const MOST_REFUSALS = 30

/**
 * The tags of these resources of the reader's account and region. A resource that never had tags is not in the answer of the service:
 * it has none. One ARN that the service does not take makes it refuse all that are asked for with it: those are asked for in halves, so
 * that it leaves only itself unread. Any other call that fails leaves the rest unread.
 */
export async function readTags(reader: TagReader, arns: readonly string[]): Promise<TagReading> {
  const tags = new Map<string, Tags>()
  const left = inBatches([...new Set(arns)])
  let refused: ReadFailure | undefined
  let refusals = 0
  for (let batch = left.pop(); batch !== undefined; batch = left.pop()) {
    const answer = await readSome(reader, batch)
    if (answer.state === 'unknown') {
      const failure = { reason: answer.reason, transience: answer.transience }
      if (!isRefusal(failure)) return { tags, failure }
      refusals += 1
      if (batch.length > 1 && refusals < MOST_REFUSALS) left.push(...halves(batch))
      else refused ??= failure
    }
    if (answer.state === 'known') for (const [arn, found] of answer.value) tags.set(arn, found)
  }
  return { tags, ...(refused === undefined ? {} : { failure: refused }) }
}

/** The first batch last. */
function inBatches(arns: readonly string[]): (readonly string[])[] {
  const count = Math.ceil(arns.length / MOST)
  return Array.from({ length: count }, (_, n) => arns.slice(n * MOST, (n + 1) * MOST)).reverse()
}

/** The first half last. */
function halves(batch: readonly string[]): (readonly string[])[] {
  const middle = Math.ceil(batch.length / 2)
  return [batch.slice(middle), batch.slice(0, middle)]
}

function isRefusal({ reason }: ReadFailure): boolean {
  return reason.endsWith(' InvalidParameterException')
}

function readSome(reader: TagReader, arns: readonly string[]) {
  return ask(
    reader,
    'tag:GetResources',
    undefined,
    (abortSignal) => reader.client.getResources({ ResourceARNList: [...arns] }, { abortSignal }),
    (output) => byArn(arns, output),
  )
}

type Output = Pick<GetResourcesCommandOutput, 'PaginationToken' | 'ResourceTagMappingList'>

/** @throws MalformedAnswer for an answer about anything but what was asked, or about a part of it: silence would look like "no tags" */
function byArn(
  asked: readonly string[],
  { PaginationToken, ResourceTagMappingList }: Output,
): ReadonlyMap<string, Tags> {
  // A list of ARNs takes no token, so there is no way to ask for the rest.
  if (PaginationToken !== undefined && PaginationToken !== '') throw new MalformedAnswer('answer with more pages')
  const found = new Map<string, Tags>(asked.map((arn) => [arn, new Map()]))
  for (const { ResourceARN, Tags } of needList(ResourceTagMappingList, 'ResourceTagMappingList')) {
    const arn = needText(ResourceARN, 'ResourceARN')
    if (!found.has(arn)) throw new MalformedAnswer('tags of another resource')
    found.set(arn, new Map(needList(Tags, 'Tags').map(({ Key, Value = '' }) => [needText(Key, 'Key'), Value])))
  }
  return found
}
