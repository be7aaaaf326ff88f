import type { ConfigServiceClient } from '@aws-sdk/client-config-service'
import type { S3Client } from '@aws-sdk/client-s3'
import type { Rule } from '../../shared/rules/define-rule.ts'
import type { Log } from '../../shared/runtime/log.ts'
import type { Measures } from '../../shared/runtime/measures.ts'
import type { Patience } from '../../shared/sinks/back-off.ts'
import type { Published } from '../../shared/sources/published/published.ts'
import type { Measure } from './measures.ts'

/** Everything outside the decision: handed in, so that tests choose it. */
export interface Dependencies extends Patience {
  readonly rules: readonly Rule[]
  /** S3 in a region: the hub's bucket, and the one AWS Config delivers to. */
  readonly s3: (region: string) => Pick<S3Client, 'send'>
  /** AWS Config in the region of the aggregator. */
  readonly config: (region: string) => Pick<ConfigServiceClient, 'send'>
  /** What the hub publishes, with the last good copies in memory. */
  readonly published: Published
  readonly variables: () => Readonly<Record<string, string | undefined>>
  readonly log: () => Log
  readonly measures: () => Measures<Measure>
  readonly now: () => Date
}
