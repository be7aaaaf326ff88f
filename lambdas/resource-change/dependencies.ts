import type { ConfigServiceClient } from '@aws-sdk/client-config-service'
import type { Hub } from '../../shared/live/hub.ts'
import type { LiveSource } from '../../shared/live/live-source.ts'
import type { LiveVpcs } from '../../shared/live/live-vpcs.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { Scope } from '../../shared/model/resource.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import type { Log } from '../../shared/runtime/log.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import type { Rendering } from '../../shared/sinks/security-hub/render-findings.ts'
import type { LiveServices } from './live-services.ts'

/** What the function sees in a region. */
export interface Sight {
  /** What rules on registries and roles look at; asked once per invocation, so that one reading serves all rules. */
  readonly sources: () => readonly LiveSource[]
  /** What rules on networks look at. */
  readonly network: LiveSource
  readonly vpcs: LiveVpcs
  readonly services: LiveServices
  readonly config: Pick<ConfigServiceClient, 'send'>
}

/** Where findings are published, when what they say was read, and of when the change is (`toldAt`). */
export interface Publication extends Scope, Rendering {}

/** Everything outside the decision: handed in, so that tests choose it. */
export interface Dependencies {
  /** The whole catalogue; which of its rules are enabled the environment says. */
  readonly rules: readonly Rule[]
  readonly sight: (region: string) => Sight
  /** What the hub publishes, where the environment names its bucket; nothing otherwise. */
  readonly hub?: Hub
  /** Hands findings on. Rejects when any of them was not taken. */
  readonly publish: (findings: readonly Finding[], at: Publication) => Promise<void>
  readonly variables: () => Readonly<Record<string, string | undefined>>
  readonly log: () => Log
  /** Made anew for each invocation. */
  readonly metrics: () => Metrics
  readonly now: () => Date
}
