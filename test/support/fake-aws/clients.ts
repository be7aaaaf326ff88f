import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { EKSClient } from '@aws-sdk/client-eks'
import { IAMClient } from '@aws-sdk/client-iam'
import { SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { AwsClients } from '../../../shared/runtime/aws-clients.ts'
import type { WorkloadClients } from '../../../shared/runtime/workload-clients.ts'

/** Real SDK clients that talk to the given endpoints and give up at the first failure. */
export function clientsAt(endpoint: string, region: string, configEndpoint = endpoint): AwsClients & WorkloadClients {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const shared = { region, credentials, maxAttempts: 1, endpoint }
  return {
    config: new ConfigServiceClient({ ...shared, endpoint: configEndpoint }),
    ecr: new ECRClient(shared),
    iam: new IAMClient(shared),
    ecs: new ECSClient(shared),
    eks: new EKSClient(shared),
    securityHub: new SecurityHubClient(shared),
  }
}
