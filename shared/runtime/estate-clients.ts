import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
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
import type { EstateClients } from '../sources/estate/reader.ts'
import { polite } from '../sources/polite/polite-client.ts'
import { politeRoute53Profiles } from '../sources/polite/polite-route53-profiles.ts'
import type { CallPlace, Politeness } from '../sources/polite/politeness.ts'
import { route53ProfilesClient } from '../sources/route53-profiles/client.ts'
import type { Session } from '../sources/sts/session.ts'
import { politeConfiguration } from './polite-configuration.ts'

/** Connections at the same time to one host, and in all: below the 1,024 open files a process is often allowed. */
const MAX_SOCKETS = 100
const MAX_TOTAL_SOCKETS = 400

/** The connections that all clients of a process share: an organization has thousands of clients. */
export interface Connections {
  readonly httpAgent: HttpAgent
  readonly httpsAgent: HttpsAgent
}

/** New connections, none of them open yet. */
export function connections(): Connections {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS, maxTotalSockets: MAX_TOTAL_SOCKETS, maxFreeSockets: 64 }
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) }
}

/** How the clients of an estate call, and where to: `endpoint` takes the place of all of AWS, for tests. */
export interface EstateClientOptions {
  readonly politeness: Politeness
  readonly endpoint?: string
  /** Without it the clients of this account and region have connections of their own. */
  readonly connections?: Connections
}

/**
 * Clients for one account and region, all of them polite. A client is made with its first call. IAM, Organizations and Route 53
 * answer for the partition of the region and have one budget per account.
 */
export function estateClients(
  session: Session,
  region: string,
  { politeness, endpoint, connections: shared = connections() }: EstateClientOptions,
): EstateClients {
  const { credentials } = session
  const configuration = () => {
    const own = politeConfiguration({ region, credentials, attemptTimeout: politeness.attemptTimeout, endpoint })
    return { ...own, requestHandler: { ...own.requestHandler, ...shared } }
  }
  const at = (service: string): CallPlace => ({ accountId: session.accountId, region, service })
  const everywhere = (service: string): CallPlace => ({ ...at(service), region: 'global' })
  const client = <C extends { send(...parameters: never[]): unknown }>(place: CallPlace, connect: () => C) =>
    polite(place, connect, politeness, session)
  return {
    autoScaling: client(at('autoscaling'), () => new AutoScalingClient(configuration())),
    config: client(at('config'), () => new ConfigServiceClient(configuration())),
    ec2: client(at('ec2'), () => new EC2Client(configuration())),
    ecr: client(at('ecr'), () => new ECRClient(configuration())),
    ecs: client(at('ecs'), () => new ECSClient(configuration())),
    eks: client(at('eks'), () => new EKSClient(configuration())),
    iam: client(everywhere('iam'), () => new IAMClient(configuration())),
    organizations: client(everywhere('organizations'), () => new OrganizationsClient(configuration())),
    route53: client(everywhere('route53'), () => new Route53Client(configuration())),
    route53Profiles: politeRoute53Profiles(
      at('route53profiles'),
      () => route53ProfilesClient({ region, credentials, ...(endpoint ? { endpoint } : {}) }),
      politeness,
      session,
    ),
    tagging: client(at('tag'), () => new ResourceGroupsTaggingAPIClient(configuration())),
  }
}
