import * as z from 'zod/mini'
import { InputError } from '../model/errors.ts'
import { optionalText, readVariables } from '../runtime/variables.ts'
import type { AggregatorPlace } from '../sources/foreign-repositories/aggregator-access.ts'

const schema = z.object({
  /** Exact ARN of the role that reads the hub's aggregator; empty where repositories of other accounts are not looked up. */
  PULLPATH_AGGREGATOR_ROLE: optionalText(
    /^(arn:[a-z-]{3,20}:iam::\d{12}:role\/[\w+=,.@/-]{1,512})?$/,
    'expected the ARN of a role',
  ),
  PULLPATH_AGGREGATOR_EXTERNAL_ID: optionalText(/^([\w+=,.@:/-]{2,1224})?$/, 'expected an external id'),
  PULLPATH_AGGREGATOR: optionalText(/^[\w-]{0,256}$/, 'expected the name of an aggregator'),
  /** The aggregator's; empty: the function's own. */
  PULLPATH_AGGREGATOR_REGION: optionalText(/^([a-z]{2,}(-[a-z0-9]+)+)?$/, 'expected a region'),
})

/**
 * Where the environment says that the hub's aggregator is; undefined where it names no role.
 * @throws InputError that names the variable, never its value
 */
export function aggregatorPlaceOf(
  variables: Readonly<Record<string, string | undefined>>,
): (AggregatorPlace & { readonly region: string | undefined }) | undefined {
  const data = readVariables(schema, variables)
  if (data.PULLPATH_AGGREGATOR_ROLE === '') return undefined
  for (const name of ['PULLPATH_AGGREGATOR_EXTERNAL_ID', 'PULLPATH_AGGREGATOR'] as const) {
    if (data[name] === '') throw new InputError(`environment variable ${name}: is missing`)
  }
  return {
    roleArn: data.PULLPATH_AGGREGATOR_ROLE,
    externalId: data.PULLPATH_AGGREGATOR_EXTERNAL_ID,
    aggregator: data.PULLPATH_AGGREGATOR,
    region: data.PULLPATH_AGGREGATOR_REGION || undefined,
  }
}
