import { type EKSClient, ListClustersCommand } from '@aws-sdk/client-eks'
import { parseArn } from '../../model/arn.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, askPages, needList, needText, type Reader } from '../reading.ts'

/** The error that means: there is no such cluster, node group or profile. */
export const NONE = 'ResourceNotFoundException'
/** Clusters read at the same time. */
export const CONCURRENCY = 4

/** Where and with what to read EKS. */
export interface EksReader extends Reader {
  readonly client: Pick<EKSClient, 'send'>
}

/** The names of all clusters of the region. */
export function listClusterNames(reader: EksReader): Promise<Answer<readonly string[]>> {
  return askPages(reader, 'eks:ListClusters', undefined, async (nextToken, abortSignal) => {
    const output = await reader.client.send(new ListClustersCommand({ maxResults: 100, nextToken }), { abortSignal })
    const entries = needList(output.clusters, 'clusters').map((name) => needText(name, 'cluster name'))
    return { entries, nextToken: output.nextToken }
  })
}

/** The ARN, which must be of the reader's account and region. @throws MalformedAnswer */
export function ownArn(reader: EksReader, value: unknown): string {
  const text = needText(value, 'ARN')
  const arn = parseArn(text)
  if (arn?.service !== 'eks' || arn.accountId !== reader.accountId || arn.region !== reader.region) {
    throw new MalformedAnswer('an ARN of another account or region')
  }
  return text
}
