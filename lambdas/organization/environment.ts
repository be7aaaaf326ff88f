import * as z from 'zod/mini'
import { optionalText, readVariables } from '../../shared/runtime/variables.ts'

const key = /^[\w!.*'()/-]{1,512}$/

const schema = z.object({
  /** Name of the hub's bucket. */
  PULLPATH_HUB_BUCKET: z.string('is missing').check(z.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected a bucket')),
  /** Empty, or ends in `/`. */
  PULLPATH_HUB_PREFIX: optionalText(/^([\w!.*'()/-]{1,200}\/)?$/, 'expected a prefix that ends in /'),
  /** Key of the settings file that people edit, in the same bucket. */
  PULLPATH_SETTINGS_SOURCE: z._default(z.string().check(z.regex(key, 'expected a key')), 'source/settings.yaml'),
})

/** What the deployment tells the function through its environment. */
export interface Environment {
  readonly bucket: string
  readonly prefix: string
  readonly settingsSource: string
}

/**
 * Reads the function's environment variables.
 * @throws InputError that names the variable
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const data = readVariables(schema, variables)
  return {
    bucket: data.PULLPATH_HUB_BUCKET,
    prefix: data.PULLPATH_HUB_PREFIX,
    settingsSource: data.PULLPATH_SETTINGS_SOURCE,
  }
}
