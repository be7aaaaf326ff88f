import type { Deployment } from './deployment.ts'
import { rateOf } from './estate.ts'
import { dailyEvaluations, daysOfMonth, isHomeOnly, judgedOf, sum } from './evaluations.ts'
import { evaluationsCost, freeSecurityHubEvents, type PriceName, priceOf } from './prices.ts'
import { hubAlarms, runtime } from './runtime.ts'
import { type Usage, usageOf } from './usage.ts'

/** One line of the bill of a month, of the whole organization. */
export interface CostLine {
  readonly service: string
  readonly what: string
  readonly quantity: number
  readonly unit: string
  /** US dollars. */
  readonly usd: number
  /** What it was multiplied with; the first of them where there are tiers. */
  readonly price: PriceName
}

/** A number of evaluations and their price, US dollars. */
export interface Evaluations {
  readonly evaluations: number
  readonly usd: number
}

/** What a deployment costs. US dollars, a month of 30 days. */
export interface Cost {
  readonly lines: readonly CostLine[]
  readonly total: number
  readonly perAccount: number
  /** Once, when everything is judged for the first time. */
  readonly firstPass: Evaluations
  /** The same rules, if each judged every resource every day. */
  readonly dailyByTheseRules: Evaluations
  /** One rule each on repositories, VPCs and roles, if it judged every resource every day. */
  readonly dailyByOneRulePerType: Evaluations
}

/** What is aimed at: less than this per account and month, US dollars. */
export const aimPerAccount = 1

/** The bill of a month. */
export function costOf(deployment: Deployment): Cost {
  const lines = [...memberLines(deployment), ...(deployment.hub ? hubLines(deployment) : [])]
  const total = sum(lines.map(({ usd }) => usd))
  return {
    ...{ lines, total, perAccount: total / deployment.accounts },
    firstPass: firstPassOf(deployment),
    dailyByTheseRules: dailyOf(deployment, deployment.rules),
    dailyByOneRulePerType: dailyOf(deployment, onePerType),
  }
}

const onePerType = [
  { judges: 'AWS::ECR::Repository' },
  { judges: 'AWS::EC2::VPC' },
  { judges: 'AWS::IAM::Role' },
] as const

/** A number for each place, times how often there is such a place. */
type Summed = (of: (usage: Usage) => number) => number

function memberLines(deployment: Deployment): readonly CostLine[] {
  const { accounts, regions } = deployment
  const home = usageOf(deployment, 'home')
  const other = usageOf(deployment, 'other')
  const all: Summed = (of) => accounts * (of(home) + (regions - 1) * of(other))
  const line = lineMaker(deployment)
  const one = (service: string, what: string, of: (usage: Usage) => number, price: PriceName) =>
    line(service, what, all(of), price)
  return [
    ...evaluationLines(deployment, home, all),
    one(
      'AWS Config',
      'compliance changes as configuration items',
      ({ complianceItems }) => complianceItems,
      'config-item',
    ),
    one('Lambda', 'requests', ({ invocations }) => invocations, 'lambda-request'),
    one('Lambda', 'compute', ({ gbSeconds }) => gbSeconds, 'lambda-gb-second'),
    one('CloudWatch', 'logs written', ({ logGigabytes }) => logGigabytes, 'log-ingestion'),
    one('CloudWatch', 'logs kept', ({ logGigabytes }) => logGigabytes * runtime.logMonths, 'log-storage'),
    one('CloudWatch', 'metrics', ({ metricMonths }) => metricMonths, 'custom-metric'),
    one('CloudWatch', 'alarms', ({ alarms }) => alarms, 'alarm'),
    one('EventBridge', 'events', ({ events }) => events, 'eventbridge-event'),
    one('SQS', 'requests, empty receives among them', ({ queueRequests }) => queueRequests, 'sqs-request'),
    one('Security Hub', 'findings above the free ones', chargedFindings, 'security-hub-event'),
    ...(deployment.hub
      ? [
          one('S3', "members' reads of what the hub publishes", ({ hubReads }) => hubReads, 's3-get'),
          one('S3', "members' heartbeats", ({ hubWrites }) => hubWrites, 's3-put'),
          one('KMS', "members' reads and heartbeats", ({ hubReads, hubWrites }) => hubReads + hubWrites, 'kms-request'),
        ]
      : []),
  ]
}

