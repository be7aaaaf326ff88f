import { partly } from '../../shared/live/sources/partly.ts'
import { parseImageReference } from '../../shared/pull/image-reference.ts'
import type { EcrReader } from '../../shared/sources/ecr/reader.ts'
import { readRegistry } from '../../shared/sources/ecr/registry.ts'
import { type RepositoryReading, readRepository } from '../../shared/sources/ecr/repositories.ts'
import { withImages } from '../../shared/sources/ecr-images/with-images.ts'
import { type Gap, joinReadings, type Reading } from '../../shared/sources/reading.ts'

const TYPE = 'AWS::ECR::Repository'
const registryTypes = [
  'AWS::ECR::PullThroughCacheRule',
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::RepositoryCreationTemplate',
] as const
/** Images of a repository that are listed; of a larger one none are, and an image is then taken to exist. */
const MAX_IMAGES = 10_000

/** The repositories of the own registry that these images name, with the images in them, and what the registry says of itself. */
export async function readNamedRepositories(reader: EcrReader, images: readonly string[]): Promise<Reading> {
  const names = new Set(images.flatMap((image) => ownRepository(reader, image) ?? []))
  const found = await Promise.all([...names].map((name) => readRepository(reader, name)))
  const present = found.flatMap((one) => (one.state === 'present' ? [one.item] : []))
  const gone = found.filter(({ state }) => state === 'gone').length
  const listed = await withImages(reader, present, { maxImages: MAX_IMAGES })
  const gaps = [...found.flatMap(gapsOfRepository), ...listed.gaps]
  const coverage = [partly(reader, TYPE, { answered: present.length + gone === names.size, gone })]
  const registry = names.size === 0 ? [] : [await readRegistry(reader, registryTypes)]
  return joinReadings([{ items: listed.items, coverage, gaps }, ...registry])
}

function ownRepository({ accountId, region }: EcrReader, text: string): string | undefined {
  const image = parseImageReference(text)
  const isOwn = image.kind === 'ecrPrivate' && image.accountId === accountId && image.region === region
  return isOwn ? image.repository : undefined
}

function gapsOfRepository(found: RepositoryReading): readonly Gap[] {
  if (found.state === 'unknown') return [found.gap]
  return found.state === 'present' ? found.gaps : []
}
