import { InputError } from '../model/errors.ts'

/**
 * How well a price is founded: `read` on a page of AWS or in a price list made from AWS's own, `secondary` in somebody else's
 * words, `unverified` from nowhere we could read.
 */
export type PriceStatus = 'read' | 'secondary' | 'unverified'

/** What AWS asks for one unit, and where that is said. Prices are those of us-east-1, without free tiers of an account's bill. */
export interface Price {
  readonly name: string
  /** US dollars for one `unit`. */
  readonly usd: number
  readonly unit: string
  readonly source: string
  /** When the source was written or read, as exactly as is known. */
  readonly date: string
  readonly status: PriceStatus
}

const infracost = (test: string, commit: string) =>
  `infracost internal/providers/terraform/aws/testdata/${test}_test.golden @${commit}`
const lists = { status: 'read', date: 'read by 2026-11' } as const
const cloudWatchPage = 'aws.amazon.com/cloudwatch/pricing'

const rows = [
  {
    ...{ name: 'config-evaluation', usd: 0.001, unit: 'rule evaluation, the first 100,000 of an account and region' },
    ...{ ...lists, source: `aws.amazon.com/config/pricing; ${infracost('config_config_rule', '05030177')}` },
  },
  {
    ...{ name: 'config-evaluation-tier-2', usd: 0.0008, unit: 'rule evaluation, the next 400,000' },
    ...{ ...lists, source: infracost('config_config_rule', '05030177') },
  },
  {
    ...{ name: 'config-evaluation-tier-3', usd: 0.0005, unit: 'rule evaluation above 500,000' },
    ...{ ...lists, source: infracost('config_config_rule', '05030177') },
  },
  {
    ...{ name: 'config-item', usd: 0.003, unit: 'configuration item, recorded continuously' },
    ...{ source: 'aws.amazon.com/config/pricing; aws-samples/cloud-operations-best-practices PR 76' },
    ...{ date: 'read by 2026-11', status: 'secondary' },
  },
  {
    ...{ name: 'lambda-request', usd: 0.000_000_2, unit: 'request' },
    ...{ ...lists, source: infracost('lambda_function', '01c59b17') },
  },
  {
    ...{ name: 'lambda-gb-second', usd: 0.000_013_333_4, unit: 'GB-second, arm64' },
    ...{ ...lists, source: infracost('lambda_function', '01c59b17') },
  },
  {
    ...{ name: 'log-ingestion', usd: 0.5, unit: 'GB' },
    ...{ ...lists, source: infracost('cloudwatch_log_group', '25994726') },
  },
  {
    ...{ name: 'log-storage', usd: 0.03, unit: 'GB-month' },
    ...{ ...lists, source: infracost('cloudwatch_log_group', '25994726') },
  },
  {
    ...{ name: 'custom-metric', usd: 0.3, unit: 'metric and month, by the hours it has values in' },
    ...{ source: 'signoz.io/guides/cloudwatch-pricing; that hours count is unverified' },
    ...{ date: '2026-02', status: 'secondary' },
  },
  {
    ...{ name: 'alarm', usd: 0.1, unit: 'alarm and month, standard resolution' },
    ...{ ...lists, source: infracost('cloudwatch_metric_alarm', '25994726') },
  },
  {
    ...{ name: 'dashboard', usd: 3, unit: 'dashboard and month' },
    ...{ ...lists, source: infracost('cloudwatch_dashboard', '5cdfa4be') },
  },
  {
    ...{ name: 'eventbridge-event', usd: 0, unit: 'event of an AWS service on the default bus' },
    ...{ ...lists, source: `${cloudWatchPage} ("All events except custom events are included")` },
  },
  {
    ...{ name: 'sqs-request', usd: 0.000_000_4, unit: 'request to a standard queue' },
    ...{ ...lists, source: infracost('sqs_queue', '34467f62') },
  },
  {
    ...{ name: 'kms-key', usd: 1, unit: 'key and month' },
    ...{ ...lists, source: infracost('kms_key', '728ec2c3') },
  },
  {
    ...{ name: 'kms-request', usd: 0.000_003, unit: 'request' },
    ...{ ...lists, source: infracost('kms_key', '728ec2c3') },
  },
  {
    ...{ name: 'security-hub-event', usd: 0.000_03, unit: 'finding event above 10,000 of an account and region' },
    ...{ source: 'AWS GCR gitbook', date: 'unknown', status: 'secondary' },
  },
  {
    ...{ name: 'step-transition', usd: 0.000_025, unit: 'state transition' },
    ...{ ...lists, source: `aws.amazon.com/step-functions/pricing; ${infracost('sfn_state_machine', '01c59b17')}` },
  },
  {
    ...{ name: 's3-storage', usd: 0.023, unit: 'GB-month' },
    ...{ ...lists, source: infracost('s3_bucket', '068dadf9') },
  },
  {
    ...{ name: 's3-put', usd: 0.000_005, unit: 'PUT or LIST request' },
    ...{ ...lists, source: infracost('s3_bucket', '068dadf9') },
  },
  {
    ...{ name: 's3-get', usd: 0.000_000_4, unit: 'GET request' },
    ...{ ...lists, source: infracost('s3_bucket', '068dadf9') },
  },
] as const satisfies readonly Price[]

/** The name of a price. */
export type PriceName = (typeof rows)[number]['name']

/** Every price, by name. */
export type Prices = ReadonlyMap<PriceName, Price>

/** The prices with their sources. */
export const listPrices: Prices = new Map(rows.map((row): [PriceName, Price] => [row.name, row]))

/** Security Hub takes this many findings of an account and region and month for nothing (secondary source, as its price). */
export const freeSecurityHubEvents = 10_000

/** Evaluations of an account and region and month at each price of AWS Config, the last without end. */
export const evaluationTiers: readonly { readonly price: PriceName; readonly upTo: number }[] = [
  { price: 'config-evaluation', upTo: 100_000 },
  { price: 'config-evaluation-tier-2', upTo: 500_000 },
  { price: 'config-evaluation-tier-3', upTo: Number.POSITIVE_INFINITY },
]

/** The price of a name. */
export function priceOf(prices: Prices, name: PriceName): Price {
  const price = prices.get(name)
  if (price === undefined) throw new Error(`no price ${name}`)
  return price
}

/**
 * The prices with some of the user's own.
 * @throws InputError for a name that is no price
 */
export function withOwnPrices(prices: Prices, own: ReadonlyMap<string, number>): Prices {
  const known = new Map(prices)
  for (const [name, usd] of own) {
    const found = [...prices.values()].find((price) => price.name === name)
    if (found === undefined)
      throw new InputError(`--price: unknown name "${name}"; known: ${[...prices.keys()].join(', ')}`)
    known.set(found.name as PriceName, { ...found, usd, source: '--price', date: 'now', status: 'read' })
  }
  return known
}

/** What evaluations of one account and region cost in a month, US dollars. */
export function evaluationsCost(evaluations: number, prices: Prices): number {
  let below = 0
  let usd = 0
  for (const { price, upTo } of evaluationTiers) {
    usd += Math.max(0, Math.min(evaluations, upTo) - below) * priceOf(prices, price).usd
    below = upTo
  }
  return usd
}
