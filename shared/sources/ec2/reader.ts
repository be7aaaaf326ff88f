import type { EC2Client, Filter } from '@aws-sdk/client-ec2'
import { partitionOf } from '../../model/arn.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { errorName } from '../failure.ts'
import { needText, type Reader, rawItem } from '../reading.ts'

/** VPCs, route tables and so on looked at in the same moment. */
export const CONCURRENCY = 4

/** Where and with what to read EC2. */
export interface Ec2Reader extends Reader {
  readonly client: Pick<EC2Client, 'send'>
}

/** A filter of EC2: resources with any of the values. */
export function filter(Name: string, values: readonly string[]): Filter {
  return { Name, Values: [...values] }
}

/** True for the errors by which EC2 says that there is no resource of this id (`InvalidVpcID.NotFound`, `NatGatewayNotFound`). */
export function isNotFound(error: unknown): boolean {
  return /^(?:Invalid\w+\.NotFound|NatGatewayNotFound)$/.test(errorName(error))
}

/** The configuration item of a resource; `kind` is the word of its ARN. @throws MalformedAnswer without an id */
export function ec2Item(
  reader: Ec2Reader,
  type: string,
  kind: string,
  resource: {
    readonly id: string | undefined
    readonly ownerId?: string | undefined
    readonly arn?: string | undefined
  },
  configuration: JsonObject,
  supplementaryConfiguration: JsonObject = {},
): JsonObject {
  const id = needText(resource.id, `an id of ${kind}`)
  const owner = resource.ownerId ?? reader.accountId
  const arn = resource.arn ?? `arn:${partitionOf(reader.region)}:ec2:${reader.region}:${owner}:${kind}/${id}`
  return rawItem(reader, type, { id, arn }, configuration, supplementaryConfiguration)
}

/** These properties of an answer as JSON; what is not stated stays away, times are ISO 8601. */
export function picked<T extends object, K extends keyof T & string>(from: T, names: readonly K[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = jsonOf(from[name])
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** Answers of the SDK are trees as deep as their documented shapes. */
function jsonOf(value: unknown): JsonValue | undefined {
  if (value === undefined || value === null) return undefined
  const text = JSON.stringify(value)
  return text === undefined ? undefined : (JSON.parse(text) as JsonValue)
}
