import { STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@aws-sdk/types'
import { polite } from '../sources/polite/polite-client.ts'
import type { Politeness } from '../sources/polite/politeness.ts'
import { politeConfiguration } from './polite-configuration.ts'

/** How STS is called, and where: `endpoint` takes the place of AWS, for tests. */
export interface StsClientOptions {
  readonly region: string
  readonly credentials: () => Promise<AwsCredentialIdentity>
  readonly politeness: Politeness
  readonly endpoint?: string
}

/** STS of a region as somebody; its calls count against one budget, whoever makes them. */
export function stsClient({ region, credentials, politeness, endpoint }: StsClientOptions): Pick<STSClient, 'send'> {
  const { attemptTimeout } = politeness
  const connect = () => new STSClient(politeConfiguration({ region, credentials, attemptTimeout, endpoint }))
  return polite({ accountId: 'caller', region, service: 'sts' }, connect, politeness)
}

/** The region of the environment (AWS_REGION) or of the profile, as the SDK finds it; undefined when neither has one. */
export async function configuredRegion(profile: string | undefined): Promise<string | undefined> {
  const client = new STSClient(profile === undefined ? {} : { profile })
  return client.config.region().catch(() => undefined)
}
