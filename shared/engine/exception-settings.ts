import * as z from 'zod/mini'
import { isAccountId, parseArn } from '../model/arn.ts'
import { accountId } from './account-id.ts'

const text = (max: number) =>
  z.string().check(z.maxLength(max, `expected at most ${max} characters`), z.refine(hasWords, 'expected some text'))

/** `tag` of one entry of `exceptions`. */
export const exceptionTag = z.strictObject({
  key: text(128),
  value: z.string().check(z.minLength(1, 'expected a value or "*"'), z.maxLength(256)),
})

/** One entry of `exceptions`: what it names, why, who answers for it and until when. */
export const exceptionSettings = z
  .strictObject({
    rule: z
      .string()
      .check(z.regex(/^[a-z][a-z0-9-]*\*?$/, 'expected a rule id, or the start of some with "*" behind it')),
    resource: z.optional(
      z
        .string()
        .check(
          z.maxLength(1024, 'expected at most 1024 characters'),
          z.refine(isArn, 'expected an ARN (arn:partition:service:region:account:resource) whose parts may hold "*"'),
        ),
    ),
    account: z.optional(accountId),
    tag: z.optional(exceptionTag),
    reason: text(500),
    owner: text(200),
    expires: z.iso.date('expected a date (YYYY-MM-DD)'),
  })
  .check(
    z.refine((one) => one.account !== undefined || namesResource(one.resource), {
      error: 'expected an account, or a resource whose last part is more than "*"',
    }),
    z.refine((one) => one.tag === undefined || namesAccount(one), {
      // Who owns a resource sets its tags: a tag may choose within what the settings name, and never beyond.
      error: 'expected an account besides the tag: by "account", or spelled out in "resource"',
    }),
  )

/** The `exceptions` part of a settings file. */
export const exceptionList = z._default(
  z.array(exceptionSettings).check(z.maxLength(1000, 'expected at most 1000 exceptions')),
  [],
)

function hasWords(value: string): boolean {
  return value.trim() !== ''
}

function isArn(value: string): boolean {
  return parseArn(value) !== undefined
}

function namesResource(resource: string | undefined): boolean {
  return /[^*]/.test(parseArn(resource ?? '')?.resource ?? '')
}

function namesAccount({
  account,
  resource,
}: {
  readonly account?: string | undefined
  readonly resource?: string | undefined
}) {
  return account !== undefined || isAccountId(parseArn(resource ?? '')?.accountId ?? '')
}
