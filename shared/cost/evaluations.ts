import { changeScopeOf, homeRegionTypes } from '../rules/change-scope.ts'
import { judgedTypes, type RuleMeta } from '../rules/define-rule.ts'
import { changesOf, countOf, deletionsOf, type Estate, rateOf } from './estate.ts'

/** Days of a month, as AWS's own examples count. */
export const daysOfMonth = 30
/** One day in so many a sweep of a rule sends its findings again although nothing has changed. */
const refreshDays = 30
/** Days after which a sweep writes the account's own result again although it is the same. */
const markDays = 7

/**
 * What is sent when a change makes a rule judge everything again, as a changed policy does with roles: every verdict, or only
 * those that differ from AWS Config's. The functions send what differs.
 */
export const contextSends: 'everything' | 'differences' = 'differences'

/** What one rule does in one account and region in a month. All are averages and need not be whole. */
export interface RuleWork {
  /** Invocations because AWS Config tells of a change. */
  readonly changes: number
  /** Verdicts on resources that have changed themselves, or whose VPC or service has: Security Hub is sent each. */
  readonly verdicts: number
  /** Evaluations of those verdicts: AWS Config is put only what it does not show, what takes a result away among them. */
  readonly ofChanges: number
  /** Evaluations because something has changed on which verdicts on all resources of the type rest. */
  readonly ofContext: number
  /** Daily sweeps. */
  readonly sweeps: number
  /**
   * The account's own result: daily of the rule that is the heartbeat of its function; of the others after a sweep that has sent
   * something, and once a week.
   */
  readonly heartbeats: number
  /**
   * Evaluations that only show that the result token is good, before Security Hub is sent what AWS Config shows already: verdicts of
   * changes since the sweep before, what is refreshed, and node groups, whose results do not tell them apart; and before it is sent
   * that a resource is gone: the result is taken away only after that.
   */
  readonly proofs: number
  /** Evaluations of what a sweep finds to differ, and of results that it takes away. */
  readonly drift: number
  /** Findings a sweep sends again because Security Hub forgets. */
  readonly refreshed: number
  /** Resources it judges. */
  readonly judged: number
}

/** Whether a rule exists in the home region of an account only. */
export function isHomeOnly(rule: Pick<RuleMeta, 'judges'>): boolean {
  return homeRegionTypes.has(rule.judges)
}

/** How many resources of an account and region a rule judges. */
export function judgedOf(rule: Pick<RuleMeta, 'judges' | 'alsoJudges'>, estate: Estate): number {
  return sum(judgedTypes(rule).map((type) => countOf(estate, type)))
}

/** How a rule is deployed. */
export interface RuleWorkOptions {
  readonly publishes: boolean
  /** Whether its sweep is the heartbeat of its function. */
  readonly beats?: boolean
  readonly sends?: 'everything' | 'differences'
}

/** What a rule does in an account and region where it exists. */
export function workOf(
  rule: RuleMeta,
  estate: Estate,
  { publishes, beats = false, sends = contextSends }: RuleWorkOptions,
): RuleWork {
  const judged = judgedOf(rule, estate)
  const scope = changeScopeOf(rule).map((type) => ({ type, changes: changesOf(estate, type) }))
  const re = scope.map(({ type, changes }) => ({ type, changes, each: reachOf(rule, type, judged, estate) }))
  // The verdict on the account itself comes with every verdict on all of it.
  const each = sends === 'everything' ? judged + 1 : (judged * rateOf(estate, 'drift')) / 100
  const sweeps = rule.triggers.scheduled ? daysOfMonth : 0
  const single = re.map(({ type, changes, each: reach }) => ({ type, verdicts: reach === 'all' ? 0 : changes * reach }))
  const ends = endsOf(rule, estate, new Set(scope.map(({ type }) => type)))
  const ofChanges =
    sum(single.map(({ type, verdicts }) => verdicts * newsOf(rule, type, estate))) +
    ends.told * (1 - newsOf(rule, rule.judges, estate))
  const ofContext = sum(re.map(({ changes, each: reach }) => (reach === 'all' ? changes * each : 0)))
  const differing = sweeps === 0 ? 0 : (judged * rateOf(estate, 'drift')) / 100
  const takenAway = sweeps === 0 ? 0 : ends.untold
  const [told, seen] = [shareOfDays(ofChanges + ofContext + takenAway), shareOfDays(differing)]
  const news = publishes ? 1 - (1 - told) * (1 - seen) : 0
  const marks = sweeps * news + (sweeps / markDays) * (1 - news) ** markDays
  const shared = rule.judges === 'AWS::EKS::Nodegroup' && judged > 0
  return {
    changes: sum(scope.map(({ changes }) => changes)),
    verdicts: sum(single.map(({ verdicts }) => verdicts)),
    ...{ ofChanges, ofContext, sweeps, judged, drift: differing + takenAway },
    heartbeats: beats ? sweeps : marks,
    proofs: publishes ? ends.told + (shared ? sweeps : sweeps * told * (1 - seen) + sweeps / refreshDays) : 0,
    refreshed: publishes ? (sweeps * (judged + 1)) / refreshDays : 0,
  }
}

/** Results whose resource is judged no more: of those `told` a change tells, a sweep finds the others. */
interface Ends {
  readonly told: number
  readonly untold: number
}

function endsOf(rule: RuleMeta, estate: Estate, scope: ReadonlySet<string>): Ends {
  const ends = judgedTypes(rule).map((type) => ({ type, ends: deletionsOf(estate, type) }))
  const isTold = (type: string) => type === rule.judges && scope.has(type)
  // A revision that a service has left is there and judged no more: no change of its own says so.
  const left = rule.judges === 'AWS::ECS::TaskDefinition' ? rateOf(estate, 'deployments') : 0
  return {
    told: sum(ends.map((one) => (isTold(one.type) ? one.ends : 0))),
    untold: sum(ends.map((one) => (isTold(one.type) ? 0 : one.ends))) + left * countOf(estate, 'AWS::ECS::Service'),
  }
}

/** On what share of days something happens that happens so often in a month, at any time. */
function shareOfDays(times: number): number {
  return 1 - Math.exp(-times / daysOfMonth)
}

/** What share of the verdicts after changes of a type differs from what AWS Config shows. Of a new revision it shows nothing. */
function newsOf(rule: RuleMeta, changed: string, estate: Estate): number {
  const isNew = changed === 'AWS::ECS::TaskDefinition' && changed === rule.judges
  return isNew ? 1 : rateOf(estate, 'transitions') / 100
}

/** How many resources a change of a type re-judges. */
function reachOf(rule: RuleMeta, changed: string, judged: number, estate: Estate): number | 'all' {
  if (changed === rule.judges) return 1
  switch (rule.judges) {
    // The VPC it belongs to; the task definition the service runs.
    case 'AWS::EC2::VPC':
    case 'AWS::ECS::TaskDefinition':
      return 1
    case 'AWS::EKS::Nodegroup': {
      const clusters = countOf(estate, 'AWS::EKS::Cluster')
      return clusters === 0 ? 0 : judged / clusters
    }
    default:
      return 'all'
  }
}

/** Evaluations of some rules, if each judged every resource every day. */
export function dailyEvaluations(
  rules: readonly Pick<RuleMeta, 'judges' | 'alsoJudges'>[],
  estate: Estate,
  place: 'home' | 'other',
): number {
  const here = rules.filter((rule) => place === 'home' || !isHomeOnly(rule))
  return daysOfMonth * sum(here.map((rule) => judgedOf(rule, estate)))
}

/** The sum of numbers. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
