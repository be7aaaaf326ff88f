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
  readonly rules: ReadonlyMap<string, RuleSettings>
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
  rules: new Map(),
}
