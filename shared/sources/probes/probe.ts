import type { SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { STSClient } from '@aws-sdk/client-sts'
import type { EstateClients } from '../estate/reader.ts'
import { errorName } from '../failure.ts'
import type { Answer } from '../reading.ts'

/** The clients permissions are tried with. */
export interface ProbeClients extends EstateClients {
  readonly sts: Pick<STSClient, 'send'>
  readonly securityHub: Pick<SecurityHubClient, 'send'>
}

/** Resources that exist: of EC2 an unknown id is refused before permissions are looked at. */
export type SampleKind = 'vpc' | 'prefix list' | 'transit gateway route table'

/** Where permissions are tried. */
export interface ProbeTarget {
  readonly accountId: string
  readonly region: string
  readonly partition: string
  readonly clients: ProbeClients
  /** The id of one such resource; absent when the region has none. */
  readonly sample: (kind: SampleKind) => Promise<Answer<string>>
}

/** What a probe is handed for its call: an id is there when the probe names a `sample`. */
export interface ProbeCall extends Omit<ProbeTarget, 'sample'> {
  readonly options: { readonly abortSignal: AbortSignal }
  readonly id: string
}

/** One harmless call, or why there is none. */
export type Probe =
  | {
      readonly send: (call: ProbeCall) => Promise<unknown>
      /** Errors the service gives only to callers it permits. */
      readonly after: readonly string[]
      readonly sample?: SampleKind
    }
  | { readonly untried: string }

/** `unneeded`: the region holds nothing the action would be called for. */
export type ProbeOutcome =
  | { readonly state: 'present' }
  | { readonly state: 'missing' }
  | { readonly state: 'unneeded'; readonly reason: string }
  | { readonly state: 'unknown'; readonly reason: string }

/** Resource name that probes ask for; a resource of this name would be read, never changed. */
export const probeName = 'pullpath-permission-probe'

/** A probe whose call is answered, or fails with one of the errors that come after the check of permissions. */
export function probe(send: (call: ProbeCall) => Promise<unknown>, ...after: readonly string[]): Probe {
  return { send, after }
}

const refusals = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'UnauthorizedOperation',
  'Client.UnauthorizedOperation',
])

/** Tries one permission. Never throws; `signal` ends the call. */
export async function tryProbe(one: Probe, target: ProbeTarget, signal: AbortSignal): Promise<ProbeOutcome> {
  if ('untried' in one) return { state: 'unknown', reason: one.untried }
  const found = one.sample === undefined ? undefined : await target.sample(one.sample)
  if (found?.state === 'absent') return { state: 'unneeded', reason: `there is no ${one.sample}` }
  if (found?.state === 'unknown') return { state: 'unknown', reason: `no ${one.sample} to ask about: ${found.reason}` }
  const { accountId, region, partition, clients } = target
  try {
    await one.send({ accountId, region, partition, clients, options: { abortSignal: signal }, id: found?.value ?? '' })
    return { state: 'present' }
  } catch (error) {
    return outcomeOf(errorName(error), one.after)
  }
}

function outcomeOf(name: string, after: readonly string[]): ProbeOutcome {
  if (after.includes(name)) return { state: 'present' }
  if (refusals.has(name)) return { state: 'missing' }
  return { state: 'unknown', reason: `failed with ${name}` }
}
