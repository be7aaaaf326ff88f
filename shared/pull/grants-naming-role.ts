import { type EcrAction, ecrActions } from '../iam/ecr-actions.ts'
import { policyDocumentOf } from '../iam/evaluate/document.ts'
import type { IdentityStatementRef, RegistryGrant } from '../iam/permissions/types.ts'
import type { Repository } from '../inventory/ecr.ts'
import type { Role } from '../inventory/iam.ts'
import { decideIn } from './decide.ts'
import { policiesNamingRoles } from './policies-naming-roles.ts'
import { type RoleUse, roleContext } from './role-context.ts'
import type { PullWorld } from './types.ts'

const onRepositories = ecrActions.filter(({ level }) => level === 'repository')

/**
 * What policies of repositories grant a role by naming its ARN: in the same account that is enough without any policy of
 * the role's own. What they grant to a whole account is a fact about the repository, and judged there.
 */
export function grantsNamingRole(world: PullWorld, role: Role, use: RoleUse): readonly RegistryGrant[] {
  return policiesNamingRoles(world.inventory, role.ref.accountId)
    .naming(role.ref.arn)
    .flatMap((repository) => onRepositories.flatMap((action) => grantOf(world, role, use, repository, action) ?? []))
}

function grantOf(
  world: PullWorld,
  role: Role,
  use: RoleUse,
  { ref, name, policy }: Repository,
  { name: action, group }: EcrAction,
): RegistryGrant | undefined {
  const context = roleContext(world, role, use, action, ref.arn)
  const { accountId, region } = ref
  const repository = { accountId, region, name, arn: ref.arn }
  const { decision, layers, missing } = decideIn(world, role, { action, region, repository }, context).decision
  if (decision !== 'allowed' && decision !== 'unknown') return undefined
  const granting = layers.find(({ layer, result }) => layer === 'resource' && result === 'allowed')?.statement
  const statement = granting ?? allowingStatement(policy, `repository policy of ${name}`, role)
  if (statement === undefined) return undefined
  return {
    ...{ action, group, resource: ref.arn, scope: 'repository', inHomeAccount: true, pattern: ref.arn },
    ...{
      statement: { policy: statement.policy, position: statement.position, sid: statement.sid },
      certain: decision === 'allowed',
      missing,
    },
  }
}

/** While the decision is open, the statement that may grant: the first Allow that lists the role, else the first Allow. */
function allowingStatement(
  source: Repository['policy'],
  name: string,
  { ref }: Role,
): IdentityStatementRef | undefined {
  const document = policyDocumentOf(name, source)
  if (document.state === 'unknown') return undefined
  const allowing = document.policy.statements.filter(({ effect }) => effect === 'Allow')
  const listing = allowing.find(
    ({ principal }) => principal?.kind === 'listed' && principal.entries.some(({ value }) => value === ref.arn),
  )
  const statement = listing ?? allowing[0]
  return statement === undefined ? undefined : { policy: name, position: statement.position, sid: statement.sid }
}
