import { visibleJson } from '../../shared/model/json-escapes.ts'
import type { PullTrace } from '../../shared/model/pull.ts'
import { pullRow } from '../../shared/sinks/report/pull-row.ts'

/**
 * The JSON output, in pieces: pulls as in the report of an audit, with what only this command says. Manifests of a large
 * cluster on many node groups make more of it than one string can hold.
 */
export function* resultOf(traces: readonly PullTrace[]): Generator<string> {
  yield `{\n  "verdict": ${JSON.stringify(worstVerdict(traces))},\n  "pulls": [`
  for (const [index, trace] of traces.entries()) {
    const row = visibleJson(resultRow(trace), 2).replaceAll('\n', '\n    ')
    yield `${index === 0 ? '' : ','}\n    ${row}`
  }
  yield traces.length === 0 ? ']\n}\n' : '\n  ]\n}\n'
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
