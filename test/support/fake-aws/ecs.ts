// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { pageFrom, Refusal } from './refusal.ts'

/** What ECS holds, in the words of its API. */
export interface FakeEcs {
  readonly clusters: any[]
  readonly services: any[]
  readonly taskDefinitions: any[]
  readonly capacityProviders: any[]
}

/** Answers a call of ECS. */
export function serveEcs(ecs: FakeEcs, operation: string, body: any): unknown {
  const paged = (all: readonly unknown[], key: string, most = 100) => {
    if (body.maxResults > most) throw new Refusal('InvalidParameterException')
    const { page, next } = pageFrom(all, body.nextToken, body.maxResults ?? 10)
    return { [key]: page, nextToken: next }
  }
  switch (operation) {
    case 'ListClusters':
      return paged(arns(ecs.clusters, 'clusterArn'), 'clusterArns')
    case 'DescribeClusters':
      return found(ecs.clusters, 'clusterArn', body.clusters, 'clusters', 100)
    case 'ListServices': {
      if (!ecs.clusters.some((one) => one.clusterArn === body.cluster)) throw new Refusal('ClusterNotFoundException')
      return paged(
        arns(
          ecs.services.filter((one) => one.clusterArn === body.cluster),
          'serviceArn',
        ),
        'serviceArns',
      )
    }
    case 'DescribeServices':
      return found(
        ecs.services.filter((one) => one.clusterArn === body.cluster),
        'serviceArn',
        body.services,
        'services',
        10,
      )
    case 'ListTaskDefinitionFamilies': {
      const active = ecs.taskDefinitions.filter((one) => body.status !== 'ACTIVE' || one.status === 'ACTIVE')
      return paged([...new Set(active.map((one) => one.family))], 'families')
    }
    case 'DescribeTaskDefinition':
      return { taskDefinition: described(ecs, body.taskDefinition), tags: [] }
    case 'DescribeCapacityProviders':
      return { ...paged(ecs.capacityProviders, 'capacityProviders', 10), failures: [] }
    default:
      throw new Refusal('UnknownOperationException')
  }
}

function arns(all: readonly any[], key: string): readonly string[] {
  return all.map((one) => one[key])
}

function found(all: readonly any[], arn: string, wanted: readonly string[], key: string, most: number) {
  if (wanted.length < 1 || wanted.length > most) throw new Refusal('InvalidParameterException')
  return {
    [key]: all.filter((one) => wanted.includes(one[arn])),
    failures: wanted
      .filter((one) => !arns(all, arn).includes(one))
      .map((missing) => ({ arn: missing, reason: 'MISSING' })),
  }
}

/** ECS takes an ARN, or a family for its newest active revision. */
function described(ecs: FakeEcs, wanted: string) {
  const byArn = ecs.taskDefinitions.find((one) => one.taskDefinitionArn === wanted)
  const ofFamily = ecs.taskDefinitions.filter((one) => one.family === wanted && one.status === 'ACTIVE')
  const newest = ofFamily.sort((a, b) => b.revision - a.revision)[0]
  if (byArn ?? newest) return byArn ?? newest
  throw new Refusal('ClientException', 400, 'Unable to describe task definition.')
}
