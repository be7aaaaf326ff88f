import type { Fact } from '../model/fact.ts'
import type { PolicySource } from '../model/policy-source.ts'

/** The two kinds of guardrail. */
export type GuardrailType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY'

/** A guardrail attached to a level. */
export interface Guardrail {
  readonly id: string
  readonly name: string
  /** Unknown when the content is missing or cannot be read; an empty one denies nothing and, as an SCP, allows nothing. */
  readonly content: Fact<PolicySource>
}

/** One level on the way from the root to an account. */
export interface OrganizationLevel {
  /** `r-…`, `ou-…` or the account id. */
  readonly orgIdentifier: string
  readonly guardrails: readonly Guardrail[]
}

/** AWS Organizations as far as the inventory shows it. */
export interface OrganizationTree {
  /** Undefined when no `AWS::Organizations::Organization` item says so. */
  readonly managementAccountId: string | undefined
  readonly organizationId: string | undefined
  /**
   * The levels that bind an account, root first, each with the policies of the type attached to it.
   * Known: the account's way to the root and the listing of policies are both there. Unknown otherwise, and the reason
   * names what is missing. Absent: the management account, or the policy type is not in use (no item of it anywhere
   * although the listing is complete).
   */
  levelsOf(accountId: string, type: GuardrailType): Fact<readonly OrganizationLevel[]>
  /** `o-…/r-…/ou-…/` for `aws:PrincipalOrgPaths`; unknown as above. */
  pathOf(accountId: string): Fact<string>
}
