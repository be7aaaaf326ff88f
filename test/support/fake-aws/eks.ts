// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { pageFrom, Refusal } from './refusal.ts'

/** What EKS holds, in the words of its API. */
export interface FakeEks {
  readonly clusters: any[]
  readonly nodegroups: any[]
  readonly fargateProfiles: any[]
}

/** Answers a call of EKS. */
export function serveEks(eks: FakeEks, operation: string, body: any): unknown {
  const paged = (all: readonly unknown[], key: string) => {
    const { page, next } = pageFrom(all, body.nextToken, Number(body.maxResults ?? 100))
    return { [key]: page, nextToken: next }
  }
  const members = (all: readonly any[]) => {
    const name = body.clusterName
    if (!eks.clusters.some((one) => one.name === name)) throw new Refusal('ResourceNotFoundException', 404)
    return all.filter((one) => one.clusterName === name)
  }
  const one = (all: readonly any[], key: string) =>
    all.find((member) => member[key] === body[key]) ?? refuse('ResourceNotFoundException')
  switch (operation) {
    case 'ListClusters':
      return paged(names(eks.clusters, 'name'), 'clusters')
    case 'DescribeCluster':
      return { cluster: one(eks.clusters, 'name') }
    case 'ListNodegroups':
      return paged(names(members(eks.nodegroups), 'nodegroupName'), 'nodegroups')
    case 'DescribeNodegroup':
      return { nodegroup: one(members(eks.nodegroups), 'nodegroupName') }
    case 'ListFargateProfiles':
      return paged(names(members(eks.fargateProfiles), 'fargateProfileName'), 'fargateProfileNames')
    case 'DescribeFargateProfile':
      return { fargateProfile: one(members(eks.fargateProfiles), 'fargateProfileName') }
    default:
      throw new Refusal('UnknownOperationException')
  }
}

function refuse(code: string): never {
  throw new Refusal(code, 404)
}

function names(all: readonly any[], key: string): readonly string[] {
  return all.map((one) => one[key])
}
