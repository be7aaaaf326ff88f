import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Course } from './course.ts'
import { deploy, type Tamper } from './deployment.ts'
import { plans } from './plans.ts'
import { Broken } from './said.ts'
import { onVirtualTime, type Serve } from './sandbox.ts'

let back: () => void
beforeAll(() => {
  back = onVirtualTime()
})
afterAll(() => back())

type Reply = ReturnType<Serve>

/** Answers an operation that goes wrong with something that the functions cannot see through. */
const insteadOf =
  (operation: string, answer: Reply): Tamper =>
  (truly) =>
  (call, fault) =>
    fault?.operation === operation ? answer : truly(call, fault)

const nothingFailed = { status: 200, text: '{"FailedEvaluations":[]}' }
const imported = { status: 200, text: '{"SuccessCount":1,"FailedCount":0,"FailedFindings":[]}' }
const noPolicy = {
  status: 400,
  text: '{"__type":"RepositoryPolicyNotFoundException"}',
  headers: { 'x-amzn-errortype': 'RepositoryPolicyNotFoundException' },
}
const noRepository = {
  status: 400,
  text: '{"__type":"RepositoryNotFoundException"}',
  headers: { 'x-amzn-errortype': 'RepositoryNotFoundException' },
}

/** A function that makes a failure into an answer looks to everybody else like an answer that hides a failure. */
const defects: readonly (readonly [string, string, Reply, RegExp])[] = [
  ['a write to AWS Config that is lost', 'config:PutEvaluations', nothingFailed, /^P[157]/],
  ['a finding that is lost', 'securityhub:BatchImportFindings', imported, /^P1/],
  ['a policy that cannot be read for one that is not there', 'ecr:GetRepositoryPolicy', noPolicy, /^P2/],
  ['a repository that cannot be read for one that is gone', 'ecr:DescribeRepositories', noRepository, /^P2/],
]

describe('a defect does not pass:', () => {
  it.each(defects)(
    '%s',
    async (_, operation, answer, said) => {
      const faults = [1, 2, 3, 4].map((nth) => ({ operation, nth, kind: 'throttled' as const }))
      const property = fc.asyncProperty(plans({ change: 3, sweep: 2, task: 0, deliver: 4, publish: 2 }), (plan) =>
        new Course({ ...plan, faults }, deploy('111122223333', insteadOf(operation, answer))).play(),
      )
      const { failed, errorInstance } = await fc.check(property, { numRuns: 400, endOnFailure: true })
      expect(failed).toBe(true)
      expect(errorInstance).toBeInstanceOf(Broken)
      expect((errorInstance as Broken).message).toMatch(said)
    },
    120_000,
  )
})
