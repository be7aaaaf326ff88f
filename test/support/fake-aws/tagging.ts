// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { ResourceGroupsTaggingAPI } from '@aws-sdk/client-resource-groups-tagging-api'
import type { ReadTags } from '../../../shared/runtime/tag-reading.ts'
import { readTags } from '../../../shared/sources/tags/read-tags.ts'
import type { FakeAws } from './fake-aws.ts'
import { Refusal } from './refusal.ts'

/** Tags of resources by their ARN, as objects; a resource that is not there never had any. */
export type FakeTags = Map<string, Readonly<Record<string, string>>>

/** Serves GetResources from these tags. */
export function serveTags(fake: FakeAws, tags: FakeTags): void {
  fake.state.services.set('tag', tagsService(tags))
}

/** With the kind of the resource: the service takes no other, and refuses all that are asked for with one that it does not take. */
const wellFormed = /^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:[a-z-]+[/:][!-~]+$/

/** Answers GetResources by a list of ARNs from these tags, with the limits of the service; or one resource, as a probe asks for. */
export function tagsService(tags: FakeTags): (operation: string, body: any) => unknown {
  return (operation, body) => {
    if (operation !== 'GetResources') throw new Refusal('UnknownOperationException')
    const isProbe = Object.keys(body).join() === 'ResourcesPerPage' && body.ResourcesPerPage === 1
    const arns: readonly string[] = body.ResourceARNList ?? (isProbe ? [...tags.keys()].slice(0, 1) : [])
    const alone = Object.keys(body).every((name) => name === 'ResourceARNList')
    const areTaken = arns.every((arn) => wellFormed.test(arn))
    if (!isProbe && (!alone || !areTaken || arns.length < 1 || arns.length > 100 || new Set(arns).size < arns.length))
      throw new Refusal('InvalidParameterException')
    return { PaginationToken: '', ResourceTagMappingList: arns.flatMap((arn) => mappingOf(arn, tags.get(arn)) ?? []) }
  }
}

function mappingOf(ResourceARN: string, tags: Readonly<Record<string, string>> | undefined) {
  if (tags === undefined) return undefined
  return { ResourceARN, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
}

/** A real client of the tagging API that gives up at the first failure. */
export function taggingClient(fake: FakeAws, region = 'eu-central-1'): ResourceGroupsTaggingAPI {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  return new ResourceGroupsTaggingAPI({ region, credentials, maxAttempts: 1, endpoint: fake.endpoint })
}

/** Reads tags with it. */
export function tagsFrom(fake: FakeAws): ReadTags {
  const client = taggingClient(fake)
  return (reader, arns) => readTags({ ...reader, client }, arns)
}

/** The lists of ARNs whose tags were asked for. */
export function askedForTags(fake: {
  readonly calls: readonly { readonly service: string; readonly body: any }[]
}): readonly (readonly string[])[] {
  return fake.calls.flatMap(({ service, body }) => (service === 'tag' ? [body.ResourceARNList] : []))
}