function chargedFindings({ findings }: Usage): number {
  return Math.max(0, findings - freeSecurityHubEvents)
}

/** Evaluations have tiers by account and region: each kind bears its share. */
function evaluationLines({ accounts, regions, prices }: Deployment, home: Usage, all: Summed): readonly CostLine[] {
  const other = (all((usage) => allEvaluations(usage)) / accounts - allEvaluations(home)) / Math.max(1, regions - 1)
  const usd =
    accounts * (evaluationsCost(allEvaluations(home), prices) + (regions - 1) * evaluationsCost(other, prices))
  const total = all(allEvaluations)
  const kinds = [
    ['evaluations after changes', 'changes'],
    ['evaluations of everything after changes of policies', 'context'],
    ['results on the account, heartbeats among them', 'heartbeats'],
    ['evaluations that only prove a result token', 'proofs'],
    ['evaluations of what a daily sweep finds changed', 'drift'],
  ] as const
  return kinds.map(([what, kind]) => {
    const quantity = all(({ evaluations }) => evaluations[kind])
    const share = total === 0 ? 0 : quantity / total
    return {
      service: 'AWS Config',
      what,
      quantity,
      unit: 'rule evaluation',
      usd: usd * share,
      price: 'config-evaluation',
    }
  })
}

function allEvaluations({ evaluations }: Usage): number {
  const { changes, context, heartbeats, proofs, drift } = evaluations
  return changes + context + heartbeats + proofs + drift
}

function hubLines(deployment: Deployment): readonly CostLine[] {
  const shards = deployment.accounts * deployment.regions
  const reports = rateOf(deployment.estate, 'reports')
  const { shardTransitions, reportTransitions, shardSeconds, shardGigabytes, organizationSeconds } = runtime
  const line = lineMaker(deployment)
  const hourly = 24 * daysOfMonth
  const compute =
    reports * shards * shardSeconds * shardGigabytes + hourly * organizationSeconds * runtime.memoryGigabytes
  const gigabytes = (reports * shards * runtime.shardBytes * runtime.reportMonths) / 1e9
  return [
    line('Hub', 'key', 1, 'kms-key'),
    line('Hub', 'dashboard', 1, 'dashboard'),
    line('Hub', 'alarms', hubAlarms, 'alarm'),
    line('Hub', 'Lambda requests', reports * (shards + 2) + hourly, 'lambda-request'),
    line('Hub', 'Lambda compute', compute, 'lambda-gb-second'),
    line(
      'Hub',
      'Step Functions of the report',
      reports * (shards * shardTransitions + reportTransitions),
      'step-transition',
    ),
    line('Hub', 'S3 writes of the report', reports * (2 * shards + 10) + 3 * hourly, 's3-put'),
    line('Hub', 'S3 reads of the report', reports * 3 * shards, 's3-get'),
    line('Hub', 'S3 storage', gigabytes, 's3-storage'),
  ]
}

function lineMaker({ prices }: Deployment) {
  return (service: string, what: string, quantity: number, price: PriceName): CostLine => {
    const { usd, unit } = priceOf(prices, price)
    return { service, what, quantity, unit, usd: quantity * usd, price }
  }
}

function firstPassOf(deployment: Deployment): Evaluations {
  const { accounts, regions, rules, estate, prices } = deployment
  const judged = (place: 'home' | 'other') =>
    sum(rules.filter((rule) => place === 'home' || !isHomeOnly(rule)).map((rule) => judgedOf(rule, estate)))
  return inPlaces(accounts, regions, judged, (number) => evaluationsCost(number, prices))
}

function dailyOf({ accounts, regions, estate, prices }: Deployment, rules: Parameters<typeof dailyEvaluations>[0]) {
  const evaluations = (place: 'home' | 'other') => dailyEvaluations(rules, estate, place)
  return inPlaces(accounts, regions, evaluations, (number) => evaluationsCost(number, prices))
}

function inPlaces(
  accounts: number,
  regions: number,
  evaluationsOf: (place: 'home' | 'other') => number,
  usdOf: (evaluations: number) => number,
): Evaluations {
  const [home, other] = [evaluationsOf('home'), evaluationsOf('other')]
  return {
    evaluations: accounts * (home + (regions - 1) * other),
    usd: accounts * (usdOf(home) + (regions - 1) * usdOf(other)),
  }
}
