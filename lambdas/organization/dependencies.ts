import type { EC2Client } from '@aws-sdk/client-ec2'
import type { OrganizationsClient } from '@aws-sdk/client-organizations'
import type { S3Client } from '@aws-sdk/client-s3'
import type { Log } from '../../shared/runtime/log.ts'
import type { Measures } from '../../shared/runtime/measures.ts'
import type { Patience } from '../../shared/sinks/back-off.ts'
import type { Measure } from './measures.ts'

/** Clients of the hub account. */
export interface HubClients {
  readonly organizations: Pick<OrganizationsClient, 'send'>
  readonly ec2: Pick<EC2Client, 'send'>
  readonly s3: Pick<S3Client, 'send'>
}

/** Everything outside the decision: handed in, so that tests choose it. */
export interface Dependencies extends Patience {
  readonly clients: (region: string) => HubClients
  /** The JSON of a settings file's text, or InputError thrown saying what is wrong with it. */
  readonly settingsAsJson: (text: string, file: string, now: Date) => string
  readonly variables: () => Readonly<Record<string, string | undefined>>
  readonly log: () => Log
  readonly measures: () => Measures<Measure>
  readonly now: () => Date
  /** Puts the bytes there, without a content type: CloudFormation's addresses are signed without one. Resolves to the status. */
  readonly send: (url: URL, body: Uint8Array<ArrayBuffer>, signal: AbortSignal) => Promise<number>
}
