import { expect, it } from 'vitest'
import { CredentialsProblem, MalformedAnswer, readFailure } from '../../shared/sources/failure.ts'
import { ask, askPages, coverageOf, needText } from '../../shared/sources/reading.ts'

const reader = { accountId: '111122223333', region: 'eu-west-1', readAt: '2026-03-01T12:00:00.000Z' }
const malformed = { state: 'unknown', reason: 'x:Get failed with MalformedAnswer', transience: 'passing' }

/** Gives the answers one after the other, and counts. */
function answering<T>(...answers: readonly T[]) {
  const calls: T[] = []
  return {
    calls,
    next: async () => {
      const answer = answers[calls.length] as T
      calls.push(answer)
      return answer
    },
  }
}

it('an answer that is not as documented is asked for once more, and no more than once', async () => {
  const mended = answering<{ name?: string }>({}, { name: 'a' })
  const take = ({ name }: { name?: string }) => needText(name, 'name')
  expect(await ask(reader, 'x:Get', undefined, mended.next, take)).toEqual({ state: 'known', value: 'a' })
  const broken = answering<{ name?: string }>({}, {}, { name: 'a' })
  expect(await ask(reader, 'x:Get', undefined, broken.next, take)).toEqual(malformed)
  expect(broken.calls).toHaveLength(2)
})

it('an error of the service is not asked for again', async () => {
  let calls = 0
  const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' })
  const answer = await ask(
    reader,
    'x:Get',
    undefined,
    () => {
      calls += 1
      return Promise.reject(denied)
    },
    () => 'never',
  )
  expect(answer).toEqual({ state: 'unknown', reason: 'x:Get failed with AccessDeniedException', transience: 'lasting' })
  expect(calls).toBe(1)
})

it('a malformed page is read again by itself', async () => {
  const asked: (string | undefined)[] = []
  const answer = await askPages(reader, 'x:List', undefined, async (token) => {
    asked.push(token)
    if (asked.length === 2) throw new MalformedAnswer('cut off')
    return { entries: [token ?? 'first'], nextToken: token === undefined ? '2' : undefined }
  })
  expect(answer).toEqual({ state: 'known', value: ['first', '2'] })
  expect(asked).toEqual([undefined, '2', '2'])
})

it('the coverage of a reading has a row for each resource with a gap; a gap of a listing has its row already', () => {
  const resourceType = 'AWS::IAM::Role'
  const failure = { reason: 'denied', transience: 'lasting' as const }
  const row = { accountId: '111122223333', region: 'global', resourceType, status: 'known' as const }
  const gaps = [
    { resourceType, resourceArn: 'arn:a', ...failure },
    { resourceType, ...failure },
    { resourceType: 'AWS::ECR::Repository', resourceArn: 'arn:b', ...failure },
  ]
  expect(coverageOf({ items: [], coverage: [row], gaps }, reader)).toEqual([
    row,
    { ...row, status: 'unknown', reason: 'denied', resourceArn: 'arn:a' },
    {
      ...{ ...row, region: 'eu-west-1', resourceType: 'AWS::ECR::Repository' },
      ...{ status: 'unknown', reason: 'denied', resourceArn: 'arn:b' },
    },
  ])
})

it('credentials that cannot be made say what to do, whatever call needed them', () => {
  const problem = new CredentialsProblem('profile "dev": the SSO session has expired; run aws sso login', 'lasting')
  expect(readFailure('ecr:DescribeRepositories', problem)).toEqual({
    reason: 'ecr:DescribeRepositories: profile "dev": the SSO session has expired; run aws sso login',
    transience: 'lasting',
  })
})

it('a host that is not there is named by what the system said, other errors by their name', () => {
  const reasonOf = (error: unknown) => readFailure('x:Get', error).reason
  expect(reasonOf(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }))).toBe('x:Get failed with ENOTFOUND')
  expect(reasonOf(Object.assign(new Error('no'), { code: 'free text' }))).toBe('x:Get failed with Error')
  expect(reasonOf(Object.assign(new Error('no'), { name: 'AccessDenied', code: 'EPERM' }))).toBe(
    'x:Get failed with AccessDenied',
  )
})
