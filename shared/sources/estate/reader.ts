import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import type { ConfigServiceClient } from '@aws-sdk/client-config-service'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { ECRClient } from '@aws-sdk/client-ecr'
import type { ECSClient } from '@aws-sdk/client-ecs'
import type { EKSClient } from '@aws-sdk/client-eks'
import type { IAMClient } from '@aws-sdk/client-iam'
import type { OrganizationsClient } from '@aws-sdk/client-organizations'
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import type { Route53Client } from '@aws-sdk/client-route-53'
import type { Reader } from '../reading.ts'
import type { Route53ProfilesClient } from '../route53-profiles/client.ts'

/** The clients one account and region is read with, each polite. */
export interface EstateClients {
  readonly autoScaling: Pick<AutoScalingClient, 'send'>
  readonly config: Pick<ConfigServiceClient, 'send'>
  readonly ec2: Pick<EC2Client, 'send'>
  readonly ecr: Pick<ECRClient, 'send'>
  readonly ecs: Pick<ECSClient, 'send'>
  readonly eks: Pick<EKSClient, 'send'>
  readonly iam: Pick<IAMClient, 'send'>
  readonly organizations: Pick<OrganizationsClient, 'send'>
  readonly route53: Pick<Route53Client, 'send'>
  readonly route53Profiles: Route53ProfilesClient
  readonly tagging: Pick<ResourceGroupsTaggingAPIClient, 'send'>
}

/** Where and with what to read one account and region as a whole. */
export interface EstateReader extends Reader {
  readonly clients: EstateClients
  /** The ARN STS gives for the identity that reads. */
  readonly callerArn: string
}

/** What to read. */
export interface EstateChoice {
  /** Types wanted; undefined: everything there is a reader for. */
  readonly types?: ReadonlySet<string>
  /** Read the images of every repository, which takes calls per repository. */
  readonly images: boolean
  /** Ask AWS Config for what it records where reading live takes a call per resource. */
  readonly config: boolean
  /** Types whose tags are read; without it no tag but those of roles and those that AWS Config recorded is known. */
  readonly tags?: ReadonlySet<string>
}
