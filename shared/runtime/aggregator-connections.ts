import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@aws-sdk/types'
import type { AggregatorConnections } from '../sources/foreign-repositories/aggregator-access.ts'
import { clientConfiguration } from './aws-clients.ts'

/** Connections to the aggregator of a region, for a function of that name. STS answers in the function's own region. */
export function aggregatorConnections(
  region: string,
  aggregatorRegion: string,
  sessionName: string,
): AggregatorConnections {
  type Credentials = () => Promise<AwsCredentialIdentity>
  return {
    sts: new STSClient(clientConfiguration(region)),
    stsWith: (credentials: Credentials) => new STSClient({ ...clientConfiguration(region), credentials }),
    configWith: (credentials: Credentials) =>
      new ConfigServiceClient({ ...clientConfiguration(aggregatorRegion), credentials }),
    sessionName,
    now: Date.now,
  }
}
