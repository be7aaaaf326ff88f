// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { pageFrom, Refusal } from './refusal.ts'

/** An image in the words of ECR's wire (`imageDigest`, `imagePushedAt` in seconds, …); its status is ACTIVE unless stated. */
export type FakeImage = { readonly imageDigest: string } & Readonly<Record<string, unknown>>

/** The images a registry holds. */
export interface FakeImages {
  /** Repository name to its images. */
  readonly repositories: ReadonlyMap<string, readonly FakeImage[]>
  /** Entries a page holds at most. */
  pageSize?: number
}

const statuses = ['ACTIVE', 'ARCHIVED', 'ACTIVATING', 'ANY']

/** Answers `ecr:DescribeImages`: without a status in the filter it shows active images only, as ECR does. */
export function imagesService(images: FakeImages): (operation: string, body: any) => unknown {
  return (operation, body) => {
    if (operation !== 'DescribeImages') throw new Refusal('UnknownOperationException')
    const { repositoryName, maxResults = 100, nextToken, filter = {} } = body
    const all = images.repositories.get(repositoryName)
    if (all === undefined) throw new Refusal('RepositoryNotFoundException')
    const status = filter.imageStatus ?? 'ACTIVE'
    if (!(maxResults >= 1 && maxResults <= 1000) || !statuses.includes(status)) {
      throw new Refusal('InvalidParameterException')
    }
    const shown = all.filter(({ imageStatus = 'ACTIVE' }) => status === 'ANY' || imageStatus === status)
    const { page, next } = pageFrom(shown, nextToken, Math.min(maxResults, images.pageSize ?? 1000))
    return {
      imageDetails: page.map((image) => ({ repositoryName, imageStatus: 'ACTIVE', ...image })),
      ...(next === undefined ? {} : { nextToken: next }),
    }
  }
}

/** Answers `ecr:DescribeRegistry` with these replication rules, in the words of the wire. */
export function registryService(registryId: string, rules: readonly unknown[]): (operation: string) => unknown {
  return (operation) => {
    if (operation !== 'DescribeRegistry') throw new Refusal('UnknownOperationException')
    return { registryId, replicationConfiguration: { rules } }
  }
}
