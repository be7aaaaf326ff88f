import type { SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { ForeignRepositories } from '../../shared/live/foreign-repositories.ts'
import type { LiveSource } from '../../shared/live/live-source.ts'
import type { Settings } from '../../shared/model/settings.ts'
import type { Reader } from '../../shared/sources/reading.ts'
import type { Waiting } from './patience.ts'
import type { GroundClients } from './read-ground.ts'

/** What this function looks with: clients, where and when, and what the deployment is set to. */
export interface View {
  readonly clients: GroundClients & { readonly securityHub: Pick<SecurityHubClient, 'send'> }
  readonly reader: Reader
  readonly settings: Settings
  /** What the hub publishes of the organization; none without a hub. */
  readonly published: readonly LiveSource[]
  /** Missing where repositories of other registries are not looked up: those are unknown then. */
  readonly foreign?: ForeignRepositories
  /** False where the deployment sends nothing to Security Hub: then nothing is open there. */
  readonly securityHub: boolean
  /** How long this invocation may wait for what is not there yet. */
  readonly waiting: Waiting
}

/** Something could not be read just now: the invocation fails, so that it is tried again. */
export class NotReadYet extends Error {
  override readonly name = 'NotReadYet'
}
