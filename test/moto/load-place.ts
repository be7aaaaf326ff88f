import type { EC2Client } from '@aws-sdk/client-ec2'
import type { AwsCredentialIdentity } from '@aws-sdk/types'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import type { Overlay } from './overlay.ts'

/** Role that every account is entered with. */
export const readerRole = 'pullpath-reader'

/** Where an account's things are put. */
export interface Place {
  readonly endpoint: string
  readonly accountId: string
  readonly region: string
  readonly credentials: AwsCredentialIdentity
  readonly overlay: Overlay
  /** What moto does not take: `what ARN: error`. */
  readonly refused: string[]
}

/** Tries to put something into moto; what it does not take is noted. */
export async function put(place: Place, what: string, send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send()
    return true
  } catch (error) {
    place.refused.push(`${what}: ${error instanceof Error ? error.name : error}`)
    return false
  }
}

/** Items of one type. */
export function ofType(items: readonly ConfigurationItem[], type: string): readonly ConfigurationItem[] {
  return items.filter(({ resourceType }) => resourceType === type)
}

// biome-ignore lint/suspicious/noExplicitAny: the words of an API, whatever they are
export function apiWords(value: unknown): any {
  if (Array.isArray(value)) return value.map(apiWords)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), apiWords(inner)]),
  )
}

/** A document as text, however the item spells it. */
export function textOf(document: unknown): string {
  if (typeof document !== 'string') return JSON.stringify(document)
  return document.startsWith('%7B') ? decodeURIComponent(document) : document
}

// biome-ignore lint/suspicious/noExplicitAny: the words of an API
export type Words = any

/** Where networks are put. */
export interface NetworkPlace extends Place {
  readonly ec2: EC2Client
  /** The items of a type of EC2, as its API spells them. */
  readonly wordsOf: (type: string) => readonly Words[]
}

/** Puts something into moto, which names it; from then on it has this name. */
export async function make<O>(
  place: Place,
  name: string,
  send: () => Promise<O>,
  idOf: (output: O) => string | undefined,
): Promise<void> {
  await put(place, name, async () => {
    const id = idOf(await send())
    if (id === undefined) throw new Error('no id')
    place.overlay.rename(place.accountId, name, id)
  })
}
