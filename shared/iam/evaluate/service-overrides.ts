import type { AccessRequest } from './types.ts'

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
 * Access through a KMS grant is no policy and is not looked at.
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
  for (const row of rows)
    if (row.actions.some((pattern) => covers(pattern, action)) && resource.includes(row.resource)) return row
  return undefined
}

function covers(pattern: string, action: string): boolean {
  return pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action
}

/**
 * True for an S3 object that another account owns than the bucket: the bucket policy can deny only, and the owner grants by its
 * own identity policies or by the ACL of the object.
 */
export function isForeignObject({ arn, accountId, bucketAccountId }: AccessRequest['resource']): boolean {
  if (bucketAccountId === undefined || bucketAccountId === accountId) return false
  return arn.split(':', 3)[2] === 's3' && arn.includes('/')
}
