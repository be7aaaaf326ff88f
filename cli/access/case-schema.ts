import * as z from 'zod'
import {
  absentKey,
  type ContextValue,
  present,
  type RequestContext,
  unknownKey,
} from '../../shared/iam/conditions/context.ts'
import { parsePrincipal } from '../../shared/iam/evaluate/principal.ts'
import type { RequestPrincipal } from '../../shared/iam/evaluate/types.ts'
import { isAccountId, parseArn } from '../../shared/model/arn.ts'
import { isJsonObject, type JsonValue, own } from '../../shared/model/json.ts'

/** A policy of the input, bare or as `{name?, policy}`; the policy itself is not looked into here. */
export interface PolicyItem {
  readonly name: string | undefined
  readonly policy: JsonValue
  /** True when it was written as `{name?, policy}`. */
  readonly wrapped: boolean
}

/** An object of exactly these fields; an unknown one is refused with the names that are expected. */
function exactly<T extends z.core.$ZodLooseShape>(shape: T) {
  const expected = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}; expected ${expected}`
        : `expected an object with ${expected}`,
  })
}

/** Reads a value with a function that answers what it expected when the value does not fit. */
function read<T extends object>(parse: (value: JsonValue | undefined) => T | string) {
  return z
    .unknown()
    .optional()
    .transform((value, context): T => {
      const result = parse(value as JsonValue | undefined)
      if (typeof result !== 'string') return result
      context.addIssue({ code: 'custom', message: result })
      return z.NEVER
    })
}

const nonEmpty = z.string('expected a non-empty text').min(1, 'expected a non-empty text')
const accountId = z.string('expected a 12-digit account id').refine(isAccountId, 'expected a 12-digit account id')
const action = z
  .string('expected an action such as "ecr:BatchGetImage"')
  .regex(/^[\w-]+:\w+$/, 'expected an action such as "ecr:BatchGetImage", without wildcards')
const resourceArn = z
  .string('expected an ARN or "*"')
  .refine((text) => text === '*' || parseArn(text) !== undefined, 'expected an ARN or "*"')
const policy = read(policyItem)
const policies = z.array(policy, 'expected a list of policies')
const levels = z.array(exactly({ orgIdentifier: nonEmpty, policies }), 'expected a list of organization levels')

/** One case of the input file. A layer that is missing or null does not apply. */
export const caseSchema = exactly({
  name: nonEmpty.nullish(),
  request: exactly({
    principal: read(principalOf),
    action,
    resource: exactly({ resource: resourceArn, accountId, bucketAccountId: accountId.nullish() }),
    context: read(contextOf),
  }),
  identityPolicies: policies.nullish(),
  resourcePolicy: policy.nullish(),
  permissionBoundaries: policies.nullish(),
  sessionPolicy: policy.nullish(),
  serviceControlPolicies: levels.nullish(),
  resourceControlPolicies: levels.nullish(),
  endpointPolicies: policies.nullish(),
  registryPolicy: policy.nullish(),
  registryPolicyScope: z.enum(['V1', 'V2'], 'expected "V1" or "V2"').nullish(),
  managementAccountId: accountId.nullish(),
})

/** A case whose structure is sound; its policies are still to be read. */
export type CaseDraft = z.output<typeof caseSchema>

function policyItem(value: JsonValue | undefined): PolicyItem | string {
  const bare = { name: undefined, policy: value ?? null, wrapped: false }
  if (!isJsonObject(value)) return bare
  const inner = own(value, 'policy')
  if (inner === undefined || Object.hasOwn(value, 'Statement')) return bare
  const stray = Object.keys(value).find((key) => key !== 'name' && key !== 'policy')
  if (stray !== undefined) return `unknown field "${stray}"; expected a policy, or an object with name, policy`
  const name = own(value, 'name')
  if (name === undefined || name === null) return { name: undefined, policy: inner, wrapped: true }
  if (typeof name !== 'string' || name === '') return 'expected name to be a non-empty text'
  return { name, policy: inner, wrapped: true }
}

const principalForms =
  'expected the ARN of a role, session, user or root user, a service such as "ecs.amazonaws.com", or {"type":"Anonymous"}'

function principalOf(value: JsonValue | undefined): RequestPrincipal | string {
  if (typeof value === 'string') return parsePrincipal(value) ?? principalForms
  const anonymous = isJsonObject(value) && own(value, 'type') === 'Anonymous' && Object.keys(value).length === 1
  return anonymous ? { kind: 'anonymous' } : principalForms
}

function contextOf(value: JsonValue | undefined): RequestContext | string {
  if (value === undefined || value === null) return new Map()
  if (!isJsonObject(value)) return 'expected an object of condition keys'
  const context = new Map<string, ContextValue>()
  for (const [key, stated] of Object.entries(value)) {
    if (context.has(key.toLowerCase())) return `"${key}" occurs twice; the case of letters does not distinguish keys`
    const one = contextValue(stated)
    if (one === undefined)
      return `"${key}": expected a text, number, boolean, a list of those, or null when it is not known`
    context.set(key.toLowerCase(), one)
  }
  return context
}

function contextValue(value: JsonValue): ContextValue | undefined {
  if (value === null) return unknownKey
  const list = Array.isArray(value) ? value : [value]
  if (list.length === 0) return absentKey
  return list.every(isScalar) ? present(...list.map(String)) : undefined
}

function isScalar(value: JsonValue): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
