import type { RepositoryFilter } from '../inventory/ecr.ts'
import { matchesGlob } from './glob.ts'

/**
 * Whether a filter of a scanning, signing or replication rule takes in a repository; undefined for a filter type this
 * version does not know. A scanning filter (`WILDCARD`) without a star matches every name that contains it.
 */
export function filterMatches({ filter, type }: RepositoryFilter, repositoryName: string): boolean | undefined {
  switch (type) {
    case 'WILDCARD':
      return filter.includes('*') ? matchesGlob(filter, repositoryName) : repositoryName.includes(filter)
    case 'WILDCARD_MATCH':
      return matchesGlob(filter, repositoryName)
    case 'PREFIX_MATCH':
      return repositoryName.startsWith(filter)
    default:
      return undefined
  }
}

/** Whether any filter takes the repository in; undefined when only a filter of an unknown type might. */
export function anyFilterMatches(filters: readonly RepositoryFilter[], repositoryName: string): boolean | undefined {
  const answers = filters.map((filter) => filterMatches(filter, repositoryName))
  if (answers.includes(true)) return true
  return answers.includes(undefined) ? undefined : false
}
