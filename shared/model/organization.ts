/** Who is "ours". Accounts of the inventory itself are own; the rest comes from settings and AWS Organizations. */
export interface Organization {
  /** `o-…`, when known. */
  readonly organizationId?: string
  /** The account that manages it, which service and resource control policies do not bind; when known. */
  readonly managementAccountId?: string
  /** Accounts stated as own in settings. The account that owns the judged resource is always own. */
  readonly ownAccounts: ReadonlySet<string>
  /** Members of our AWS Organization as far as the inventory lists them. */
  readonly organizationAccounts: ReadonlySet<string>
  /** Accounts of others that settings declare trusted. */
  readonly trustedAccounts: ReadonlySet<string>
  /**
   * Why the members could not be read where somebody publishes them: an account that is not listed here may be one then. Missing where
   * they were read, and where nobody publishes them.
   */
  readonly unread?: string
}
