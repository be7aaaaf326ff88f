import { absentKey, type ContextValue, present, type RequestContext, unknownKey } from '../iam/conditions/context.ts'
import type { VpcEndpoint } from '../inventory/network.ts'

/** Keys, in lower case, that a request carries because it goes through this endpoint. Its private address is not known. */
export function endpointKeys({ id, vpcId, ownerId }: VpcEndpoint): RequestContext {
  return new Map<string, ContextValue>([
    ['aws:sourcevpce', present(id)],
    ['aws:sourcevpc', present(vpcId)],
    ['aws:sourceip', absentKey],
    ['aws:vpcsourceip', unknownKey],
    ['aws:vpceaccount', present(ownerId)],
  ])
}
