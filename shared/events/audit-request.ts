/** Who asks and where the answer goes: the Config rule that invoked us. */
export interface RuleInvocation {
  /** Account that owns the rule; checked against the function's own before anything else. */
  readonly accountId: string
  readonly ruleArn: string
  /** Name of the Config rule, when the event states it: the results of before are asked for by it. At most 128 characters. */
  readonly ruleName?: string
  /** Id of the Pullpath rule to evaluate, from the Config rule's parameters. */
  readonly ruleId: string
  /** The other parameters of the Config rule, as text. */
  readonly parameters: ReadonlyMap<string, string>
  /** Capability to write results of this invocation; never logged. */
  readonly resultToken: string
}

/** The five states AWS Config reports about a resource. */
export type ItemStatus = (typeof itemStatuses)[number]
/** All values of `configurationItemStatus`. */
export const itemStatuses = [
  'OK',
  'ResourceDiscovered',
  'ResourceNotRecorded',
  'ResourceDeleted',
  'ResourceDeletedNotRecorded',
] as const

/** The resource a change event is about: a hint where to look, never evidence of how it is. */
export interface ChangedResource {
  readonly type: string
  readonly id: string
  readonly arn: string | undefined
  /** `resourceName` of the item: of a role its name, because the id of a role is not. */
  readonly name: string | undefined
  readonly accountId: string
  /** Region of the item; `global` or the home region for types that belong to no region. */
  readonly region: string
  readonly status: ItemStatus
  /** Capture time of the configuration item, ISO 8601. */
  readonly capturedAt: string
  /** True when the resource is no longer in the rule's scope (its tag was removed, for example). */
  readonly leftScope: boolean
}

/** What an event asks to be audited. */
export type AuditRequest =
  | {
      readonly kind: 'change'
      readonly invocation: RuleInvocation
      readonly resource: ChangedResource
      /** The raw configuration item, untrusted. */
      readonly item: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'oversized'; readonly invocation: RuleInvocation; readonly resource: ChangedResource }
  | { readonly kind: 'scheduled'; readonly invocation: RuleInvocation /** ISO 8601. */; readonly notifiedAt: string }
