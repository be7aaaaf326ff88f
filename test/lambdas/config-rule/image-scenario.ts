import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { EC2Client } from '@aws-sdk/client-ec2'
import { Route53Client } from '@aws-sdk/client-route-53'
import { serviceSight } from '../../../shared/live/sources/service-sight.ts'
import { imageRules } from '../../../shared/rules/image-rules.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { imagesService } from '../../support/fake-aws/ecr-images.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import { account, changeOf } from './role-scenario.ts'
import { type InvokeOptions, warmFunction } from './scenario.ts'
import { startPullingAccount } from './vpc-scenario.ts'

const region = 'eu-central-1'
export const digest = `sha256:${'a'.repeat(64)}`
export const serviceArn = (name: string) => `arn:aws:ecs:${region}:${account}:service/main/${name}`

/** The images of `app`, the last scan of which found so many critical holes. */
export function holding(findings: number) {
  const image = {
    ...{ imageDigest: digest, imageTags: ['1'], imagePushedAt: 1_700_000_000 },
    imageManifestMediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    imageScanStatus: { status: 'COMPLETE' },
    imageScanFindingsSummary: {
      imageScanCompletedAt: 1_700_000_100,
      findingSeverityCounts: findings > 0 ? { CRITICAL: findings } : {},
    },
  }
  return imagesService({
    repositories: new Map([
      ['app', [image]],
      ['other', []],
    ]),
  })
}

/** An account with the service `web`, which pulls `app:1` with the role `puller` through the endpoints of its VPC. */
export async function startRunningAccount(): Promise<FakeAws> {
  const fake = await startPullingAccount()
  fake.state.services.set('ecr:DescribeImages', holding(0))
  return fake
}

/** What AWS Config sends when a service has changed. Its item says nothing but where the service is. */
export function serviceChange(ruleId: string, name = 'web', item: Record<string, unknown> = {}) {
  const arn = serviceArn(name)
  const identity = { resourceType: 'AWS::ECS::Service', resourceId: arn, resourceName: name, ARN: arn }
  return changeOf(ruleId, { ...identity, configuration: {}, supplementaryConfiguration: {}, ...item })
}

/** One warm function: what it remembers lives from call to call. */
export function warmImageAuditor(fake: FakeAws, options: InvokeOptions = {}) {
  const shared = {
    ...{ region, maxAttempts: 1, endpoint: fake.endpoint },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  const { source, services } = serviceSight({
    ...clientsAt(fake.endpoint, region),
    autoScaling: new AutoScalingClient(shared),
    ec2: new EC2Client(shared),
    route53: new Route53Client(shared),
  })
  return warmFunction(fake, { rules: imageRules, sources: [source], services, ...options })
}
