import * as z from 'zod'
import { InputError } from '../model/errors.ts'

const schema = z.object({
  /** Settings of the deployment, the text of a settings file (YAML or JSON). */
  PULLPATH_SETTINGS: z.string().default(''),
  /** `o-…`, or empty. */
  PULLPATH_ORGANIZATION_ID: z
    .string()
    .regex(/^(o-[a-z0-9]{10,32})?$/, 'expected an organization id (o-…)')
    .default(''),
  /** Account ids, comma-separated, or empty. */
  PULLPATH_TRUSTED_ACCOUNTS: z
    .string()
    .regex(/^(\d{12}(,\d{12})*)?$/, 'expected account ids')
    .default(''),
  /** Name of the role the function runs under, or empty. */
  PULLPATH_OWN_ROLE: z
    .string()
    .regex(/^[\w+=,.@-]{0,64}$/, 'expected the name of a role')
    .default(''),
  /** `off` where findings shall go to AWS Config only. */
  PULLPATH_SECURITY_HUB: z.enum(['on', 'off']).default('on'),
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
  const result = schema.safeParse(variables)
  if (!result.success) {
    const issue = result.error.issues[0]
    throw new InputError(`environment variable ${issue?.path.join('.')}: ${issue?.message}`)
  }
  const { data } = result
  return {
    settingsText: data.PULLPATH_SETTINGS,
    organizationId: data.PULLPATH_ORGANIZATION_ID || undefined,
    trustedAccounts: data.PULLPATH_TRUSTED_ACCOUNTS.split(',').filter((id) => id !== ''),
    securityHub: data.PULLPATH_SECURITY_HUB === 'on',
    ownRole: data.PULLPATH_OWN_ROLE || undefined,
  }
}
