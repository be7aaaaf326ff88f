import type { Counted } from './scan.ts'
import type { ResourcePolicyDocument } from './types.ts'

/** All a registry policy of scope V1 speaks of. */
const v1Actions: ReadonlySet<string> = new Set([
  'ecr:replicateimage',
  'ecr:batchimportupstreamimage',
  'ecr:createrepository',
])

/** True for the action (lower case) that gets a token, of which no documentation of registry policies speaks. */
export function isToken(action: string): boolean {
  return action.endsWith(':getauthorizationtoken')
}

/** How far a resource policy counts for the action (lower case); undefined when it says nothing about it. */
export function countedPolicy(one: ResourcePolicyDocument, action: string): Counted | undefined {
  const { document, registryScope } = one
  if (registryScope === undefined || v1Actions.has(action)) return { document }
  if (registryScope === 'V1') return undefined
  const scope = `scope of the ${document.name} (V1 or V2)`
  const binds = 'whether a registry policy of scope V2 binds GetAuthorizationToken is not documented'
  if (isToken(action)) return { document, doubt: () => (registryScope === 'V2' ? binds : `${scope}; ${binds}`) }
  const opens = `whether an Allow of the ${document.name} (scope V2) alone opens a repository`
  if (registryScope === 'V2') return { document, doubt: (effect) => (effect === 'Allow' ? opens : undefined) }
  return { document, doubt: () => scope }
}
