import type { HopName } from '../../model/pull.ts'

/** One thing an error message may mean. All text is made of the product's own words and of ids that passed validation. */
export interface Candidate {
  /** The hop of the pull that broke; of what is not about ECR at all, the nearest one. */
  readonly hop: HopName
  /** Stable, kebab-case; starts with `not-ecr-` when neither ECR nor the way to it is at fault. */
  readonly code: string
  /** One sentence without a full stop. */
  readonly meaning: string
  /** 0 to 1; of one error the confidences of its candidates need not add up to one. */
  readonly confidence: number
  /** What to look at, in this order. */
  readonly checks: readonly string[]
  /** Shell commands that look; they change nothing. What the message does not tell stands there as `'<region>'`. */
  readonly commands: readonly string[]
}

/** A candidate before the ids of a message are filled in; `commands` hold `{region}` and the like. */
export interface Cause {
  readonly hop: HopName
  readonly meaning: string
  readonly checks: readonly string[]
  readonly commands: readonly string[]
}
