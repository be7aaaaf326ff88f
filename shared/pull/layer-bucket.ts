import { absentKey, type ContextValue, present, type RequestContext, unknownKey } from '../iam/conditions/context.ts'
import type { Statement } from '../iam/policy/policy.ts'
import type { VpcEndpoint } from '../inventory/network.ts'
import { isAccountId, partitionOf } from '../model/arn.ts'
import { endpointKeys } from './endpoint-context.ts'
import { endpointPolicyDocument } from './endpoint-document.ts'
import type { EndpointRequest } from './endpoint-requests.ts'
import type { PullWorld } from './types.ts'

/** An account that is nobody's. */
const someAccount = '000000000000'
const mostAccounts = 8

/** ARN of an object in the bucket that holds a region's layers. */
export function layerObject(region: string): string {
  return `arn:${partitionOf(region)}:s3:::prod-${region}-starport-layer-bucket/0000/layer`
}

/**
 * Who fetches layers: the addresses ECR hands out are signed by an identity of ECR in an account of AWS that is not
 * documented, never by the role that pulls. It is no account of ours; an account that the policy names and that is nobody
 * we know may be it, so each such account is asked about, and so is an identity without an organization.
 */
export function layerRequests(
  world: PullWorld,
  endpoint: VpcEndpoint,
  region: string,
): readonly (readonly EndpointRequest[])[] {
  const accounts = [someAccount, ...strangersIn(world, endpoint)]
  const contexts = accounts.flatMap((accountId) =>
    [present('o-0000000000'), absentKey].map((organization) => ({
      accountId,
      context: contextOf(world, endpoint, accountId, organization),
    })),
  )
  return contexts.map(({ accountId, context }) => [
    {
      caller: 'ECR',
      request: {
        principal: { kind: 'role', arn: `arn:${partitionOf(region)}:iam::${accountId}:role/ecr`, accountId },
        action: 's3:GetObject',
        resource: { arn: layerObject(region), accountId },
        context,
      },
    },
  ])
}

function contextOf(
  { now }: PullWorld,
  endpoint: VpcEndpoint,
  accountId: string,
  organization: ContextValue,
): RequestContext {
  return new Map([
    ...endpointKeys(endpoint),
    ['aws:principalaccount', present(accountId)],
    ['aws:principalorgid', organization],
    ['aws:principalorgpaths', organization.state === 'absent' ? absentKey : present('o-0000000000/r-0000/ou-0000/')],
    ['aws:resourceaccount', present(accountId)],
    ['s3:resourceaccount', present(accountId)],
    ['aws:resourceorgid', organization],
    ['aws:resourceorgpaths', organization.state === 'absent' ? absentKey : present('o-0000000000/r-0000/ou-0000/')],
    // Whether the identity counts as a service principal is not documented.
    ['aws:principalisawsservice', unknownKey],
    ['aws:securetransport', present('true')],
    ...(now === undefined ? [] : [['aws:currenttime', present(now.toISOString())] as const]),
  ])
}

/** Account ids that the policy names and that belong to nobody we know: one of them may be ECR's. */
function strangersIn({ inventory, organization }: PullWorld, endpoint: VpcEndpoint): readonly string[] {
  const document = endpointPolicyDocument(endpoint)
  if (document?.state !== 'known') return []
  const ours = new Set([
    ...inventory.scopes.map(({ accountId }) => accountId),
    ...organization.ownAccounts,
    ...organization.organizationAccounts,
    ...organization.trustedAccounts,
  ])
  const named = document.policy.statements.flatMap(accountsIn).filter((accountId) => !ours.has(accountId))
  return [...new Set(named)].slice(0, mostAccounts)
}

function accountsIn({ principal, conditions }: Statement): readonly string[] {
  const entries = principal?.kind === 'listed' ? principal.entries.map(({ value }) => value) : []
  const values = conditions.flatMap((condition) => condition.values)
  return [...entries, ...values].map((text) => text.split(':')[4] ?? text).filter(isAccountId)
}
