import * as z from 'zod/mini'
import { optionalText, readVariables } from '../../shared/runtime/variables.ts'

const bucket = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const prefix = /^([\w!.*'()/-]{1,200}\/)?$/
const region = '[a-z]{2,}(?:-[a-z0-9]+)+'
const unit = '(?:r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32})'
const ruleSet = '[a-z]+=(?:recommended|all|none)'

const schema = z.object({
  /** Name of the hub's bucket. */
  PULLPATH_HUB_BUCKET: z.string('is missing').check(z.regex(bucket, 'expected a bucket')),
  /** Below it the hub publishes; empty, or ends in `/`. */
  PULLPATH_HUB_PREFIX: optionalText(prefix, 'expected a prefix that ends in /'),
  /** Below it reports lie; ends in `/`. */
  PULLPATH_REPORT_PREFIX: z._default(
    z.string().check(z.regex(/^[\w!.*'()/-]{1,200}\/$/, 'expected a prefix that ends in /')),
    'reports/',
  ),
  /** Comma-separated; empty: the regions the hub account has enabled. */
  PULLPATH_REGIONS: optionalText(new RegExp(`^(${region}(,${region})*)?$`), 'expected regions'),
  /** Whose AWS Config records IAM; empty: the function's own. */
  PULLPATH_HOME_REGION: optionalText(new RegExp(`^(${region})?$`), 'expected a region'),
  /** The bucket AWS Config delivers to; empty: what it records is read through the aggregator. */
  PULLPATH_CONFIG_BUCKET: optionalText(new RegExp(`^(${bucket.source.slice(1, -1)})?$`), 'expected a bucket'),
  PULLPATH_CONFIG_PREFIX: optionalText(prefix, 'expected a prefix that ends in /'),
  /** Owner of that bucket; empty: the hub account. */
  PULLPATH_CONFIG_ACCOUNT: optionalText(/^(\d{12})?$/, 'expected an account id'),
  /** Region of that bucket; empty: the function's own. */
  PULLPATH_CONFIG_REGION: optionalText(new RegExp(`^(${region})?$`), 'expected a region'),
  /** Hours after which a snapshot counts for nothing. */
  PULLPATH_SNAPSHOT_HOURS: z._default(z.string().check(z.regex(/^[1-9]\d{0,2}$/, 'expected 1 to 999 hours')), '48'),
  /** Which rules members have, by area; an area that is not named has the recommended ones. */
  PULLPATH_RULE_SETS: optionalText(new RegExp(`^(${ruleSet}(,${ruleSet})*)?$`), 'expected area=recommended|all|none'),
  /** Roots and units whose accounts have members, comma-separated; empty: all accounts do. */
  PULLPATH_ORGANIZATIONAL_UNITS: optionalText(new RegExp(`^(${unit}(,${unit})*)?$`), 'expected ids of roots or units'),
  /** Name of the aggregator of the hub account and region. */
  PULLPATH_AGGREGATOR: z.string('is missing').check(z.regex(/^[\w-]{1,256}$/, 'expected the name of an aggregator')),
})

/** What the deployment tells the function through its environment. Undefined: the function's own region or account. */
export interface Environment {
  readonly bucket: string
  readonly prefix: string
  readonly reportPrefix: string
  readonly regions: readonly string[]
  readonly homeRegion: string | undefined
  readonly config: ConfigPlace | undefined
  /** As `deployedRules` takes them. */
  readonly ruleSets: string
  /** Ids of what members are deployed to; none: the whole organization. */
  readonly targets: readonly string[]
  readonly aggregator: string
}

/** Where AWS Config delivers, and how old a snapshot may be. */
export interface ConfigPlace {
  readonly bucket: string
  readonly prefix: string
  readonly accountId: string | undefined
  readonly region: string | undefined
  readonly maxHours: number
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
    reportPrefix: data.PULLPATH_REPORT_PREFIX,
    regions: listOf(data.PULLPATH_REGIONS),
    homeRegion: data.PULLPATH_HOME_REGION || undefined,
    config: configPlace(data),
    ruleSets: data.PULLPATH_RULE_SETS,
    targets: listOf(data.PULLPATH_ORGANIZATIONAL_UNITS),
    aggregator: data.PULLPATH_AGGREGATOR,
  }
}

function listOf(text: string): readonly string[] {
  return text.split(',').filter((one) => one !== '')
}

function configPlace(data: z.output<typeof schema>): ConfigPlace | undefined {
  if (data.PULLPATH_CONFIG_BUCKET === '') return undefined
  return {
    bucket: data.PULLPATH_CONFIG_BUCKET,
    prefix: data.PULLPATH_CONFIG_PREFIX,
    accountId: data.PULLPATH_CONFIG_ACCOUNT || undefined,
    region: data.PULLPATH_CONFIG_REGION || undefined,
    maxHours: Number(data.PULLPATH_SNAPSHOT_HOURS),
  }
}
