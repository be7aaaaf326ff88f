import type { Repository, RepositoryImage } from '../inventory/ecr.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { absent, type Fact, known } from '../model/fact.ts'
import type { PrivateImage } from '../pull/can-pull.ts'

/** The repository of an image. */
export function repositoryOfImage(image: PrivateImage, inventory: Inventory): Fact<Repository> {
  const { accountId, region, repository } = image
  return inventory.repository(repository, { accountId, region })
}

/** The image behind a reference; absent when the repository's images were listed and it is not among them. */
export function imageInRepository({ tag, digest }: PrivateImage, { images }: Repository): Fact<RepositoryImage> {
  if (images.state !== 'known') return images
  const found = images.value.find((one) =>
    // A digest decides whatever the tag beside it says.
    digest === undefined ? one.tags.includes(tag ?? 'latest') : one.digest === digest,
  )
  return found === undefined ? absent(images.assumptions) : known(found, images.assumptions)
}

/** `tag v1`, `digest sha256:…`: what of an image is asked for. */
export function versionOf({ tag, digest }: PrivateImage): string {
  return digest === undefined ? `tag ${tag ?? 'latest'}` : `digest ${digest}`
}
