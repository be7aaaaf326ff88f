import type { Reader } from '../sources/reading.ts'
import { readTags, type TagReading } from '../sources/tags/read-tags.ts'
import { clientConfiguration, clientsPerRegion } from './client-configuration.ts'

/** Reads the tags of resources, by ARN. */
export type ReadTags = (reader: Reader, arns: readonly string[]) => Promise<TagReading>

/**
 * Reads tags in a region, with one client each for the life of the process. It is loaded when it is first needed: few settings name a
 * tag, and loading a client costs a cold start time.
 */
export function tagReading(): (region: string) => ReadTags {
  const clients = clientsPerRegion(clientOf)
  return (region) => async (reader, arns) => readTags({ ...reader, client: await clients(region) }, arns)
}

async function clientOf(region: string) {
  const { ResourceGroupsTaggingAPI } = await import('@aws-sdk/client-resource-groups-tagging-api')
  return new ResourceGroupsTaggingAPI(clientConfiguration(region))
}
