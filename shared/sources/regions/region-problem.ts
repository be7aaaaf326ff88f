import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts'
import type { Scope } from '../../model/resource.ts'
import { errorName, type ReadFailure, readFailure } from '../failure.ts'
import { callSignal, needText, type Reader } from '../reading.ts'

/** What services of a region answer that does not know the account; also what they answer to credentials that are wrong. */
const refusals: ReadonlySet<string> = new Set([
  'UnrecognizedClientException',
  'AuthFailure',
  'InvalidClientTokenId',
  'OptInRequired',
])

/** Why a region does not take credentials. */
export interface RegionProblem extends ReadFailure {
  readonly kind: 'not-enabled' | 'bad-credentials'
}

/**
 * Tells a region that is not enabled from credentials that are wrong: the same identity works in another region or it does
 * not. Undefined when the error says neither.
 */
export function regionProblem(error: string, scope: Scope, worksElsewhere: boolean): RegionProblem | undefined {
  if (!refusals.has(error)) return undefined
  const { accountId, region } = scope
  return worksElsewhere
    ? { kind: 'not-enabled', reason: `region ${region} is not enabled in account ${accountId}`, transience: 'lasting' }
    : {
        kind: 'bad-credentials',
        reason: `the credentials for account ${accountId} are not valid: ${region} refuses them with ${error}`,
        transience: 'lasting',
      }
}

/** The error that a reason of a failed call names (`ecr:DescribeRepositories failed with AccessDenied`). */
export function errorNamedIn(reason: string): string | undefined {
  return /(?:^| )failed with (\w+)/.exec(reason)?.[1]
}

/** What one question to a region says of it. */
export type RegionProbe =
  | { readonly state: 'works' }
  | ({ readonly state: 'refused' } & RegionProblem)
  | ({ readonly state: 'unknown' } & ReadFailure)

/** Asks STS of the region who we are, which takes no permission: for accounts whose regions cannot be listed. */
export async function probeRegion(
  reader: Reader & { readonly client: Pick<STSClient, 'send'> },
  worksElsewhere: boolean,
): Promise<RegionProbe> {
  try {
    const abortSignal = callSignal(reader)
    const { Account } = await reader.client.send(new GetCallerIdentityCommand({}), { abortSignal })
    needText(Account, 'Account')
    return { state: 'works' }
  } catch (error) {
    const problem = regionProblem(errorName(error), reader, worksElsewhere)
    if (problem !== undefined) return { state: 'refused', ...problem }
    return { state: 'unknown', ...readFailure('sts:GetCallerIdentity', error) }
  }
}
