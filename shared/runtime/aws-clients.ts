import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { ECRClient } from '@aws-sdk/client-ecr'
import { SecurityHubClient } from '@aws-sdk/client-securityhub'
import { clientConfiguration } from './client-configuration.ts'

export { clientConfiguration, clientsPerRegion } from './client-configuration.ts'

/** The clients a function uses. */
export interface AwsClients {
  readonly config: ConfigServiceClient
  readonly ecr: ECRClient
  readonly securityHub: SecurityHubClient
}

/** Clients for one region. */
export function awsClients(region: string): AwsClients {
  const configuration = clientConfiguration(region)
  return {
    config: new ConfigServiceClient(configuration),
    ecr: new ECRClient(configuration),
    securityHub: new SecurityHubClient(configuration),
  }
}
