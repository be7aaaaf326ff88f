import type { Hint } from '../../events/resource-change.ts'
import type { View } from '../live.ts'

/** Roles judged for one event: some ten calls each, which take about half a minute. Their rules are swept beyond that. */
export const MOST_ROLES = 50

/** The roles that hold a policy, or why they are left to AWS Config. */
export type Holders = { readonly roles: readonly Hint[] } | { readonly left: string }

/**
 * The roles that hold the hinted policy now, as a policy or as their boundary. Nobody holds one that is gone.
 * @throws Error when they could not be listed just now, so that nobody knows whom it concerns
 */
export async function holdersOf({ name: policyArn }: Hint, { reader, sources }: View): Promise<Holders> {
  const source = sources.find(({ rolesWith }) => rolesWith !== undefined)
  const found = await source?.rolesWith?.(reader, policyArn)
  if (found === undefined) throw new Error('this function sees no roles')
  if (found.state === 'absent') return { roles: [] }
  if (found.state === 'known') {
    const most = `${found.value.length} roles hold the policy, more than ${MOST_ROLES}`
    return found.value.length > MOST_ROLES ? { left: most } : { roles: found.value.map(roleHint) }
  }
  const reason = `which roles hold the policy could not be read: ${found.reason}`
  if (found.transience === 'passing') throw new Error(reason)
  return { left: reason }
}

function roleHint(name: string): Hint {
  return { type: 'AWS::IAM::Role', name }
}
