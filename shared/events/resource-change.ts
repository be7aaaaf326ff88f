import type { EventOrigin } from './event-bridge.ts'

/** Where an event says to look: a name of the right form, and nothing more. */
export interface Hint {
  readonly type: string
  /** Name, id or ARN, as the event has it; of the account itself its id. */
  readonly name: string
}

/** A change that somebody tells of. What is true of the resource only looking at it can say. */
export interface ResourceChange {
  readonly origin: EventOrigin
  /** As in IAM actions (`ecr:SetRepositoryPolicy`), or the detail type of an event of the service itself. */
  readonly call: string
  /** The type of what has changed. */
  readonly changes: string
  /** True when the service belongs to no region and its calls are told of in one only. */
  readonly isGlobal: boolean
  readonly hints: readonly Hint[]
}

/** What an event asks for; `ignored` says why it asks for nothing. */
export type ResourceEvent =
  | { readonly kind: 'change'; readonly change: ResourceChange }
  | { readonly kind: 'ignored'; readonly origin: EventOrigin; readonly reason: string }
