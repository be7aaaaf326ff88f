import { S3Client } from '@aws-sdk/client-s3'
import { clientConfiguration, clientsPerRegion } from './aws-clients.ts'

/** S3 in a region, one client each for the life of the process; apart, because loading a client costs a cold start time. */
export function hubClients(): (region: string) => S3Client {
  return clientsPerRegion((region) => new S3Client(clientConfiguration(region)))
}
