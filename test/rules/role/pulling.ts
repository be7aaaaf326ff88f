import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { type EstatePart, home, policy, role } from '../../support/builders.ts'

/** ARN of a repository of home, or of another registry. */
export function repositoryArn(name = 'app', where: { accountId?: string; region?: string } = {}): string {
  const { accountId, region } = { ...home, ...where }
  return `arn:aws:ecr:${region}:${accountId}:repository/${name}`
}

/** An Allow statement of an identity policy. */
export function allow(actions: JsonValue, resource: JsonValue = '*', more: JsonObject = {}): JsonObject {
  return { Effect: 'Allow', Action: actions, Resource: resource, ...more }
}

/** A Deny statement of an identity policy. */
export function deny(actions: JsonValue, resource: JsonValue = '*', more: JsonObject = {}): JsonObject {
  return { Effect: 'Deny', Action: actions, Resource: resource, ...more }
}

/** The token, where alone it works. */
export const token = allow('ecr:GetAuthorizationToken')

/** The two actions of a pull. */
export const pullActions = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] as const

/** The least an execution role needs for one repository. */
export function leastFor(...resources: readonly string[]): readonly JsonObject[] {
  return [token, allow([...pullActions], [...resources])]
}

/** A role with one inline policy of these statements. */
export function roleWith(
  name: string,
  statements: readonly JsonObject[],
  more: Omit<Parameters<typeof role>[0], 'name' | 'inline'> = {},
): EstatePart {
  return role({ name, inline: { ecr: policy(...statements) }, ...more })
}

/** ARN of a managed policy that AWS wrote. */
export function awsPolicy(name: string): string {
  return `arn:aws:iam::aws:policy/${name}`
}

/** The managed policy of ECS execution roles. */
export const standardPolicy = awsPolicy('service-role/AmazonECSTaskExecutionRolePolicy')

/** The same resource with these properties left out of its configuration. */
export function without(part: EstatePart, ...properties: readonly string[]): EstatePart {
  if (!('item' in part)) return part
  const kept = Object.entries(part.item.configuration as JsonObject).filter(([key]) => !properties.includes(key))
  return { item: { ...part.item, configuration: Object.fromEntries(kept) } }
}
