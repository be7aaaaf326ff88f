import type { CoverageEntry } from '../../model/resource.ts'

/** What was not covered in one account and region, in one line. */
export interface CoverageLine {
  readonly accountId: string
  readonly region: string
  readonly text: string
}

const mostNames = 3

/**
 * The gaps of a ledger, few lines for many rows: the types of one account and region that lack for the same reason share
 * a line. Every row is in the JSON report.
 */
export function coverageLines(coverage: readonly CoverageEntry[]): readonly CoverageLine[] {
  const groups = new Map<string, CoverageEntry[]>()
  for (const entry of coverage.filter(({ status }) => status === 'unknown')) {
    const key = JSON.stringify([entry.accountId, entry.region, reasonOf(entry), entry.resourceArn !== undefined])
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  return [...groups.values()].flatMap(lineOf)
}

function lineOf(entries: readonly CoverageEntry[]): readonly CoverageLine[] {
  const [first] = entries
  if (first === undefined) return []
  const { accountId, region } = first
  const names = entries.map(({ resourceType, resourceArn }) => resourceArn ?? wordOf(resourceType))
  const kind = entries.some(({ resourceArn }) => resourceArn !== undefined) ? 'resources' : 'types'
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more ${kind}` : ''
  const named = `${names.slice(0, mostNames).join(', ')}${more}`
  const reason = entries.length === 1 ? first.reason : reasonOf(first)
  return [{ accountId, region, text: reason === undefined ? named : `${named}: ${reason}` }]
}

function wordOf(resourceType: string): string {
  return resourceType === '*' ? 'nothing was read' : resourceType
}

/** The reason without the type it speaks of, so that equal reasons are seen to be equal. */
function reasonOf({ reason, resourceType }: CoverageEntry): string | undefined {
  return resourceType === '*' ? reason : reason?.replaceAll(resourceType, 'these types')
}
