import { type Access, type AccessInput, accessTo } from '../iam/access.ts'
import type { Policy } from '../iam/policy/policy.ts'
import type { Organization } from '../model/organization.ts'

/** Answers of one audit by question; they go when the audit's organization does. */
const answers = new WeakMap<Organization, Map<string, Access>>()
/** Parsed policies are remembered by text, so equal texts are one object with one number. */
const numbers = new WeakMap<Policy, number>()
let policiesSeen = 0

/** Questions remembered per audit: repositories of one team share their policy text, and four rules ask about each. */
const rememberedAnswers = 5000

/** `accessTo`, asked once per distinct policies, account and region; per repository only where a policy names resources or tags. */
export function rememberedAccess(input: AccessInput): Access {
  const ofAudit = answers.get(input.organization) ?? new Map<string, Access>()
  answers.set(input.organization, ofAudit)
  const key = keyOf(input)
  const before = ofAudit.get(key)
  if (before !== undefined) return before
  const answer = accessTo(input)
  if (ofAudit.size >= rememberedAnswers) ofAudit.clear()
  ofAudit.set(key, answer)
  return answer
}

/** Whether a condition, or a variable of one, looks at the tags of the resource. */
export function namesResourceTags({ statements }: Policy): boolean {
  return statements.some(({ conditions }) =>
    conditions.some(({ key, values }) => [key, ...values].some((text) => /:resourcetag\//i.test(text))),
  )
}

function keyOf({ documents, resourceArn, resourceAccountId, region, now, resourceTags }: AccessInput): string {
  const namesResources = documents.some(({ policy }) =>
    policy.statements.some(({ resource }) => resource !== undefined),
  )
  const asked = documents.map(({ document, policy, appliesTo }) => [document, numberOf(policy), appliesTo])
  const tags = documents.some(({ policy }) => namesResourceTags(policy)) ? [...(resourceTags ?? [['unknown']])] : []
  const resource = namesResources ? resourceArn : ''
  return JSON.stringify([resourceAccountId, region, resource, now?.getTime() ?? 0, asked, tags])
}

function numberOf(policy: Policy): number {
  const number = numbers.get(policy) ?? ++policiesSeen
  numbers.set(policy, number)
  return number
}
