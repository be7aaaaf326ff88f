import type { AuditRequest } from '../events/audit-request.ts'
import { globalRegion, isGlobalType } from '../inventory/recordable-types.ts'
import { isAccountId, parseArn } from '../model/arn.ts'
import { InputError } from '../model/errors.ts'
import type { Scope } from '../model/resource.ts'

/**
 * The account and region this function runs in, from its own ARN: the one thing in an invocation nobody else chooses.
 * @throws InputError when the text is not a function ARN
 */
export function ownScopeOf(invokedFunctionArn: string): Scope {
  const arn = parseArn(invokedFunctionArn)
  if (arn?.service !== 'lambda' || !isAccountId(arn.accountId) || arn.region === '') {
    throw new InputError('context.invokedFunctionArn: expected the ARN of a function')
  }
  return { accountId: arn.accountId, region: arn.region }
}

/**
 * Refuses a request that speaks for another account or region: whoever may invoke the function must not be able to
 * make it judge, or write about, anything but its own.
 * @throws InputError naming the field
 */
export function assertOwn(request: AuditRequest, own: Scope): void {
  const { invocation } = request
  const rule = parseArn(invocation.ruleArn)
  refuseUnless(invocation.accountId === own.accountId, 'event.accountId', 'account')
  refuseUnless(rule?.accountId === own.accountId, 'event.configRuleArn', 'account')
  refuseUnless(rule?.region === own.region, 'event.configRuleArn', 'region')
  if (request.kind === 'scheduled') return
  refuseUnless(request.resource.accountId === own.accountId, 'configurationItem.awsAccountId', 'account')
  const { region, type } = request.resource
  // AWS Config states either for IAM. A resource of a region never is everywhere.
  const isOwn = region === own.region || (region === globalRegion && isGlobalType(type))
  refuseUnless(isOwn, 'configurationItem.awsRegion', 'region')
}

function refuseUnless(condition: boolean, field: string, what: 'account' | 'region'): void {
  if (!condition) throw new InputError(`${field}: expected the ${what} of this function`)
}
