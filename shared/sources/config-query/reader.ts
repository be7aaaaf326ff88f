import type { ConfigServiceClient } from '@aws-sdk/client-config-service'
import type { Reader, Reading } from '../reading.ts'

/** Where and with what to ask AWS Config. */
export interface ConfigReader extends Reader {
  readonly client: Pick<ConfigServiceClient, 'send'>
}

/** Entries AWS Config hands over per page, and takes per batch. */
export const PAGE = 100

/** What AWS Config calls a resource. Names tell apart what shares an id: revisions of a task definition do. */
export interface NamedResource {
  readonly id: string
  readonly name: string | undefined
}

/** A reading through AWS Config, with the resources it lists and does not return: the caller can read these live. */
export interface ConfigReading extends Reading {
  readonly missing: readonly NamedResource[]
}
