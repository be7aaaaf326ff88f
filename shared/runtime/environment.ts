import * as z from 'zod/mini'
import { optionalText, readVariables } from './variables.ts'

const schema = z.object({
  /** Settings of the deployment: a settings file as JSON, or empty. */
  PULLPATH_SETTINGS: z._default(z.string(), ''),
  /** `o-…`, or empty. */
  PULLPATH_ORGANIZATION_ID: optionalText(/^(o-[a-z0-9]{10,32})?$/, 'expected an organization id (o-…)'),
  /** Account ids, comma-separated, or empty. */
  PULLPATH_TRUSTED_ACCOUNTS: optionalText(/^(\d{12}(,\d{12})*)?$/, 'expected account ids'),
  /** Name of the role the function runs under, or empty. */
  PULLPATH_OWN_ROLE: optionalText(/^[\w+=,.@-]{0,64}$/, 'expected the name of a role'),
  /** `off` where findings shall go to AWS Config only. */
  PULLPATH_SECURITY_HUB: z._default(z.enum(['on', 'off'], 'Invalid option: expected one of "on"|"off"'), 'on'),
})

/** What the deployment tells a function through its environment. */
export interface Environment {
  readonly settingsText: string
  readonly organizationId: string | undefined
  readonly trustedAccounts: readonly string[]
  readonly securityHub: boolean
  readonly ownRole: string | undefined
}

/**
 * Reads the function's environment variables.
 * @throws InputError that names the variable
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const data = readVariables(schema, variables)
  return {
    settingsText: data.PULLPATH_SETTINGS,
    organizationId: data.PULLPATH_ORGANIZATION_ID || undefined,
    trustedAccounts: data.PULLPATH_TRUSTED_ACCOUNTS.split(',').filter((id) => id !== ''),
    securityHub: data.PULLPATH_SECURITY_HUB === 'on',
    ownRole: data.PULLPATH_OWN_ROLE || undefined,
  }
}
