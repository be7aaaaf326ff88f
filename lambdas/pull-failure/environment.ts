import * as z from 'zod/mini'
import { checked } from '../../shared/events/event-bridge.ts'
import type { Organization } from '../../shared/model/organization.ts'

const variables = z.object({
  PULLPATH_ORGANIZATION_ID: z.optional(z.string().check(z.regex(/^(o-[a-z0-9]{10,32})?$/))),
  PULLPATH_TRUSTED_ACCOUNTS: z.optional(z.string().check(z.regex(/^(\d{12}(,\d{12})*)?$/))),
  PULLPATH_SECURITY_HUB: z.optional(z.enum(['on', 'off'])),
})

/** What the deployment tells this function through its environment. */
export interface Deployment {
  readonly organization: Organization
  readonly securityHub: boolean
}

/**
 * Reads the function's environment variables: those of `config-rule` that matter here, without the settings file, whose parser
 * alone is as large as this function.
 * @throws InputError that names the variable
 */
export function deployment(values: Readonly<Record<string, string | undefined>>): Deployment {
  const read = checked(variables, values, 'environment variable')
  const trusted = (read.PULLPATH_TRUSTED_ACCOUNTS ?? '').split(',').filter((id) => id !== '')
  const organizationId = read.PULLPATH_ORGANIZATION_ID
  return {
    organization: {
      ...(organizationId ? { organizationId } : {}),
      ownAccounts: new Set(),
      organizationAccounts: new Set(),
      trustedAccounts: new Set(trusted),
    },
    securityHub: read.PULLPATH_SECURITY_HUB !== 'off',
  }
}
