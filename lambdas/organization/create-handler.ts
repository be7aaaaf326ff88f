import type { Context } from 'aws-lambda'
import { ownScopeOf } from '../../shared/live/own-scope.ts'
import type { Dependencies } from './dependencies.ts'
import { readEnvironment } from './environment.ts'
import { servePublication } from './first-publication.ts'
import { publishAll, type Run, sentenceOf } from './publish-all.ts'
import { stackEventIn } from './stack-event.ts'

/** Time kept back for the last writes, milliseconds. */
const WRITING_TIME = 5_000

type HandlerContext = Pick<Context, 'invokedFunctionArn' | 'getRemainingTimeInMillis'>

/**
 * Publishes the organization and the settings, on schedule; nothing in the event counts, unless it is CloudFormation that asks
 * and waits for an answer. Each file is published whatever becomes of the other, and what cannot be published stays as it was.
 * @throws Error naming every file that was not published and why; what was answered to CloudFormation is not thrown
 */
export function createHandler(parts: Dependencies) {
  return async (event: unknown, context: HandlerContext): Promise<void> => {
    const timeLeft = context.getRemainingTimeInMillis()
    const makeRun = (signal: AbortSignal) => runOf(parts, context, signal)
    const asked = stackEventIn(event)
    if (asked !== undefined) return servePublication(parts, asked, timeLeft, makeRun)
    const problems = await publishAll(makeRun(AbortSignal.timeout(Math.max(1_000, timeLeft - WRITING_TIME))))
    if (problems.length > 0) throw new Error(sentenceOf(problems.map(({ reason }) => reason)))
  }
}

/** @throws InputError naming the variable */
function runOf(parts: Dependencies, { invokedFunctionArn }: HandlerContext, signal: AbortSignal): Run {
  return {
    ...{ parts, own: ownScopeOf(invokedFunctionArn), environment: readEnvironment(parts.variables()) },
    ...{ readAt: parts.now().toISOString(), signal },
  }
}
