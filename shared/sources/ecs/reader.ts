import type { ECSClient } from '@aws-sdk/client-ecs'
import { MalformedAnswer } from '../failure.ts'
import type { Reader } from '../reading.ts'

/** Where and with what to read ECS. */
export interface EcsReader extends Reader {
  readonly client: Pick<ECSClient, 'send'>
}

/** The text, undefined when there is none. @throws MalformedAnswer for anything else */
export function optionalText(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw new MalformedAnswer(`${what} is no text`)
  return value
}

/** The texts of a list; empty when there is none. @throws MalformedAnswer for anything else */
export function texts(value: unknown, what: string): readonly string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) {
    throw new MalformedAnswer(`${what} is no list of texts`)
  }
  return value
}
