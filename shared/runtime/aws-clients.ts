import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { ECRClient } from '@aws-sdk/client-ecr'
import { SecurityHubClient } from '@aws-sdk/client-securityhub'
import { requestHandler } from './request-handler.ts'

/** The clients a function uses. */
export interface AwsClients {
  readonly config: ConfigServiceClient
  readonly ecr: ECRClient
  readonly securityHub: SecurityHubClient
}

/** Endpoint and credentials come from the environment as the SDK documents (AWS_ENDPOINT_URL and its kin). */
export function clientConfiguration(region: string) {
  return { region, maxAttempts: 4, requestHandler: requestHandler(8_000) }
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

/**
 * One set of clients per region for the life of the process: a warm invocation reuses connections and credentials.
 * Nothing else outlives an invocation.
 */
export function clientsPerRegion<C>(make: (region: string) => C): (region: string) => C {
  const held = new Map<string, C>()
  return (region) => {
    const clients = held.get(region) ?? make(region)
    held.set(region, clients)
    return clients
  }
}
