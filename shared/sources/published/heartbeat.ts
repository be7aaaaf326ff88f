/** What a function of a member account leaves in the hub's bucket at the end of a whole sweep: evidence of work, and no names. */
export interface HubHeartbeat {
  readonly schemaVersion: 1
  readonly accountId: string
  readonly region: string
  readonly area: string
  /** Name of the function. */
  readonly function: string
  /** The rule whose sweep it was. */
  readonly rule: string
  /** When the sweep came to its end, ISO 8601. */
  readonly endedAt: string
  /** Resources that were judged. */
  readonly judged: number
  /** Verdicts that could not be reached; of a sweep of several parts those of the last. */
  readonly undetermined: number
}
