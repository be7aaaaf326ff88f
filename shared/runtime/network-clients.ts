import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { EC2Client } from '@aws-sdk/client-ec2'
import { Route53Client } from '@aws-sdk/client-route-53'
import { clientConfiguration } from './aws-clients.ts'

/** The clients that functions on networks use on top; apart, because loading a client costs a cold start time. */
export interface NetworkClients {
  readonly autoScaling: AutoScalingClient
  readonly ec2: EC2Client
  readonly route53: Route53Client
}

/** Clients for one region, with the time limits of all clients. Route 53 answers for the partition of the region. */
export function networkClients(region: string): NetworkClients {
  const configuration = clientConfiguration(region)
  return {
    autoScaling: new AutoScalingClient(configuration),
    ec2: new EC2Client(configuration),
    route53: new Route53Client(configuration),
  }
}
