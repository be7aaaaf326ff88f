import type { Reach } from './types.ts'

/** The exact change that would open the first blocked path; undefined when nothing is blocked or no single change is known. */
export function fixFor(reach: Reach): string | undefined {
  if (reach.verdict === 'reachable') return undefined
  for (const path of reach.paths) {
    if (path.verdict === 'blocked' && path.decidedBy.fix !== undefined) return path.decidedBy.fix
  }
  return undefined
}

/** One sentence: the verdict, and the step that decided it. */
export function explainReach(reach: Reach): string {
  const path = reach.paths.find(({ verdict }) => verdict === reach.verdict) ?? reach.paths[0]
  const { host } = reach.destination
  if (path === undefined) return `Whether ${host} is reachable is not known`
  if (reach.verdict === 'reachable') return `${host} is reachable by ${path.via}`
  const state = reach.verdict === 'blocked' ? 'is not reachable' : 'may not be reachable'
  return `${host} ${state}: ${path.decidedBy.reason}`
}
