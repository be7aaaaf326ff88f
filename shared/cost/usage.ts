import { changeScopeOf } from '../rules/change-scope.ts'
import type { RuleMeta } from '../rules/define-rule.ts'
import type { AlarmLevel } from './deployment.ts'
import { changesOf, countOf, type Estate, rateOf, resourceRows } from './estate.ts'
import { daysOfMonth, isHomeOnly, type RuleWork, sum, workOf } from './evaluations.ts'
import { alarmsOf, runtime } from './runtime.ts'

/** What the deployment in one account and region uses in a month. */
export interface Usage {
  readonly evaluations: {
    readonly changes: number
    readonly context: number
    readonly heartbeats: number
    readonly proofs: number
    readonly drift: number
  }
  /** Items that AWS Config records because a resource's compliance has changed. */
  readonly complianceItems: number
  readonly invocations: number
  readonly gbSeconds: number
  readonly logGigabytes: number
  /** Metrics, each counted by the share of the month's hours that it has values in. */
  readonly metricMonths: number
  readonly alarms: number
  /** Events that EventBridge hands on. */
  readonly events: number
  readonly queueRequests: number
  readonly findings: number
  /** Objects of the hub that functions read. */
  readonly hubReads: number
  /** Heartbeats that functions leave in the hub's bucket: one of each function a day. */
  readonly hubWrites: number
}

/** What the usage of an account and region follows from. */
export interface UsageInput {
  readonly rules: readonly RuleMeta[]
  readonly estate: Estate
  readonly alarms: AlarmLevel
  /** True where findings go to Security Hub, and events to functions. */
  readonly securityHub: boolean
  readonly hub: boolean
}

/** The usage of the home region of an account, or of another of its regions. */
export function usageOf(input: UsageInput, place: 'home' | 'other'): Usage {
  const { estate, securityHub, hub } = input
  const rules = input.rules.filter((rule) => place === 'home' || !isHomeOnly(rule))
  const works = rules.map((rule, index) => {
    const beats = rules.findIndex(({ area, triggers }) => area === rule.area && triggers.scheduled) === index
    return workOf(rule, estate, { publishes: securityHub, beats })
  })
  const sweeping = new Set(rules.filter(({ triggers }) => triggers.scheduled).map(({ area }) => area)).size
  const total = (of: (work: RuleWork) => number) => sum(works.map(of))
  const evaluations = {
    changes: total(({ ofChanges }) => ofChanges),
    context: total(({ ofContext }) => ofContext),
    heartbeats: total(({ heartbeats }) => heartbeats),
    proofs: total(({ proofs }) => proofs),
    drift: total(({ drift }) => drift),
  }
  const changes = total((work) => work.changes)
  const sweeps = total((work) => work.sweeps)
  const events = securityHub ? eventsOf(estate, place) : 0
  // Each event that concerns rules is handed on to a function that judges, and what it finds is published.
  const publications = securityHub ? changes + events + total(({ drift, proofs }) => drift + proofs) : 0
  const invocations = changes + sweeps + 2 * events + publications
  const seconds =
    (changes + events) * runtime.judgingSeconds +
    sweeps * (runtime.sweepSeconds + runtime.jitterSeconds) +
    events * runtime.dispatchSeconds +
    publications * runtime.publishSeconds
  return {
    evaluations,
    // Whatever is put differs from what was shown.
    complianceItems: evaluations.changes + evaluations.context + evaluations.drift,
    ...{ invocations, events, gbSeconds: seconds * runtime.memoryGigabytes },
    logGigabytes: (invocations * runtime.logBytes) / 1e9,
    metricMonths: metricMonthsOf(rules, estate, publications),
    alarms: alarmsOf(input.alarms, new Set(rules.map(({ area }) => area)).size, securityHub),
    // Sent, received and deleted.
    queueRequests: securityHub ? 3 * publications + runtime.idlePolls : 0,
    findings: securityHub
      ? 2 * total(({ verdicts }) => verdicts) +
        evaluations.context +
        evaluations.drift +
        total(({ refreshed }) => refreshed)
      : 0,
    // The settings and the organization.
    hubReads: hub ? 2 * (changes + sweeps + events) : 0,
    hubWrites: hub ? daysOfMonth * sweeping : 0,
  }
}

/** Calls that CloudTrail records of the resources that change, and ends of image scans. */
function eventsOf(estate: Estate, place: 'home' | 'other'): number {
  const here = resourceRows.filter((row) => place === 'home' || !('perAccount' in row))
  const network = countOf(estate, 'AWS::EC2::VPC') * rateOf(estate, 'network-changes')
  const scans = countOf(estate, 'AWS::ECR::Repository') * rateOf(estate, 'pushes')
  return sum(here.map(({ type }) => changesOf(estate, type))) + network + scans
}

const hoursOfMonth = 720

/**
 * Functions measure at the end of an invocation: a metric has values in the hours something happened in. AWS Config runs the
 * scheduled rules of a deployment within some hours of the day.
 */
function metricMonthsOf(rules: readonly RuleMeta[], estate: Estate, publications: number): number {
  const auditing = [...Map.groupBy(rules, ({ area }) => area).values()].map((ofArea) => {
    const sweepHours = ofArea.some(({ triggers }) => triggers.scheduled) ? daysOfMonth * runtime.sweepHoursOfDay : 0
    const types = new Set(ofArea.flatMap((rule) => changeScopeOf(rule)))
    const changeHours = hoursWith(sum([...types].map((type) => changesOf(estate, type))))
    // HeartbeatAge, Coverage and Undetermined of sweeps; Evaluations of both.
    return 4 * sweepHours + changeHours
  })
  // FindingsAccepted of the publisher: its others are written when something is wrong.
  return (sum(auditing) + hoursWith(publications)) / hoursOfMonth
}

/** In how many hours of a month something happens that happens so often, at any time. */
function hoursWith(times: number): number {
  return hoursOfMonth * (1 - Math.exp(-times / hoursOfMonth))
}
