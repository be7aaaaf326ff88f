import { alsoOverIpv6, destinationOf, ecrApi, ecrDkr, s3Layers } from '../network/destinations.ts'
import type { Destination } from '../network/types.ts'
import type { ImageRepository, PrivateImage } from './can-pull.ts'

/** Hosts that fetching these images touches, per region: token, registries, layers. */
export function destinationsOf(
  images: readonly (ImageRepository | PrivateImage)[],
  needsToken: boolean,
): readonly Destination[] {
  const regions = [...new Set(images.map(({ region }) => region))]
  return regions.flatMap((region) => {
    const here = images.filter((image) => image.region === region)
    const registries = new Map(here.map((image) => registryOf(image)).map((registry) => [registry.host, registry]))
    const form = here.some(isDualStack) ? alsoOverIpv6 : (one: Destination) => one
    return [...(needsToken ? [form(ecrApi(region))] : []), ...registries.values(), form(s3Layers(region))]
  })
}

/** Hosts of pulls from a region when the images themselves are not known. */
export function destinationsIn(region: string, accountId: string, needsToken: boolean): readonly Destination[] {
  return [...(needsToken ? [ecrApi(region)] : []), ecrDkr(region, accountId), s3Layers(region)]
}

/** Whether its registry is named as one that has IPv6 addresses too. */
function isDualStack(image: ImageRepository | PrivateImage): boolean {
  return 'hostForm' in image && (image.hostForm === 'dualStack' || image.hostForm === 'dualStackFips')
}

function registryOf(image: ImageRepository | PrivateImage): Destination {
  const { region, accountId } = image
  if (!('hostForm' in image) || image.hostForm === 'standard') return ecrDkr(region, accountId)
  return destinationOf(image.host, region)
}
