import { type Fact, known, unknown } from '../model/fact.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { RepositoryImage } from './ecr.ts'
import { listProperty, objectProperty, stringListProperty, stringProperty } from './property.ts'

/**
 * The images in the supplementary configuration of an `AWS::ECR::Repository` item. An image nobody can tell apart makes
 * the whole list unknown: what it hides could be the one that is asked about.
 */
export function repositoryImages({
  arn,
  supplementaryConfiguration,
}: ConfigurationItem): Fact<readonly RepositoryImage[]> {
  const listed = listProperty(supplementaryConfiguration, 'Images')
  if (listed === undefined) return unknown(`the images of ${arn} are not listed`)
  const images = listed.map(imageOf)
  return images.every((image) => image !== undefined)
    ? known(images)
    : unknown(`the images of ${arn} are incomplete or not of a known shape`)
}

function imageOf(entry: JsonValue): RepositoryImage | undefined {
  const digest = isJsonObject(entry) ? stringProperty(entry, 'ImageDigest') : undefined
  if (!isJsonObject(entry) || digest === undefined) return undefined
  const tags = stringListProperty(entry, 'ImageTags')
  if (tags === undefined && (listProperty(entry, 'ImageTags') ?? []).length > 0) return undefined
  return {
    digest,
    tags: tags ?? [],
    pushedAt: stringProperty(entry, 'ImagePushedAt'),
    status: stringProperty(entry, 'ImageStatus'),
    platforms: stringListProperty(entry, 'Platforms'),
    findingSeverityCounts: severityCounts(entry),
  }
}

function severityCounts(entry: JsonObject): ReadonlyMap<string, number> | undefined {
  const counts = objectProperty(entry, 'FindingSeverityCounts')
  if (counts === undefined) return undefined
  // A count nobody can read could be the one that matters.
  const entries = Object.entries(counts)
  return entries.every(isCountEntry) ? new Map(entries) : undefined
}

function isCountEntry(entry: [string, JsonValue]): entry is [string, number] {
  return isCount(entry[1])
}

function isCount(value: JsonValue): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
