import type { JsonObject } from '../model/json.ts'

/** One AWS Config configuration item after both spellings of its keys were brought to one. */
export interface ConfigurationItem {
  readonly accountId: string
  /** `global` for IAM and Organizations. */
  readonly region: string
  readonly resourceType: string
  readonly resourceId: string
  readonly resourceName: string | undefined
  readonly arn: string
  /** ISO 8601. */
  readonly captureTime: string
  readonly status: 'OK' | 'ResourceDiscovered'
  readonly configuration: JsonObject
  readonly supplementaryConfiguration: JsonObject
  readonly tags: ReadonlyMap<string, string>
  /** Present when the item said nothing of tags: that `tags` is empty means nothing then. */
  readonly saysNoTags?: true
}
