import type { ExceptionReview } from '../../shared/model/exception.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { AccountCounts, Counts, Overview, PlaceNote } from '../../shared/sinks/organization-report/overview.ts'
import { type Summary, severities } from '../../shared/sinks/report/report.ts'
import type { Outcome } from './outcomes.ts'
import type { RuleCounts, ShardResult } from './shard-result.ts'
import type { Shard } from './task.ts'

/** Findings that the overviews show. */
const MOST_WORST = 100

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type MutableCounts = Mutable<Counts>

const noCounts = { noncompliant: 0, undetermined: 0, excepted: 0, compliant: 0, notApplicable: 0 }

/** What the whole of a run comes to, added up from one outcome after the other. Grows with accounts and rules, not with findings. */
export class Totals {
  readonly #rules = new Map<string, MutableCounts>()
  readonly #accounts = new Map<string, Mutable<AccountCounts>>()
  readonly #exceptions = new Map<string, Mutable<ExceptionReview>>()
  readonly #notCovered: PlaceNote[] = []
  readonly #missing: PlaceNote[] = []
  readonly #failed: Shard[] = []
  readonly #regions = new Set<string>()
  #worst: readonly Finding[] = []
  #open = 0
  #places = 0
  #seen = 0
  #unknown = 0
  #resources = 0
  readonly #bySeverity = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0 }

  /** Adds what became of a shard. */
  add(outcome: Outcome): void {
    const { shard } = outcome
    this.#places++
    this.#regions.add(shard.region)
    const account = this.#account(shard)
    account.regions++
    if ('failed' in outcome) this.#addFailed(shard, outcome.failed, account)
    else this.#addResult(shard, outcome.result, account)
  }

  /** Accounts and regions whose task left no result. */
  get failed(): readonly Shard[] {
    return this.#failed
  }

  /** Everything that was added, as the reports show it. */
  overview({ run, startedAt, endedAt }: Pick<Overview, 'run' | 'startedAt' | 'endedAt'>): Overview {
    const accounts = [...this.#accounts.values()]
    const rules = [...this.#rules].map(([rule, counts]) => ({ rule, ...counts }))
    return {
      ...{ run, startedAt, endedAt },
      expected: { accounts: accounts.length, regions: this.#regions.size, places: this.#places },
      covered: this.#places - this.#notCovered.length,
      summary: this.#summary(),
      rules: rules.toSorted(byNeed),
      accounts: accounts.toSorted((a, b) => byNeed(a, b) || b.notCovered - a.notCovered),
      ...{ worst: this.#worst, open: this.#open, notCovered: this.#notCovered },
      heartbeats: { seen: this.#seen, unknown: this.#unknown, missing: this.#missing },
      exceptions: [...this.#exceptions.values()],
    }
  }

  #addFailed(shard: Shard, why: string, account: Mutable<AccountCounts>): void {
    account.notCovered++
    this.#failed.push(shard)
    this.#notCovered.push({ ...shard, note: why })
    this.#unknown++
  }

  #addResult(shard: Shard, result: ShardResult, account: Mutable<AccountCounts>): void {
    const { evidence, heartbeat, summary, rules, findings, exceptions } = result
    if (evidence.source === 'none') {
      account.notCovered++
      this.#notCovered.push({ ...shard, note: `${evidence.class}: ${evidence.reason}` })
    }
    if (heartbeat.state === 'missing') this.#missing.push({ ...shard, note: heartbeat.reason })
    else if (heartbeat.state === 'seen') this.#seen++
    else if (heartbeat.state === 'unknown') this.#unknown++
    this.#resources += summary.resources
    for (const severity of severities) this.#bySeverity[severity] += summary.bySeverity[severity]
    for (const counts of rules) {
      addCounts(account, counts)
      addCounts(this.#rule(counts.rule), counts)
    }
    const open = findings.filter(isOpen)
    this.#open += open.length
    this.#worst = [...this.#worst, ...open].toSorted(byWeight).slice(0, MOST_WORST)
    for (const review of exceptions) this.#addException(review)
  }

  #addException({ exception, status, failing, undetermined }: ExceptionReview): void {
    const key = JSON.stringify(exception)
    const held = this.#exceptions.get(key)
    if (held === undefined) {
      this.#exceptions.set(key, { exception, status, failing, undetermined })
      return
    }
    held.failing += failing
    held.undetermined += undetermined
    // It is needed when some account needs it.
    if (status === 'active') held.status = status
  }

  #account({ accountId, accountName }: Shard): Mutable<AccountCounts> {
    const held = this.#accounts.get(accountId) ?? { accountId, accountName, regions: 0, notCovered: 0, ...noCounts }
    this.#accounts.set(accountId, held)
    return held
  }

  #rule(rule: string): MutableCounts {
    const held = this.#rules.get(rule) ?? { ...noCounts }
    this.#rules.set(rule, held)
    return held
  }

  #summary(): Summary {
    const all = [...this.#rules.values()]
    const sum = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0)
    return {
      resources: this.#resources,
      byCompliance: {
        ...{ NON_COMPLIANT: sum('noncompliant'), UNDETERMINED: sum('undetermined') },
        ...{ COMPLIANT: sum('compliant'), NOT_APPLICABLE: sum('notApplicable') },
      },
      bySeverity: { ...this.#bySeverity },
      excepted: sum('excepted'),
    }
  }
}

function addCounts(to: MutableCounts, counts: RuleCounts): void {
  to.noncompliant += counts.NON_COMPLIANT
  to.undetermined += counts.UNDETERMINED
  to.excepted += counts.excepted
  to.compliant += counts.COMPLIANT
  to.notApplicable += counts.NOT_APPLICABLE
}

function isOpen({ exception }: Finding): boolean {
  return exception === undefined
}

function byNeed(a: Counts, b: Counts): number {
  return b.noncompliant - a.noncompliant || b.undetermined - a.undetermined
}

/** Noncompliant ones by severity, then undetermined ones. */
function byWeight(a: Finding, b: Finding): number {
  return weight(a) - weight(b)
}

function weight({ compliance, severity }: Finding): number {
  return compliance === 'NON_COMPLIANT' ? severities.indexOf(severity) : severities.length
}
