import type { PullTrace } from '../../shared/model/pull.ts'
import { pullRow } from '../../shared/sinks/report/pull-row.ts'

/** The JSON output: pulls as in the report of an audit, with what only this command says. */
export function resultOf(traces: readonly PullTrace[]): object {
  return { verdict: worstVerdict(traces), pulls: traces.map(resultRow) }
}

/** The verdict on all of them: the worst one. */
export function worstVerdict(traces: readonly PullTrace[]): PullTrace['verdict'] {
  if (traces.some(({ verdict }) => verdict === 'fail')) return 'fail'
  return traces.some(({ verdict }) => verdict === 'unknown') ? 'unknown' : 'pass'
}

function resultRow(trace: PullTrace): object {
  const { hops, ...row } = pullRow(trace)
  const withFixes = hops.map((hop, index) => ({ ...hop, ...ofHop(trace.hops[index]) }))
  return { ...row, hops: withFixes, intermittent: trace.intermittent, missing: trace.missing }
}

function ofHop(hop: PullTrace['hops'][number] | undefined): object {
  return {
    ...(hop?.fix === undefined ? {} : { fix: hop.fix }),
    ...(hop?.subnets === undefined ? {} : { subnets: hop.subnets }),
  }
}
