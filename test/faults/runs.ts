/** How many plans a property is tried with: `PULLPATH_FAULT_RUNS` times as many as usual. */
export function numRuns(usual: number): number {
  const factor = Number(process.env.PULLPATH_FAULT_RUNS ?? 1)
  return Math.max(1, Math.round(usual * (Number.isFinite(factor) ? factor : 1)))
}
