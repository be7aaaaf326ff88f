import { policyDocumentOf, statedDocument } from '../iam/evaluate/document.ts'
import type { GuardrailLevel, PolicyDocument, ResourcePolicyDocument } from '../iam/evaluate/types.ts'
import type { RegistryPolicy } from '../inventory/ecr.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Fact } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import { isAwsOwnedRegistry } from './aws-owned-registries.ts'
import { guardrailsOf } from './guardrails.ts'

/** Every document of the owner that has a say on a request for a repository. */
export interface RepositoryLayers {
  readonly resourcePolicies: readonly ResourcePolicyDocument[]
  readonly resourceControlPolicies?: readonly GuardrailLevel[]
  readonly assumptions: readonly string[]
}

/** A repository by its name, wherever it is. */
export interface RepositoryPlace extends Scope {
  readonly name: string
}

/**
 * The repository policy, the registry policy and the resource control policies of the owner. AWS publishes its add-on
 * images in registries of its own whose policies nobody else can read: those are assumed open, and the answer says so.
 */
export function layersOfRepository(inventory: Inventory, place: RepositoryPlace): RepositoryLayers {
  if (isAwsOwnedRegistry(place.accountId, place.region)) return ofAws(place)
  const repository = inventory.repository(place.name, place)
  const registry = inventory.registryOf(place).policy
  const rcps = guardrailsOf(inventory.organizationTree, place.accountId, 'RESOURCE_CONTROL_POLICY')
  return {
    resourcePolicies: [...repositoryPolicy(place, repository), ...registryPolicy(place, registry)],
    ...(rcps.levels === undefined ? {} : { resourceControlPolicies: rcps.levels }),
    assumptions: [...new Set([...assumptionsOf(repository), ...assumptionsOf(registry), ...rcps.assumptions])],
  }
}

/** All tags of a repository; undefined where they are not known. */
export function tagsOfRepository(
  inventory: Inventory,
  place: RepositoryPlace,
): ReadonlyMap<string, string> | undefined {
  if (isAwsOwnedRegistry(place.accountId, place.region)) return undefined
  const repository = inventory.repository(place.name, place)
  const tags = repository.state === 'known' ? repository.value.tags : undefined
  return tags?.state === 'known' ? tags.value : undefined
}

/**
 * The registry policy and the resource control policies that bind actions without a repository. A registry policy that
 * nobody read is assumed to deny none of them: only a Deny of scope V2 could, and not even that is documented for the token.
 */
export function layersOfRegistry(inventory: Inventory, scope: Scope): RepositoryLayers {
  const registry = inventory.registryOf(scope).policy
  const rcps = guardrailsOf(inventory.organizationTree, scope.accountId, 'RESOURCE_CONTROL_POLICY')
  const documents = registryPolicy(scope, registry)
  const unread = registry.state === 'unknown' ? documents : []
  return {
    resourcePolicies: registry.state === 'unknown' ? [] : documents,
    ...(rcps.levels === undefined ? {} : { resourceControlPolicies: rcps.levels }),
    assumptions: [
      ...new Set([
        ...assumptionsOf(registry),
        ...unread.map(({ document }) => `assumes that the ${document.name}, which was not read, denies no token`),
        ...rcps.assumptions,
      ]),
    ],
  }
}

function repositoryPolicy(
  { name, accountId, region }: RepositoryPlace,
  repository: ReturnType<Inventory['repository']>,
): readonly ResourcePolicyDocument[] {
  const title = `repository policy of ${name} (account ${accountId}, ${region})`
  if (repository.state === 'absent') return []
  if (repository.state === 'unknown') {
    return [{ document: { state: 'unknown', name: title, reason: repository.reason } }]
  }
  const { policy } = repository.value
  return policy.state === 'absent' ? [] : [{ document: policyDocumentOf(title, policy) }]
}

function registryPolicy({ accountId, region }: Scope, fact: Fact<RegistryPolicy>): readonly ResourcePolicyDocument[] {
  const title = `registry policy of account ${accountId} in ${region}`
  if (fact.state === 'absent') return []
  if (fact.state === 'unknown') return [{ document: { state: 'unknown', name: title, reason: fact.reason } }]
  const { policy, scope } = fact.value
  const version = scope.state === 'known' && (scope.value === 'V1' || scope.value === 'V2') ? scope.value : 'unknown'
  return [{ document: policyDocumentOf(title, policy), registryScope: version }]
}

function ofAws({ accountId }: Scope): RepositoryLayers {
  return {
    resourcePolicies: [{ document: openToEveryAccount(`repository policies of AWS's registry ${accountId}`) }],
    assumptions: [`assumes that AWS lets every account pull from its own registry ${accountId}`],
  }
}

function openToEveryAccount(name: string): PolicyDocument {
  const actions = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
  return statedDocument(name, {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: actions }],
  })
}

function assumptionsOf(fact: Fact<unknown>): readonly string[] {
  return fact.state === 'unknown' ? [] : fact.assumptions
}
