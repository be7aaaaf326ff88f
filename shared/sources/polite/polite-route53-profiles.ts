import type { Route53ProfilesClient } from '../route53-profiles/client.ts'
import type { Session } from '../sts/session.ts'
import { politeCalls } from './polite-call.ts'
import type { CallPlace, Politeness } from './politeness.ts'

/** The client of Route 53 Profiles, which is not one of the SDK's, with calls as polite as theirs. */
export function politeRoute53Profiles(
  place: CallPlace,
  connect: () => Route53ProfilesClient,
  politeness: Politeness,
  session?: Pick<Session, 'renew'>,
): Route53ProfilesClient {
  const call = politeCalls(place, connect, politeness, session)
  return {
    listProfileAssociations: (token, { abortSignal }) =>
      call('ListProfileAssociations', abortSignal, (client, signal) =>
        client.listProfileAssociations(token, { abortSignal: signal }),
      ),
    listProfileResourceAssociations: (profileId, token, { abortSignal }) =>
      call('ListProfileResourceAssociations', abortSignal, (client, signal) =>
        client.listProfileResourceAssociations(profileId, token, { abortSignal: signal }),
      ),
  }
}
