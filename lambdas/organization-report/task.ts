import * as z from 'zod/mini'
import { InputError } from '../../shared/model/errors.ts'

const time = z
  .string()
  .check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/, 'expected an ISO 8601 time'))
const run = z.string().check(z.regex(/^\d{8}T\d{6}Z-[0-9a-f]{12}$/, 'expected the name of a run'))
const accountId = z.string().check(z.regex(/^\d{12}$/, 'expected an account id'))
const region = z.string().check(z.regex(/^[a-z]{2,}(?:-[a-z0-9]+)+$/, 'expected a region'), z.maxLength(32))

const shard = z.object({
  ...{ accountId, accountName: z._default(z.string().check(z.maxLength(256)), ''), region },
  /** Why its functions need not have given a sign; missing: they have to. */
  withoutSign: z.optional(z.string().check(z.maxLength(256))),
})

const schema = z.discriminatedUnion('task', [
  z.object({ task: z.literal('plan'), execution: z.string().check(z.minLength(1), z.maxLength(512)), startedAt: time }),
  z.object({ task: z.literal('shard'), run, startedAt: time, shard }),
  z.object({
    task: z.literal('reduce'),
    run,
    startedAt: time,
    /** Where the map says which of its tasks failed. */
    map: z.optional(z.object({ Bucket: z.string(), Key: z.string() })),
  }),
])

/** One account and region of a run. */
export type Shard = z.output<typeof shard>

/** What the state machine asks of the function. `startedAt` is the execution's: all tasks of a run go by it. */
export type Task = z.output<typeof schema>

const shards = z.array(shard)

/**
 * Reads the event of an invocation.
 * @throws InputError naming the field
 */
export function taskOf(event: unknown): Task {
  return parsed(schema, event, 'event')
}

/**
 * Reads the shards of a run as its plan has written them.
 * @throws InputError naming the field
 */
export function shardsOf(value: unknown): readonly Shard[] {
  return parsed(shards, value, 'shards')
}

function parsed<T extends z.core.$ZodType>(type: T, value: unknown, what: string): z.output<T> {
  const result = z.safeParse(type, value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new InputError(`${[what, ...(issue?.path ?? [])].join('.')}: ${issue?.message || 'is not as expected'}`)
}
