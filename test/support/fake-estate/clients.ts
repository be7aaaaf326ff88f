import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { EC2Client } from '@aws-sdk/client-ec2'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { EKSClient } from '@aws-sdk/client-eks'
import { IAMClient } from '@aws-sdk/client-iam'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { Route53Client } from '@aws-sdk/client-route-53'
import type { EstateClients, EstateReader } from '../../../shared/sources/estate/reader.ts'
import { route53ProfilesClient } from '../../../shared/sources/route53-profiles/client.ts'
import type { FakeEstate } from './fake-estate.ts'
import { callerArnOf, keysOf } from './identity.ts'

/** Real SDK clients that give up at the first failure. */
export function bareClients(estate: FakeEstate, accountId: string, region: string): EstateClients {
  const settings = { region, credentials: keysOf(accountId), endpoint: estate.endpoint, maxAttempts: 1 }
  return {
    autoScaling: new AutoScalingClient(settings),
    config: new ConfigServiceClient(settings),
    ec2: new EC2Client(settings),
    ecr: new ECRClient(settings),
    ecs: new ECSClient(settings),
    eks: new EKSClient(settings),
    iam: new IAMClient(settings),
    organizations: new OrganizationsClient(settings),
    route53: new Route53Client(settings),
    route53Profiles: route53ProfilesClient({
      region,
      credentials: async () => settings.credentials,
      endpoint: estate.endpoint,
    }),
    tagging: new ResourceGroupsTaggingAPIClient(settings),
  }
}

/** A reader of one account and region with bare clients. */
export function bareReader(estate: FakeEstate, accountId: string, region: string, callTimeout = 5_000): EstateReader {
  return {
    accountId,
    region,
    readAt: '2026-03-01T12:00:00.000Z',
    callTimeout,
    callerArn: callerArnOf(estate, { accountId }),
    clients: bareClients(estate, accountId, region),
  }
}
