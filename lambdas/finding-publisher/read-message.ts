import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import * as z from 'zod/mini'
import { partitionOf } from '../../shared/model/arn.ts'
import { InputError } from '../../shared/model/errors.ts'
import { isJsonObject, type JsonObject } from '../../shared/model/json.ts'
import type { Scope } from '../../shared/model/resource.ts'
import { MAX_FINDING_BYTES } from '../../shared/sinks/security-hub/limits.ts'

/** A finding that may be sent, with what decides between two of the same id. */
export interface ReadFinding {
  readonly id: string
  /** UpdatedAt in milliseconds since the epoch. */
  readonly updatedAt: number
  readonly finding: AwsSecurityFinding
}

/** Levels of objects and lists a finding may have; ours have six. What is deeper ends the stack of whoever writes it. */
const MAX_DEPTH = 16
/** Security Hub ignores updates that are not newer than what it holds: one from the future would mute a finding for ever. */
const FUTURE_TOLERANCE = 15 * 60_000

const text = (max: number) =>
  z
    .string('expected text')
    .check(z.regex(/\S/, 'expected text'), z.maxLength(max, `expected at most ${max} characters`))
const time = z.string('expected a time').check(
  z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/, 'expected an ISO 8601 time'),
  z.refine((value) => !Number.isNaN(Date.parse(value)), 'expected an ISO 8601 time'),
)
const fields = z
  .record(text(128), text(2048), 'expected an object')
  .check(z.refine((value) => Object.keys(value).length <= 50, 'expected at most 50 fields'))
const untouched = z.optional(z.undefined('is for those who work with findings, not for those who send them'))

/** What every finding of ours has, with the limits Security Hub states. What else it has, Security Hub judges. */
const essentials = z.looseObject({
  SchemaVersion: z.literal('2018-10-08', 'expected 2018-10-08'),
  Id: z.string('expected text').check(z.regex(/^pullpath\/[\x21-\x7e]{1,503}$/, 'expected an id of Pullpath')),
  ProductArn: z.string('expected text'),
  ProductName: z.optional(text(128)),
  CompanyName: z.optional(text(128)),
  GeneratorId: text(512),
  AwsAccountId: z.string('expected an account id'),
  Region: z.optional(text(16)),
  CreatedAt: time,
  UpdatedAt: time,
  Title: text(256),
  Description: text(1024),
  Remediation: z.optional(
    z.looseObject(
      { Recommendation: z.optional(z.looseObject({ Text: z.optional(text(512)) }, 'expected an object')) },
      'expected an object',
    ),
  ),
  ProductFields: z.optional(fields),
  Resources: z
    .array(z.looseObject({ Type: text(256), Id: text(512) }, 'expected a resource'), 'expected a list')
    .check(z.minLength(1, 'expected a resource'), z.maxLength(32, 'expected at most 32 resources')),
  Compliance: z.optional(
    z.looseObject(
      { Status: z.optional(z.enum(['PASSED', 'WARNING', 'FAILED'], 'expected PASSED, WARNING or FAILED')) },
      'expected an object',
    ),
  ),
  RecordState: z.optional(z.enum(['ACTIVE', 'ARCHIVED'], 'expected ACTIVE or ARCHIVED')),
  ...{ Note: untouched, UserDefinedFields: untouched, VerificationState: untouched, Workflow: untouched },
  ...{ WorkflowState: untouched, Severity: untouched, Types: untouched, Confidence: untouched },
  ...{ Criticality: untouched, RelatedFindings: untouched },
})

/**
 * Reads the body of a message: one finding of ours, about this account, for the Security Hub of this region.
 * @throws InputError naming the field and what was expected, nothing of what was there
 */
export function readMessage(body: unknown, own: Scope, now: Date): ReadFinding {
  const parsed = jsonObject(body)
  const { Id, AwsAccountId, ProductArn, Region, UpdatedAt } = checked(parsed)
  const { accountId, region } = own
  refuseUnless(AwsAccountId === accountId, 'AwsAccountId: expected the account of this function')
  refuseUnless(Region === undefined || Region === region, 'Region: expected the region of this function')
  const product = `arn:${partitionOf(region)}:securityhub:${region}:${accountId}:product/${accountId}/default`
  refuseUnless(ProductArn === product, "ProductArn: expected the account's own default product")
  const updatedAt = Date.parse(UpdatedAt)
  refuseUnless(updatedAt <= now.getTime() + FUTURE_TOLERANCE, 'UpdatedAt: lies more than 15 minutes in the future')
  // Checked above as far as anything here depends on it; the rest is for Security Hub to judge.
  return { id: Id, updatedAt, finding: parsed as unknown as AwsSecurityFinding }
}

function jsonObject(body: unknown): JsonObject {
  if (typeof body !== 'string') throw new InputError('body: expected text')
  const parsed = parsedJson(body)
  if (!isJsonObject(parsed)) throw new InputError('body: expected a JSON object')
  refuseUnless(!isDeeper(parsed, MAX_DEPTH), `body: expected at most ${MAX_DEPTH} levels`)
  const bytes = Buffer.byteLength(JSON.stringify(parsed))
  refuseUnless(bytes <= MAX_FINDING_BYTES, `body: expected at most ${MAX_FINDING_BYTES} bytes`)
  return parsed
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new InputError('body: expected JSON text')
  }
}

function isDeeper(value: JsonObject, levels: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; depth < levels; depth++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return level.some((one) => typeof one === 'object' && one !== null)
}

function checked(parsed: JsonObject): z.output<typeof essentials> {
  const result = essentials.safeParse(parsed)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  // Names of fields we do not know are data: only the first two steps of the path are ours.
  const field = (issue?.path ?? []).filter((step) => typeof step === 'string' && /^[A-Z]\w{0,40}$/.test(step)).join('.')
  throw new InputError(`${field || 'body'}: ${issue?.message ?? 'not as expected'}`)
}

function refuseUnless(condition: boolean, message: string): void {
  if (!condition) throw new InputError(message)
}
