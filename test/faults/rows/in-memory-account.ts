import type { AwsClients } from '../../../shared/runtime/aws-clients.ts'
import { emptyWorld, type FakeAws } from '../../support/fake-aws/fake-aws.ts'
import { clientsOver } from '../../support/fake-aws/in-memory.ts'
import { Refusal } from '../../support/fake-aws/refusal.ts'
import { written } from '../../support/fake-aws/wire.ts'
import { answerOf } from '../runtime/answers.ts'

/** An account that is asked without a network: thousands of invocations take seconds. */
export interface InMemoryAccount {
  readonly fake: FakeAws
  readonly clients: AwsClients
}

/** An account that holds nothing. Of the faults of its plan it knows errors and answers. */
export function inMemoryAccount(accountId: string, region: string): InMemoryAccount {
  const world = emptyWorld(accountId, region)
  const fake: FakeAws = { ...world, endpoint: 'http://fake.invalid', calls: [], close: async () => undefined }
  const counts = new Map<string, number>()
  const clients = clientsOver(async (call) => {
    const { service, operation, body } = call
    const n = (counts.get(`${service}:${operation}`) ?? 0) + 1
    counts.set(`${service}:${operation}`, n)
    fake.calls.push({ service, operation, body })
    const fault = world.state.plan(operation, n, body)
    if (fault && 'answer' in fault) return { status: 200, text: written(call, fault.answer).text }
    if (!fault || !('error' in fault)) return answerOf(world, call, undefined)
    return answerOf(
      { ...world, state: { ...world.state, services: refusing(fault.error, fault.status) } },
      call,
      undefined,
    )
  }, region)
  return { fake, clients }
}

function refusing(code: string, status?: number): FakeAws['state']['services'] {
  const refuse = () => {
    throw new Refusal(code, status)
  }
  return new Map(['config', 'ecr', 'securityhub'].map((service) => [service, refuse]))
}
