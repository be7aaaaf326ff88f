import type { AlarmLevel } from './deployment.ts'

/** How functions run. Seconds are assumed, the memory and the jitter are what is deployed. */
export const runtime = {
  memoryGigabytes: 0.5,
  /** To judge what one change has touched, reads included. */
  judgingSeconds: 1,
  /** To list and judge one type in an account and region. */
  sweepSeconds: 5,
  /** A sweep waits for up to a fifth of its 300 seconds first, so that an organization does not start as one: half of that. */
  jitterSeconds: 30,
  /** To decide whom an event concerns. */
  dispatchSeconds: 0.3,
  publishSeconds: 1,
  /** Hours of a day in which the daily sweeps of a function fall. */
  sweepHoursOfDay: 2,
  /** Of an invocation: what Lambda writes, our line and the metrics. */
  logBytes: 2_000,
  /** The hub's functions. */
  organizationSeconds: 10,
  shardSeconds: 10,
  shardGigabytes: 1,
  /** Of the result of one account and region in a report. */
  shardBytes: 20_000,
  /** Months a report is kept. */
  reportMonths: 3,
  /** Transitions of one shard of a report, and of the report around them. */
  shardTransitions: 5,
  reportTransitions: 10,
  /**
   * A Lambda poller asks an empty queue again and again, and SQS charges for it: five long polls of 20 seconds at any time, which is
   * unverified.
   */
  idlePolls: 5 * 3 * 60 * 24 * 30,
  /** Months a log is kept. */
  logMonths: 3,
} as const

/** Alarms of one account and region in which so many areas have rules. */
export function alarmsOf(level: AlarmLevel, areas: number, securityHub: boolean): number {
  const { ofArea, always, publishing } = alarmCounts[level]
  return areas * ofArea + always + (securityHub ? publishing : 0)
}

/** As `infra/derive/alarms.ts` makes them: for each area with rules, always, and where findings go to Security Hub. A test compares. */
export const alarmCounts = {
  none: { ofArea: 0, always: 0, publishing: 0 },
  evidence: { ofArea: 1, always: 1, publishing: 2 },
  all: { ofArea: 2, always: 5, publishing: 6 },
} as const

/** Alarms of the hub. */
export const hubAlarms = 5
