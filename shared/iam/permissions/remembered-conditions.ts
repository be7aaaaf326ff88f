import type { RequestContext, Truth } from '../conditions/context.ts'
import { evaluateConditions } from '../conditions/evaluate-condition.ts'
import { lookupOf } from '../evaluate/derived-context.ts'
import type { AccessRequest } from '../evaluate/types.ts'
import type { Condition } from '../policy/policy.ts'

/** Whether the conditions of a statement hold for a request on a resource; looked at once for each region and context. */
export function rememberedConditions(
  conditions: readonly Condition[],
  version: string,
  requestOn: (arn: string) => AccessRequest,
): (arn: string) => Truth {
  if (conditions.length === 0) return () => 'true'
  const variables = version === '2012-10-17'
  const remembered = new Map<string, { readonly context: RequestContext; readonly truth: Truth }>()
  return (arn) => {
    const request = requestOn(arn)
    const { context } = request
    // Of the ARN itself only the region becomes a key of the request.
    const region = arn.split(':', 4)[3] ?? ''
    const before = remembered.get(region)
    if (before?.context === context) return before.truth
    const truth = evaluateConditions(conditions, lookupOf(request), { variables })
    remembered.set(region, { context, truth })
    return truth
  }
}
