import { type Cluster, DescribeClusterCommand } from '@aws-sdk/client-eks'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer, type ReadFailure } from '../failure.ts'
import {
  ask,
  covered,
  failureOf,
  forEachConcurrently,
  needText,
  present,
  type Reading,
  rawItem,
  unlisted,
} from '../reading.ts'
import { CONCURRENCY, type EksReader, listClusterNames, NONE, ownArn } from './reader.ts'

const TYPE = 'AWS::EKS::Cluster'

/** Reads all clusters of the region with their OIDC issuers and cluster security groups. */
export async function listClusters(reader: EksReader): Promise<Reading> {
  const names = await listClusterNames(reader)
  if (names.state !== 'known') return unlisted(reader, [TYPE], failureOf(names))
  const items: JsonObject[] = []
  const failures: ReadFailure[] = []
  await forEachConcurrently(names.value, CONCURRENCY, async (name) => {
    const answer = await describeCluster(reader, name)
    if (answer.state === 'known') items.push(answer.value)
    if (answer.state === 'unknown') failures.push(failureOf(answer))
  })
  const gaps = failures.map((failure) => ({ resourceType: TYPE, ...failure }))
  return { items, coverage: [covered(reader, TYPE, failures[0])], gaps }
}

function describeCluster(reader: EksReader, name: string) {
  return ask(
    reader,
    'eks:DescribeCluster',
    NONE,
    (abortSignal) => reader.client.send(new DescribeClusterCommand({ name }), { abortSignal }),
    ({ cluster }) => {
      if (cluster?.name !== name) throw new MalformedAnswer('another cluster')
      return clusterItem(reader, cluster, name)
    },
  )
}

function clusterItem(reader: EksReader, cluster: Cluster, name: string): JsonObject {
  const arn = ownArn(reader, cluster.arn)
  const configuration = present({
    Arn: arn,
    Name: name,
    RoleArn: needText(cluster.roleArn, 'roleArn'),
    OpenIdConnectIssuerUrl: cluster.identity?.oidc?.issuer,
  })
  const clusterSecurityGroupId = cluster.resourcesVpcConfig?.clusterSecurityGroupId
  return rawItem(reader, TYPE, { id: name, arn }, configuration, present({ clusterSecurityGroupId }))
}
