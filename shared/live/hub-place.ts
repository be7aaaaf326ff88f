import * as z from 'zod/mini'
import { InputError } from '../model/errors.ts'
import { optionalText, readVariables } from '../runtime/variables.ts'
import type { Bucket } from '../sources/published/get-text.ts'

const schema = z.object({
  /** Name of the hub's bucket; empty where the deployment has no hub. */
  PULLPATH_HUB_BUCKET: optionalText(/^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/, 'expected the name of a bucket'),
  /** Empty, or ends in `/`. */
  PULLPATH_HUB_PREFIX: optionalText(/^([\w!.*'()/-]{1,200}\/)?$/, 'expected a prefix that ends in /'),
  PULLPATH_HUB_ACCOUNT: optionalText(/^(\d{12})?$/, 'expected an account id'),
  /** The bucket's; empty: the function's own. */
  PULLPATH_HUB_REGION: optionalText(/^([a-z]{2,}(-[a-z0-9]+)+)?$/, 'expected a region'),
})

/** Where the hub publishes. */
export interface HubPlace {
  readonly bucket: Bucket
  readonly prefix: string
  /** Undefined: the function's own. */
  readonly region: string | undefined
}

/**
 * Where the environment says that the hub publishes; undefined where it names no bucket.
 * @throws InputError that names the variable
 */
export function hubPlaceOf(variables: Readonly<Record<string, string | undefined>>): HubPlace | undefined {
  const data = readVariables(schema, variables)
  const { PULLPATH_HUB_BUCKET: name, PULLPATH_HUB_PREFIX: prefix, PULLPATH_HUB_ACCOUNT: ownerId } = data
  if (name === '') return undefined
  if (ownerId === '') throw new InputError('environment variable PULLPATH_HUB_ACCOUNT: expected an account id')
  return { bucket: { name, ownerId }, prefix, region: data.PULLPATH_HUB_REGION || undefined }
}
