import type { JsonObject } from '../../../shared/model/json.ts'
import { type EstatePart, ecsService, repository, taskDefinition } from '../../support/builders.ts'

/** A service on Fargate that runs these images. */
export function running(...images: readonly (string | JsonObject)[]): readonly EstatePart[] {
  return [ecsService(), taskDefinition({ images })]
}

/** The repository `app` with the images a source has listed. */
export function holding(...images: readonly JsonObject[]): EstatePart {
  const part = repository()
  return 'item' in part ? { item: { ...part.item, supplementaryConfiguration: { images } } } : part
}

/** One listed image, with the tag `1` unless changed. */
export function listedImage(change: JsonObject = {}): JsonObject {
  return { imageDigest: digest, imageTags: ['1'], imageStatus: 'ACTIVE', ...change }
}

/** Digest of the listed image. */
export const digest = `sha256:${'a'.repeat(64)}`
/** Digest of no listed image. */
export const otherDigest = `sha256:${'b'.repeat(64)}`
/** The commercial registry of the EKS add-ons. */
export const awsOwned = { accountId: '602401143452' }
