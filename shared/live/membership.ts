import type { Organization } from '../model/organization.ts'
import type { Gap } from '../sources/reading.ts'

/** Types that say who is a member of the organization. */
export const membershipTypes: readonly string[] = ['AWS::Organizations::Account', 'AWS::Organizations::Organization']

/** The organization, with why its members could not be read when a reading says that. */
export function withUnread(organization: Organization, gaps: readonly Gap[]): Organization {
  const gap = gaps.find(isMembershipGap)
  return gap === undefined ? organization : { ...organization, unread: gap.reason }
}

/** Whether a gap is about who is a member: a decision that rests on it says so itself, and every other one stands. */
export function isMembershipGap({ resourceType }: Gap): boolean {
  return membershipTypes.includes(resourceType)
}
