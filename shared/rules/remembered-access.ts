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

/** `accessTo`, asked once per distinct policies, account and region; per repository only where a policy names resources. */
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

function keyOf({ documents, resourceArn, resourceAccountId, region, now }: AccessInput): string {
  const namesResources = documents.some(({ policy }) =>
    policy.statements.some(({ resource }) => resource !== undefined),
  )
  const asked = documents.map(({ document, policy, appliesTo }) => [document, numberOf(policy), appliesTo])
  return JSON.stringify([resourceAccountId, region, namesResources ? resourceArn : '', now?.getTime() ?? 0, asked])
}

function numberOf(policy: Policy): number {
  const number = numbers.get(policy) ?? ++policiesSeen
  numbers.set(policy, number)
  return number
}
