import type { Decision, GuardrailLevel, PolicyDocument } from '../iam/evaluate/types.ts'
import type { Role } from '../inventory/iam.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Organization } from '../model/organization.ts'
import type { Evidence } from '../model/verdict.ts'

/** What decisions about pulls look at. */
export interface PullWorld {
  readonly inventory: Inventory
  readonly organization: Organization
  /** The time of the decision; without it any time is possible. */
  readonly now?: Date
}

/** Who fetches the image: decides which condition keys a request carries (`pull-context.ts`). */
export type Puller = 'fargateTask' | 'ecsInstance' | 'ecsInstanceExecutionRole' | 'eksNode' | 'eksFargatePod'

/** Every document that has a say on what a role may do, whatever the resource. */
export interface RoleLayers {
  readonly role: Role
  readonly identityPolicies: readonly PolicyDocument[]
  readonly permissionsBoundaries?: readonly PolicyDocument[]
  readonly serviceControlPolicies?: readonly GuardrailLevel[]
  readonly managementAccountId?: string
  /** "assumes no service control policy denies it (…)": verdicts that rest on these layers must carry them. */
  readonly assumptions: readonly string[]
  /** AWS-managed policies whose text is the shipped one, with its capture date. */
  readonly evidence: readonly Evidence[]
}

/** One decided request of a pull. */
export interface PullStep {
  /** `trust`: the service may assume the role; `token`: GetAuthorizationToken; `pull`: an action on the repository. */
  readonly kind: 'trust' | 'token' | 'pull'
  readonly action: string
  /** ARN of the repository or role, or `*`. */
  readonly resource: string
  readonly decision: Decision
}

/** Whether a role can pull: every step with its decision. */
export interface PullAnswer {
  readonly status: 'pass' | 'fail' | 'unknown'
  readonly steps: readonly PullStep[]
  readonly assumptions: readonly string[]
  readonly evidence: readonly Evidence[]
}
