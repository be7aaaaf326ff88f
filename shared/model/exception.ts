/** A failure the owners of the central settings accept for a time. */
export interface Exception {
  /** Id of a rule, or the start of ids with a `*` behind it. */
  readonly rule: string
  /** ARN whose parts may hold `*`; a star never reaches beyond its part. */
  readonly resource?: string | undefined
  /** The account of the resource, exactly. */
  readonly account?: string | undefined
  /** A tag the resource must carry besides: it narrows, because who owns the resource sets it. */
  readonly tag?: ExceptionTag | undefined
  readonly reason: string
  readonly owner: string
  /** Last day it holds, `YYYY-MM-DD`, to its end in UTC. */
  readonly expires: string
}

/** A tag: its key exactly, its value with `*` for any text. */
export interface ExceptionTag {
  readonly key: string
  readonly value: string
}

/** What a finding keeps of the exception that covers it. */
export type FindingException = Pick<Exception, 'reason' | 'owner' | 'expires'>

/**
 * How an exception fares: `active` holds and names something that is not in order, `unmatched` holds and names nothing that is,
 * `expired` holds no longer, `tooLong` ends later than an exception may and does not hold.
 */
export const exceptionStatuses = ['active', 'unmatched', 'expired', 'tooLong'] as const
/** One of `exceptionStatuses`. */
export type ExceptionStatus = (typeof exceptionStatuses)[number]

/** What became of one exception in one run. */
export interface ExceptionReview {
  readonly exception: Exception
  readonly status: ExceptionStatus
  /** Noncompliant findings it names, whether it holds or not. */
  readonly failing: number
  /** Undetermined findings it names; they stay undetermined. */
  readonly undetermined: number
}

/** How sinks name the exception of a finding: `Exception until <date>: <reason> (<owner>)`. */
export function exceptionLine({ expires, reason, owner }: FindingException): string {
  return `Exception until ${expires}: ${reason} (${owner})`
}
