import type { SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { Organization } from '../../shared/model/organization.ts'
import type { Reader } from '../../shared/sources/reading.ts'
import type { GroundClients } from './read-ground.ts'

/** What this function looks with: clients, where and when, and who is ours. */
export interface View {
  readonly clients: GroundClients & { readonly securityHub: Pick<SecurityHubClient, 'send'> }
  readonly reader: Reader
  readonly organization: Organization
  /** False where the deployment sends nothing to Security Hub: then nothing is open there. */
  readonly securityHub: boolean
}

/** Something could not be read just now: the invocation fails, so that it is tried again. */
export class NotReadYet extends Error {
  override readonly name = 'NotReadYet'
}
