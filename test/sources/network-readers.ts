import { EC2Client } from '@aws-sdk/client-ec2'
import { Route53Client } from '@aws-sdk/client-route-53'
import type { NetworkReader } from '../../shared/sources/ec2/read-vpc.ts'
import type { Ec2Reader } from '../../shared/sources/ec2/reader.ts'
import type { Route53Reader } from '../../shared/sources/route53/hosted-zones.ts'
import type { FakeAws } from '../support/fake-aws/fake-aws.ts'

/** Readers of the network of the fake's account, with real clients that give up at the first failure. */
export function networkReadersOf(
  fake: FakeAws,
  options: { readonly callTimeout?: number; readonly readAt?: string } = {},
): { readonly network: NetworkReader; readonly ec2: Ec2Reader; readonly route53: Route53Reader } {
  const { accountId, region } = fake.state
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const configuration = { region, credentials, maxAttempts: 1, endpoint: fake.endpoint }
  const base = { accountId, region, readAt: '2026-03-01T12:00:00.000Z', callTimeout: 5_000, ...options }
  const ec2 = new EC2Client(configuration)
  const route53 = new Route53Client(configuration)
  return {
    network: { ...base, ec2, route53 },
    ec2: { ...base, client: ec2 },
    route53: { ...base, client: route53 },
  }
}
