import { ECSClient } from '@aws-sdk/client-ecs'
import { EKSClient } from '@aws-sdk/client-eks'
import { IAMClient } from '@aws-sdk/client-iam'
import { clientConfiguration } from './aws-clients.ts'

/** The clients that functions on roles and workloads use on top; apart, because loading a client costs a cold start time. */
export interface WorkloadClients {
  readonly iam: IAMClient
  readonly ecs: ECSClient
  readonly eks: EKSClient
}

/** Clients for one region, with the time limits of all clients. IAM answers for the partition of the region. */
export function workloadClients(region: string): WorkloadClients {
  const configuration = clientConfiguration(region)
  return {
    iam: new IAMClient(configuration),
    ecs: new ECSClient(configuration),
    eks: new EKSClient(configuration),
  }
}
