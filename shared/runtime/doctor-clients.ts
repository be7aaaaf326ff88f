import { SecurityHubClient } from '@aws-sdk/client-securityhub'
import { STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@aws-sdk/types'
import { polite } from '../sources/polite/polite-client.ts'
import type { ProbeClients } from '../sources/probes/probe.ts'
import type { Session } from '../sources/sts/session.ts'
import { type EstateClientOptions, estateClients } from './estate-clients.ts'
import { politeConfiguration } from './polite-configuration.ts'
import { requestHandler } from './request-handler.ts'
import { configuredRegion } from './sts-client.ts'

/** The clients of an estate and those of STS and Security Hub, for one account and region, all of them polite. */
export function doctorClients(session: Session, region: string, options: EstateClientOptions): ProbeClients {
  const { politeness, endpoint } = options
  const at = (service: string) => ({ accountId: session.accountId, region, service })
  const { credentials } = session
  const configuration = () =>
    politeConfiguration({ region, credentials, attemptTimeout: politeness.attemptTimeout, endpoint })
  return {
    ...estateClients(session, region, options),
    sts: polite(at('sts'), () => new STSClient(configuration()), politeness, session),
    securityHub: polite(at('securityhub'), () => new SecurityHubClient(configuration()), politeness, session),
  }
}

/** STS of a region, to ask who credentials belong to before there is a session. Gives up after two requests. */
export function identityClient(credentials: () => Promise<AwsCredentialIdentity>, region: string): STSClient {
  return new STSClient({ region, credentials, maxAttempts: 2, requestHandler: requestHandler(5_000) })
}

/** The region of the environment or of the profile; undefined when neither states one. */
export async function regionInUse(
  profile: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  return environment.AWS_REGION || environment.AWS_DEFAULT_REGION || configuredRegion(profile)
}
