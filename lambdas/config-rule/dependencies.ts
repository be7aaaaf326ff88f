import type { S3Client } from '@aws-sdk/client-s3'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { SweepFollowUp } from '../../shared/events/sweep-follow-up.ts'
import type { ForeignRepositories } from '../../shared/live/foreign-repositories.ts'
import type { Hub } from '../../shared/live/hub.ts'
import type { LiveServices } from '../../shared/live/live-services.ts'
import type { LiveSource } from '../../shared/live/live-source.ts'
import type { LiveVpcs } from '../../shared/live/live-vpcs.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import type { AwsClients } from '../../shared/runtime/aws-clients.ts'
import type { Log } from '../../shared/runtime/log.ts'
import type { Metrics } from '../../shared/runtime/metrics.ts'
import type { ReadTags } from '../../shared/runtime/tag-reading.ts'

/** Everything outside the decision: handed in, so that tests choose it. */
export interface Dependencies {
  /** The rules this function serves. */
  readonly rules: readonly Rule[]
  /** Ids of the whole catalogue: a settings file speaks of other functions' rules too. */
  readonly ruleIds: readonly string[]
  /** What the function can see in a region. */
  readonly sources: (region: string) => readonly LiveSource[]
  /** The same for one event that several rules judge, each asked once; `sources` are simply remembered when missing. */
  readonly sourcesOnce?: (region: string) => readonly LiveSource[]
  /** What the hub publishes, where the environment names its bucket; nothing otherwise. */
  readonly hub?: Hub
  /** The client of the bucket of the hub, which hears of sweeps that are done; nothing is told where it is missing. */
  readonly s3?: (region: string) => Pick<S3Client, 'send'>
  /** Repositories of other accounts, where the environment names a role to look them up with. */
  readonly foreign?: (region: string) => ForeignRepositories | undefined
  /** VPCs of a region, where the function judges them. */
  readonly vpcs?: (region: string) => LiveVpcs
  /** Services of a region and the images they run, where the function judges them. */
  readonly services?: (region: string) => LiveServices
  /** Tags of judged resources, for exceptions that name a tag; those cover nothing where it is missing. */
  readonly tags?: (region: string) => ReadTags
  readonly clients: (region: string) => AwsClients
  /** The client of the queue of findings, where the environment names one. */
  readonly sqs: (region: string) => Pick<SQSClient, 'send'>
  readonly variables: () => Readonly<Record<string, string | undefined>>
  readonly log: () => Log
  /** Made anew for each invocation. */
  readonly metrics: () => Metrics
  readonly now: () => Date
  readonly sleep: (milliseconds: number) => Promise<void>
  /** A number in [0, 1). */
  readonly random: () => number
  /** Sends the function an event of its own; it rejects when Lambda did not take it. Missing where a sweep must be done at once. */
  readonly continueLater?: (functionArn: string, event: SweepFollowUp) => Promise<void>
}
