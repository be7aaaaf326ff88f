import type { PullTrace } from '../../shared/model/pull.ts'
import type { Candidate } from '../../shared/pull/diagnose/candidate.ts'
import type { JudgedCandidate } from '../../shared/pull/diagnose/confirm.ts'

/** A candidate, with its verdict when there was an inventory to ask. */
export type Shown = Candidate | JudgedCandidate

/** What `--format json` prints: `{ "candidates": […] }`, likeliest first; with an inventory also the pulls in question. */
export function resultOf(candidates: readonly Shown[], pulls?: readonly PullTrace[]): unknown {
  const found = { candidates: candidates.map(candidateResult) }
  return pulls === undefined ? found : { ...found, pulls: pulls.map(pullResult) }
}

function pullResult({ workload, image, verdict, firstBrokenHop, hops }: PullTrace): unknown {
  const broken = hops.find(({ hop }) => hop === firstBrokenHop)
  const why = broken === undefined ? {} : { code: broken.code, reason: broken.reason }
  return { workload: workload.arn, image, verdict, firstBrokenHop: firstBrokenHop ?? null, ...why }
}

function candidateResult(candidate: Shown): unknown {
  const { hop, code, meaning, confidence, checks, commands } = candidate
  const base = { hop, code, meaning, confidence, checks, commands }
  if (!('verdict' in candidate)) return base
  const { verdict, confirmedBy } = candidate
  if (confirmedBy === undefined) return { ...base, verdict }
  const { workload, image, hop: failing } = confirmedBy
  const by = { workload, image, code: failing.code, reason: failing.reason, evidence: failing.evidence }
  const subnets = failing.subnets === undefined ? {} : { subnets: failing.subnets }
  const fix = failing.fix === undefined ? {} : { fix: failing.fix }
  return { ...base, verdict, confirmedBy: { ...by, ...subnets, ...fix } }
}
