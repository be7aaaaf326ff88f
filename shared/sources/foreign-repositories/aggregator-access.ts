import type { ConfigServiceClient } from '@aws-sdk/client-config-service'
import type { STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@aws-sdk/types'
import { parseArn } from '../../model/arn.ts'
import { assumeSession } from '../sts/assume-session.ts'
import type { AggregatorAccess } from './look-up.ts'

/** Where the hub's aggregator is and who may read it. */
export interface AggregatorPlace {
  /** The exact role, in the hub account. */
  readonly roleArn: string
  readonly externalId: string
  readonly aggregator: string
}

/** What reaching the aggregator needs from the process. */
export interface AggregatorConnections {
  /** STS with the function's own credentials. */
  readonly sts: Pick<STSClient, 'send'>
  /** STS with the role's, to ask whose they are. */
  readonly stsWith: (credentials: () => Promise<AwsCredentialIdentity>) => Pick<STSClient, 'send'>
  /** AWS Config in the aggregator's region with the role's. */
  readonly configWith: (credentials: () => Promise<AwsCredentialIdentity>) => Pick<ConfigServiceClient, 'send'>
  readonly sessionName: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Enters the role once for the life of the process; its credentials renew themselves. A refusal is asked about anew each time. */
export function aggregatorAccess(place: AggregatorPlace, connections: AggregatorConnections): AggregatorAccess {
  const { aggregator } = place
  let held: { readonly client: Pick<ConfigServiceClient, 'send'> } | undefined
  return async () => {
    if (held !== undefined) return { state: 'open', aggregator, ...held }
    const outcome = await entered(place, connections)
    if (outcome.state === 'refused') return outcome
    held = { client: connections.configWith(outcome.session.credentials) }
    return { state: 'open', aggregator, ...held }
  }
}

async function entered({ roleArn, externalId }: AggregatorPlace, connections: AggregatorConnections) {
  const arn = parseArn(roleArn)
  const { sts: client, stsWith: connect, sessionName, now } = connections
  if (arn?.service !== 'iam' || !arn.resource.startsWith('role/')) {
    return { state: 'refused', reason: "the aggregator's role is no role", transience: 'lasting' } as const
  }
  const { partition, accountId } = arn
  const roleName = arn.resource.slice('role/'.length)
  return assumeSession({ client, connect, partition, accountId, roleName, externalId, sessionName, now })
}
