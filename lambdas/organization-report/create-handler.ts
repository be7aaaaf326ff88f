import type { Context } from 'aws-lambda'
import { ownScopeOf } from '../../shared/live/own-scope.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { Log } from '../../shared/runtime/log.ts'
import type { Measures } from '../../shared/runtime/measures.ts'
import { readFailure } from '../../shared/sources/failure.ts'
import type { Dependencies } from './dependencies.ts'
import { readEnvironment } from './environment.ts'
import type { Measure } from './measures.ts'
import { type Plan, plan } from './plan.ts'
import { PassingProblem } from './problems.ts'
import { type Reduced, reduce } from './reduce.ts'
import { type RunBase, runOf } from './run.ts'
import { runNameOf } from './run-keys.ts'
import { type ShardCounts, shard } from './shard.ts'
import { type Task, taskOf } from './task.ts'

/** Time kept back for the last writes, milliseconds. */
const WRITING_TIME = 30_000
/** Accounts and regions that one line of the log names. */
const MOST_NAMED = 100

type HandlerContext = Pick<Context, 'invokedFunctionArn' | 'getRemainingTimeInMillis'>

/** What the last task answers: few words, whatever the size of the organization. */
export interface ReducedCounts {
  readonly run: string
  readonly pointer: Reduced['pointer']
  readonly covered: number
  readonly places: number
  readonly failed: number
  readonly heartbeatsMissing: number
}

/**
 * One task of the organization report, as the state machine asks for it.
 * @throws InputError for another event, PassingProblem for what is worth trying again, ReportProblem for what is not, and what
 * S3 threw when it refused for good
 */
export function createHandler(parts: Dependencies) {
  return async (event: unknown, context: HandlerContext): Promise<Plan | ShardCounts | ReducedCounts> => {
    const task = taskOf(event)
    const time = Math.max(1_000, context.getRemainingTimeInMillis() - WRITING_TIME)
    const base = {
      ...{ parts, own: ownScopeOf(context.invokedFunctionArn), startedAt: timeOf(task) },
      environment: readEnvironment(parts.variables()),
      signal: AbortSignal.timeout(time),
    }
    return perform(task, base).catch(asProblem)
  }
}

/** What S3 could not take just now is worth another attempt of the whole task, by the name that the state machine knows. */
function asProblem(error: unknown): never {
  // A mistake of our own has no answer of a service with it.
  const isOfService = error instanceof Error && '$metadata' in error
  const failure = isOfService ? readFailure('s3:PutObject', error) : undefined
  throw failure?.transience === 'passing' ? new PassingProblem(failure.reason) : error
}

/** @throws InputError */
function timeOf({ startedAt }: Task): string {
  const time = Date.parse(startedAt)
  if (Number.isNaN(time)) throw new InputError('event.startedAt: expected an ISO 8601 time')
  return new Date(time).toISOString()
}

async function perform(task: Task, base: Omit<RunBase, 'name'>): Promise<Plan | ShardCounts | ReducedCounts> {
  const { log } = base.parts
  switch (task.task) {
    case 'plan': {
      const made = await plan(runOf({ ...base, name: runNameOf(task.execution, base.startedAt) }))
      log().info('planned', { run: made.run, shards: made.shards })
      return made
    }
    case 'shard': {
      const counts = await shard(runOf({ ...base, name: task.run }), task.shard)
      log().info('judged', { ...counts })
      return counts
    }
    case 'reduce': {
      const reduced = await reduce(runOf({ ...base, name: task.run }), task.map)
      const counts = countsOf(reduced)
      log().info('reported', { ...counts })
      warnOfSilence(log(), reduced)
      measure(base.parts.measures(), reduced)
      return counts
    }
    default:
      return task satisfies never
  }
}

function countsOf({ run, pointer, failed, overview }: Reduced): ReducedCounts {
  const { covered, expected, heartbeats } = overview
  return { run, pointer, covered, places: expected.places, failed, heartbeatsMissing: heartbeats.missing.length }
}

/** The metric counts them; the log and the coverage of the report say which. */
function warnOfSilence(log: Log, { overview }: Reduced): void {
  const { missing } = overview.heartbeats
  if (missing.length === 0) return
  const places = missing.slice(0, MOST_NAMED).map(({ accountId, region, note }) => `${accountId} ${region}: ${note}`)
  log.warn('heartbeats are missing', { missing: missing.length, places: places.join('; ') })
}

function measure(measures: Measures<Measure>, { overview, failed }: Reduced): void {
  const { expected, covered, notCovered, heartbeats, summary } = overview
  // A report on nothing is no evidence of work: the alarm on missing reports sees it.
  measures.count('ReportPublished', covered > 0 ? 1 : 0)
  measures.count('AccountsExpected', expected.accounts)
  measures.count('ShardsExpected', expected.places)
  measures.count('ShardsFailed', failed)
  measures.count('ShardsNotCovered', notCovered.length)
  measures.count('HeartbeatsMissing', heartbeats.missing.length)
  measures.count('HeartbeatsUnknown', heartbeats.unknown)
  measures.count('ReportNoncompliant', summary.byCompliance.NON_COMPLIANT)
  measures.count('ReportUndetermined', summary.byCompliance.UNDETERMINED)
  measures.flush()
}
