/** How a service deviates from the general rule that identity or resource policy suffices within one account. */
export interface ServiceOverride {
  /** What the resource policy is called in a message. */
  readonly resourcePolicy: string
}

interface Row extends ServiceOverride {
  /** In lower case; a trailing `*` stands for the rest. */
  readonly actions: readonly string[]
  /** Text the resource's ARN holds. */
  readonly resource: string
}

/**
 * The resource policy has to allow the caller itself, or name the account so that identity policies decide.
 * Not in the table, because it depends on the object and not on a policy: an S3 object that another account owns.
 * Access through a KMS grant is no policy either and is not looked at.
 */
const rows: readonly Row[] = [
  { actions: ['kms:*'], resource: ':key/', resourcePolicy: 'key policy' },
  {
    actions: ['sts:assumerole*', 'sts:tagsession', 'sts:setsourceidentity', 'sts:setcontext'],
    resource: ':role/',
    resourcePolicy: 'role trust policy',
  },
]

/** The deviation that holds for the action (lower case) on the resource. */
export function overrideOf(action: string, resource: string): ServiceOverride | undefined {
  return rows.find((row) => row.actions.some((pattern) => covers(pattern, action)) && resource.includes(row.resource))
}

function covers(pattern: string, action: string): boolean {
  return pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action
}
