import type { Counted } from './scan.ts'
import type { ResourcePolicyDocument } from './types.ts'

/** All a registry policy of scope V1 speaks of. */
const v1Actions: ReadonlySet<string> = new Set([
  'ecr:replicateimage',
  'ecr:batchimportupstreamimage',
  'ecr:createrepository',
])

/** How far a resource policy counts for the action (lower case); undefined when it says nothing about it. */
export function countedPolicy(one: ResourcePolicyDocument, action: string): Counted | undefined {
  const { document, registryScope } = one
  if (registryScope === undefined || v1Actions.has(action)) return { document }
  if (registryScope === 'V1') return undefined
  const scope = `scope of the ${document.name} (V1 or V2)`
  const opens = `whether an Allow of the ${document.name} (scope V2) alone opens a repository`
  if (registryScope === 'V2') return { document, doubt: (effect) => (effect === 'Allow' ? opens : undefined) }
  return { document, doubt: () => scope }
}
