import { type ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service'
import { backOff, type Patience } from '../back-off.ts'
import type { ConfigEvaluation } from './evaluations.ts'

/** IAM actions of this sink; the action takes no resource. */
export const permissions = [{ action: 'config:PutEvaluations', resource: '*' }] as const

const CHUNK = 100
const ATTEMPTS = 4

/** What the sink writes with. */
export interface ConfigSink extends Patience {
  readonly client: Pick<ConfigServiceClient, 'send'>
  readonly resultToken: string
}

/** Evaluations AWS Config did not take although the rest was sent. */
export class RejectedEvaluations extends Error {
  override readonly name = 'RejectedEvaluations'
  /** The evaluations that are not in AWS Config. */
  readonly rejected: readonly ConfigEvaluation[]
  constructor(rejected: readonly ConfigEvaluation[]) {
    const named = rejected.slice(0, 5).map((one) => `${one.ComplianceResourceType} ${one.ComplianceResourceId}`)
    super(`AWS Config did not accept ${rejected.length} evaluation(s): ${named.join(', ')}`)
    this.rejected = rejected
  }
}

/**
 * Writes evaluations in chunks of 100. What AWS Config reports as failed is sent again, a chunk it refuses as invalid is
 * halved until the bad items are alone; everything else is written first.
 * @throws RejectedEvaluations naming what was not taken; Error when the result token is refused or the service fails
 */
export async function putEvaluations(sink: ConfigSink, evaluations: readonly ConfigEvaluation[]): Promise<void> {
  const rejected: ConfigEvaluation[] = []
  for (let start = 0; start < evaluations.length; start += CHUNK) {
    rejected.push(...(await putChunk(sink, evaluations.slice(start, start + CHUNK))))
  }
  if (rejected.length > 0) throw new RejectedEvaluations(rejected)
}

/**
 * Sends one chunk; returns what was not accepted. A refused chunk is searched for one bad item at a time: 100 items with
 * one bad cost 9 calls.
 */
async function putChunk(sink: ConfigSink, chunk: readonly ConfigEvaluation[]): Promise<readonly ConfigEvaluation[]> {
  const rejected: ConfigEvaluation[] = []
  let left = chunk
  while (left.length > 0) {
    const outcome = await putWithRetry(sink, left)
    if (outcome !== 'invalid') return [...rejected, ...outcome]
    const search = await isolateOne(sink, left)
    rejected.push(...search.rejected)
    left = search.unsent
  }
  return rejected
}

/** Halves a refused part until one bad item is alone. Halves that were accepted are done; untried ones come back unsent. */
async function isolateOne(sink: ConfigSink, refused: readonly ConfigEvaluation[]) {
  const rejected: ConfigEvaluation[] = []
  const unsent: ConfigEvaluation[] = []
  let suspect = refused
  while (suspect.length > 1) {
    const middle = suspect.length >> 1
    const first = suspect.slice(0, middle)
    const second = suspect.slice(middle)
    const outcome = await putWithRetry(sink, first)
    if (outcome === 'invalid') {
      unsent.push(...second)
      suspect = first
    } else {
      rejected.push(...outcome)
      suspect = second
    }
  }
  return { rejected: [...rejected, ...suspect], unsent }
}

async function putWithRetry(
  sink: ConfigSink,
  part: readonly ConfigEvaluation[],
): Promise<'invalid' | readonly ConfigEvaluation[]> {
  let left = part
  for (let attempt = 1; left.length > 0; attempt++) {
    const failed = await putOnce(sink, left)
    if (failed === 'invalid' || failed.length === 0 || attempt === ATTEMPTS) return failed
    left = failed
    await backOff(sink, attempt)
  }
  return []
}

async function putOnce(
  sink: ConfigSink,
  part: readonly ConfigEvaluation[],
): Promise<'invalid' | readonly ConfigEvaluation[]> {
  const command = new PutEvaluationsCommand({ ResultToken: sink.resultToken, Evaluations: [...part] })
  try {
    const output = await sink.client.send(command, { abortSignal: AbortSignal.timeout(20_000) })
    return unaccepted(part, output.FailedEvaluations ?? [])
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'ValidationException' || name === 'InvalidParameterValueException') return 'invalid'
    if (name === 'InvalidResultTokenException') {
      throw new Error('AWS Config refused the result token: it is expired or belongs to another rule', { cause: error })
    }
    throw error
  }
}

/** The evaluations of ours that the answer names; an entry that names none of ours condemns the whole part. */
function unaccepted(
  part: readonly ConfigEvaluation[],
  failed: readonly {
    readonly ComplianceResourceType?: string | undefined
    readonly ComplianceResourceId?: string | undefined
  }[],
): readonly ConfigEvaluation[] {
  const key = (type: string | undefined, id: string | undefined) => JSON.stringify([type, id])
  const named = new Set(failed.map((one) => key(one.ComplianceResourceType, one.ComplianceResourceId)))
  const ours = part.filter((one) => named.has(key(one.ComplianceResourceType, one.ComplianceResourceId)))
  return ours.length < named.size ? part : ours
}
