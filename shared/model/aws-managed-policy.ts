import type { JsonObject } from './json.ts'

/** What a capture knows of a policy that AWS wrote. `capturedAt` is a date, `2026-03-07`. */
export type AwsManagedPolicy =
  | {
      readonly state: 'known'
      readonly name: string
      readonly versionId: string
      readonly capturedAt: string
      /** Its statements on actions of `ecr` and `ecr-public` only: of any other action it says nothing. */
      readonly document: JsonObject
      readonly assumptions: readonly string[]
    }
  | {
      readonly state: 'noRegistryAccess'
      readonly name: string
      readonly capturedAt: string
      readonly assumptions: readonly string[]
    }

/** A capture of the policies AWS wrote: the policy with this ARN, or undefined when it does not hold it. */
export type AwsManagedPolicies = (arn: string) => AwsManagedPolicy | undefined
