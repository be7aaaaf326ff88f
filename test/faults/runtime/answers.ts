// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { serve, type World } from '../../support/fake-aws/fake-aws.ts'
import type { Reply } from '../../support/fake-aws/in-memory.ts'
import { Refusal } from '../../support/fake-aws/refusal.ts'
import { type Spoken, written, writtenError } from '../../support/fake-aws/wire.ts'
import { batchOperations, garbled, garbles, type PlannedFault, partly, refusalOf, short } from './faults.ts'

/** What an account answers, or makes of it when a fault says so. Throws as a connection that breaks. */
export function answerOf(world: World, call: Spoken, fault: PlannedFault | undefined): Reply {
  if (fault?.kind === 'reset') throw reset()
  const refusal = fault && refusalOf(fault.kind, call.service)
  if (refusal) return refused(call, refusal)
  const reply = served(world, call, fault)
  if (fault?.kind === 'lost') throw reset()
  const isGarbled = fault !== undefined && (garbles as readonly string[]).includes(fault.kind)
  return isGarbled ? { ...reply, text: garbled(fault.kind, reply.text) } : reply
}

function served(world: World, call: Spoken, fault: PlannedFault | undefined): Reply {
  try {
    // A look at one repository never lies about it.
    if (fault?.kind === short && call.body.repositoryNames === undefined) return sent(call, { repositories: [] })
    const isBatch = batchOperations.includes(`${call.service}:${call.operation}`)
    return sent(call, fault?.kind === partly && isBatch ? servedPartly(world, call) : serve(world, call))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refused(call, error)
  }
}

/** The first entry is refused, all others are served. */
function servedPartly(world: World, call: Spoken): unknown {
  const list = ['Evaluations', 'Findings', 'Entries'].find((name) => name in call.body) ?? ''
  const [first, ...rest] = call.body[list]
  const truth: any = rest.length === 0 ? {} : serve(world, { ...call, body: { ...call.body, [list]: rest } })
  switch (call.service) {
    case 'config':
      return { FailedEvaluations: [first] }
    case 'sqs':
      return { ...truth, Failed: [{ Id: first.Id, Code: 'InternalError', SenderFault: false }] }
    default: {
      const failure = { Id: first.Id, ErrorCode: 'InternalFailure', ErrorMessage: 'InternalFailure' }
      return { SuccessCount: rest.length, FailedCount: 1, FailedFindings: [failure] }
    }
  }
}

function sent(call: Spoken, answer: unknown): Reply {
  if (call.service === 'lambda') return { status: 202, text: '' }
  const { type, text } = written(call, answer)
  return { status: 200, text, headers: { 'content-type': type } }
}

function refused(call: Spoken, refusal: Refusal): Reply {
  const { type, text } = writtenError(call, refusal)
  return { status: refusal.status, text, headers: { 'content-type': type, 'x-amzn-errortype': refusal.code } }
}

function reset(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
}
