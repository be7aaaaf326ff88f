import { describe, expect, it } from 'vitest'
import { known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { inventoryOf, repository } from '../support/builders.ts'

const arn = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'

function imagesOf(supplementaryConfiguration: JsonObject) {
  const part = repository()
  if (!('item' in part)) throw new Error('no item')
  return inventoryOf([{ item: { ...part.item, supplementaryConfiguration } }]).repositories[0]!.images
}

const bare = {
  tags: [],
  pushedAt: undefined,
  status: undefined,
  platforms: undefined,
  findingSeverityCounts: undefined,
}

describe('the images of a repository', () => {
  it('are read with everything the source says', () => {
    const image = {
      imageDigest: 'sha256:a',
      imageTags: ['v1', 'latest'],
      imagePushedAt: '2026-01-01T00:00:00Z',
      imageStatus: 'ACTIVE',
      platforms: ['linux/amd64', 'linux/arm64'],
      findingSeverityCounts: { CRITICAL: 2, HIGH: 0 },
    }
    expect(imagesOf({ images: [image] })).toEqual(
      known([
        {
          digest: 'sha256:a',
          tags: ['v1', 'latest'],
          pushedAt: '2026-01-01T00:00:00Z',
          status: 'ACTIVE',
          platforms: ['linux/amd64', 'linux/arm64'],
          findingSeverityCounts: new Map([
            ['CRITICAL', 2],
            ['HIGH', 0],
          ]),
        },
      ]),
    )
  })

  it('may lack everything but the digest', () => {
    expect(imagesOf({ images: [{ imageDigest: 'sha256:a' }] })).toEqual(known([{ digest: 'sha256:a', ...bare }]))
    expect(imagesOf({ images: [{ imageDigest: 'sha256:a', imageTags: null }] })).toEqual(
      known([{ digest: 'sha256:a', ...bare }]),
    )
  })

  it('have no counts at all when one of them cannot be read: it could be the one that matters', () => {
    const findingSeverityCounts = { HIGH: 0, CRITICAL: 'many' }
    expect(imagesOf({ images: [{ imageDigest: 'sha256:a', findingSeverityCounts }] })).toEqual(
      known([{ digest: 'sha256:a', ...bare }]),
    )
  })

  it('may be none', () => {
    expect(imagesOf({ images: [] })).toEqual(known([]))
  })

  it('are unknown when the source did not list them', () => {
    expect(imagesOf({})).toEqual(unknown(`the images of ${arn} are not listed`))
    expect(imagesOf({ images: null })).toEqual(unknown(`the images of ${arn} are not listed`))
  })

  it.each<[string, JsonValue]>([
    ['has no digest', { imageTags: ['v1'] }],
    ['has tags that are no texts', { imageDigest: 'sha256:a', imageTags: [1] }],
    ['is no object', 'sha256:a'],
  ])('are unknown as a whole when one %s', (_, broken) => {
    expect(imagesOf({ images: [{ imageDigest: 'sha256:b' }, broken] })).toEqual(
      unknown(`the images of ${arn} are incomplete or not of a known shape`),
    )
  })
})
