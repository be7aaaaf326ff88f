import { type ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service'
import type { ConfigEvaluation } from './evaluations.ts'

/** IAM actions of this sink; the action takes no resource. */
export const permissions = [{ action: 'config:PutEvaluations', resource: '*' }] as const

const CHUNK = 100
const ATTEMPTS = 4

/** What the sink writes with; time and chance are handed in. */
export interface ConfigSink {
  readonly client: Pick<ConfigServiceClient, 'send'>
  readonly resultToken: string
  readonly sleep: (milliseconds: number) => Promise<void>
  /** A number in [0, 1). */
  readonly random: () => number
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

/** Sends one chunk; returns what was not accepted. Halves are worked off a stack, so 100 items with one bad cost at most 14 calls. */
async function putChunk(sink: ConfigSink, chunk: readonly ConfigEvaluation[]): Promise<readonly ConfigEvaluation[]> {
  const rejected: ConfigEvaluation[] = []
  const waiting: (readonly ConfigEvaluation[])[] = [chunk]
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const outcome = await putWithRetry(sink, part)
    if (outcome !== 'invalid') rejected.push(...outcome)
    else if (part.length <= 1) rejected.push(...part)
    else waiting.push(part.slice(part.length >> 1), part.slice(0, part.length >> 1))
  }
  return rejected
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
    await sink.sleep(Math.floor(sink.random() * 200 * 2 ** attempt))
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
  failed: readonly { readonly ComplianceResourceType?: string | undefined; readonly ComplianceResourceId?: string | undefined }[],
): readonly ConfigEvaluation[] {
  const key = (type: string | undefined, id: string | undefined) => JSON.stringify([type, id])
  const named = new Set(failed.map((one) => key(one.ComplianceResourceType, one.ComplianceResourceId)))
  const ours = part.filter((one) => named.has(key(one.ComplianceResourceType, one.ComplianceResourceId)))
  return ours.length < named.size ? part : ours
}
