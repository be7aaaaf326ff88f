import { expect, it } from 'vitest'
import { readFailure } from '../../shared/sources/failure.ts'

const failure = (name: string, httpStatusCode?: number) =>
  Object.assign(new Error('x'), { name, ...(httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } }) })

it.each([
  ['Error', 404, 'passing'],
  ['SyntaxError', 403, 'passing'],
  ['AccessDenied', 403, 'lasting'],
  ['NoSuchEntityException', 404, 'lasting'],
  ['UnknownError', 403, 'lasting'],
  ['UnknownError', 429, 'passing'],
  ['UnknownError', 503, 'passing'],
  ['TypeError', undefined, 'passing'],
] as const)('%s with status %s is %s', (name, status, transience) => {
  expect(readFailure('iam:GetRole', failure(name, status))).toEqual({
    reason: `iam:GetRole failed with ${name}`,
    transience,
  })
})
