/** Where a call goes: AWS limits calls per called account, region and service. `global` for services without regions. */
export interface CallPlace {
  readonly accountId: string
  readonly region: string
  /** As in IAM actions: `ecr`, `ec2`, `iam`, … */
  readonly service: string
}

/** How a call ended, for counting and progress. */
export interface CallReport extends CallPlace {
  /** The API's name of the call, `DescribeRepositories`. */
  readonly operation: string
  /** Requests made, the first included. */
  readonly attempts: number
  readonly outcome: 'answered' | 'failed'
  /** Name of the last error. */
  readonly error?: string
}

/** Keeps calls below the rates AWS publishes. */
export interface CallBudget {
  /** Resolves when the call may be made. @throws the signal's reason when it ends first */
  take(place: CallPlace, signal: AbortSignal): Promise<void>
  /** The service throttled a call: the budget of this place slows down for a while. */
  throttled(place: CallPlace): void
}

/** How calls are made; everything about the process is handed in. */
export interface Politeness {
  readonly budget: CallBudget
  /** Upper bound of one request, milliseconds. */
  readonly attemptTimeout: number
  /** Upper bound of one call with all its attempts and waits, milliseconds. */
  readonly callTimeout: number
  /** Ends all calls. */
  readonly signal?: AbortSignal
  /** Resolves after the milliseconds; rejects with the signal's reason when it ends first. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** A number in [0, 1). */
  readonly random: () => number
  /** Monotonic milliseconds. */
  readonly elapsed: () => number
  readonly onCall?: (report: CallReport) => void
}
