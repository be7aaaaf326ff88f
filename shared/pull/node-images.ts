import { partitionOf } from '../model/arn.ts'
import type { Scope } from '../model/resource.ts'
import { addOnRegistry } from './aws-owned-registries.ts'
import type { ImageRepository } from './can-pull.ts'

/** Add-ons without which a node never becomes Ready. */
const neededAddOns = ['amazon-k8s-cni', 'eks/coredns', 'eks/kube-proxy'] as const

/** What every EKS node of a region pulls from AWS's own registry; undefined when that registry is not known. */
export function addOnImages(region: string): readonly ImageRepository[] | undefined {
  const accountId = addOnRegistry(region)
  return accountId === undefined ? undefined : neededAddOns.map((name) => imageRepository({ accountId, region }, name))
}

/** A repository of a registry as decisions about pulls name it. */
export function imageRepository({ accountId, region }: Scope, repository: string): ImageRepository {
  const repositoryArn = `arn:${partitionOf(region)}:ecr:${region}:${accountId}:repository/${repository}`
  return { accountId, region, repository, repositoryArn }
}
