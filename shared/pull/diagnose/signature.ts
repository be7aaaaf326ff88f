import type { AddressKind } from './addresses.ts'
import type { CauseCode } from './causes.ts'
import type { HostKind } from './message-hosts.ts'

/** The action a message says was refused: that of the token, one of a pull, reading a secret, another, or none named. */
export type ActionKind = 'token' | 'pull' | 'secret' | 'other' | 'none'

/** What a message must look like for a row to fit. Needles are in lower case, with straight quotes and single spaces. */
export interface Pattern {
  /** All of them. */
  readonly all?: readonly string[]
  /** At least one of them. */
  readonly any?: readonly string[]
  /** None of them. */
  readonly none?: readonly string[]
  /** Who was called. */
  readonly host?: readonly HostKind[]
  /** Where its address lies. */
  readonly address?: readonly AddressKind[]
  readonly action?: readonly ActionKind[]
  /** Only where the message speaks of a pull: the needles alone would fit any program's error. */
  readonly ofPull?: true
}

/** A row of the table: a kind of message and what it means, likeliest first. */
export interface Signature extends Pattern {
  /** The rows of the taxonomy in docs/diagnose.md that it covers. */
  readonly id: string
  readonly means: readonly (readonly [code: CauseCode, confidence: number])[]
}
