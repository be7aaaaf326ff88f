import type { Exception } from './exception.ts'
import type { JsonValue } from './json.ts'
import type { Severity } from './verdict.ts'

/** What a user may set, already validated (`shared/engine/settings.ts` reads the YAML). */
export interface Settings {
  readonly organizationId?: string
  readonly ownAccounts: readonly string[]
  readonly trustedAccounts: readonly string[]
  readonly registryAdministrators: readonly string[]
  readonly approvedRegistries: readonly string[]
  readonly undetermined: 'report' | 'leave'
  readonly assumeRecorded: boolean
  readonly network: NetworkSettings
  /** How old what the hub publishes about the organization may be, hours; 72 when missing. */
  readonly organizationFacts?: { readonly maxAge: number } | undefined
  readonly rules: ReadonlyMap<string, RuleSettings>
  readonly exceptions: readonly Exception[]
}

/** What the inventory cannot show about networks, and what is asked of them. */
export interface NetworkSettings {
  /** Endpoints of a hub VPC that other VPCs use: verdicts that rest on them say so. */
  readonly centralEndpoints: readonly CentralEndpoints[]
  /** Whether images must be pulled by private ways; false: any way that works is good. */
  readonly requirePrivate: boolean
}

/** A user's word that some VPCs reach some services through endpoints elsewhere. */
export interface CentralEndpoints {
  /** `vpc-…`, or `*` for every VPC. */
  readonly vpcs: readonly string[]
  /** Last part of the endpoint services' names: `ecr.api`, `ecr.dkr`, `s3`, … */
  readonly services: readonly string[]
  /** The user's own words about them. */
  readonly note?: string | undefined
}

/** Overrides of one rule. */
export interface RuleSettings {
  readonly enabled?: boolean
  readonly severity?: Severity
  readonly parameters?: ReadonlyMap<string, JsonValue>
}

/** The settings of a user who set nothing. */
export const defaultSettings: Settings = {
  ownAccounts: [],
  trustedAccounts: [],
  registryAdministrators: [],
  approvedRegistries: [],
  undetermined: 'report',
  assumeRecorded: true,
  network: { centralEndpoints: [], requirePrivate: true },
  rules: new Map(),
  exceptions: [],
}
