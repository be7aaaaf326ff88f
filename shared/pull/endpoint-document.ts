import { policyDocumentOf } from '../iam/evaluate/document.ts'
import type { PolicyDocument } from '../iam/evaluate/types.ts'
import type { VpcEndpoint } from '../inventory/network.ts'

/** The policy of an endpoint as decisions take it; undefined without one: then everything is allowed. */
export function endpointPolicyDocument({ id, policy }: VpcEndpoint): PolicyDocument | undefined {
  return policy.state === 'absent' ? undefined : policyDocumentOf(`policy of endpoint ${id}`, policy)
}
