import { absentKey, type ContextValue, present, type RequestContext, unknownKey } from '../iam/conditions/context.ts'
import type { VpcEndpoint } from '../inventory/network.ts'

/** Keys, in lower case, that a request carries because it goes through this endpoint. Its private address is not known. */
export function endpointKeys({ id, vpcId, ownerId, serviceName }: VpcEndpoint): RequestContext {
  return new Map<string, ContextValue>([
    ['aws:sourcevpce', present(id)],
    ['aws:sourcevpc', present(vpcId)],
    ['aws:sourceip', absentKey],
    ['aws:vpcsourceip', unknownKey],
    // Of the services that tell whose endpoint it is AWS keeps a list: S3 is on it, of ECR nobody told.
    ['aws:vpceaccount', serviceName.endsWith('.s3') ? present(ownerId) : unknownKey],
  ])
}
