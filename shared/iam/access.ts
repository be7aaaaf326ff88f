import { partitionOf } from '../model/arn.ts'
import { clausesOf } from './access/clause.ts'
import { deadParts, neverTrue } from './access/dead-parts.ts'
import type { Access, AccessInput, PolicyDocument } from './access/input.ts'
import { principalForm } from './access/principal.ts'
import { actionMask, grantable, speaksOf } from './access/scope.ts'
import type { Budget, Prepared } from './access/solve.ts'
import { statementAccess } from './access/statement-access.ts'
import { asksOrganization, freshAccountId, gatherMentions, untoldOrganization, type World } from './access/world.ts'
import type { AccessGrant, DeadPart, StatementRef } from './access-types.ts'
import type { Statement } from './policy/policy.ts'

export type { Access, AccessInput, PolicyDocument } from './access/input.ts'

/**
 * Steps one analysis may take, shared out evenly among its Allow statements: tens of milliseconds. What is left
 * undecided then counts as could allow.
 */
const stepBudget = 3_000_000
/** Steps every Allow statement has at least, so that a long policy of plain statements is still decided. */
const leastSteps = 100_000

/**
 * Who can reach the resource: for each class of possible callers, which ECR actions some statement allows and no Deny
 * takes away. The answer rests on concrete witness requests, evaluated exactly. Pure; never throws.
 */
export function accessTo(input: AccessInput): Access {
  const world = worldOf(input)
  const applying = input.documents.flatMap((document) =>
    document.policy.statements.map((statement) => ({
      document,
      statement,
      prepared: prepare(statement, document, input, world),
    })),
  )
  const denies = byText(applying.filter(({ statement }) => statement.effect === 'Deny')).map(({ prepared }) => prepared)
  const allowing = applying.filter(({ statement, prepared }) => statement.effect === 'Allow' && prepared.mask !== 0n)
  const grants: AccessGrant[] = []
  const dead: DeadPart[] = []
  const notes: string[] = []
  for (const { document, statement, prepared } of applying) {
    const ref: StatementRef = { document: document.document, position: statement.position, sid: statement.sid }
    const parts = deadParts(statement, ref, world.partition)
    dead.push(...parts)
    notes.push(...notesOn(statement, ref, world))
    if (statement.effect === 'Deny' || prepared.mask === 0n || statement.principal === undefined) continue
    const budget: Budget = { left: Math.max(leastSteps, Math.floor(stepBudget / allowing.length)) }
    const found = statementAccess(ref, statement.principal, prepared, denies, world, budget)
    grants.push(...found.grants)
    dead.push(...neverTrue(statement, ref, found.impossibleKeys, parts))
  }
  return { grants, dead, notes }
}

function prepare(statement: Statement, document: PolicyDocument, input: AccessInput, world: World): Prepared {
  const applies = speaksOf(statement, input.resourceArn)
  return {
    mask: applies ? actionMask(statement.action) & grantable(document) : 0n,
    clauses: clausesOf(statement, document.policy, world.partition),
  }
}

function worldOf(input: AccessInput): World {
  const policies = input.documents.map(({ policy }) => policy)
  const all = policies.flatMap((policy) => policy.statements)
  const tags = input.resourceTags && tagsByName(input.resourceTags)
  const statements = all.map((statement) => ({ statement }))
  const text = [JSON.stringify(policies), ...input.organization.organizationAccounts].join()
  return {
    resourceAccountId: input.resourceAccountId,
    region: input.region,
    partition: partitionOf(input.region),
    organization: input.organization,
    now: input.now,
    freshAccount: freshAccountId(text, 1),
    freshMember: freshAccountId(text, 2),
    ours: input.organization.organizationId ?? (asksOrganization(all) ? untoldOrganization : undefined),
    tags,
    ...gatherMentions(
      byText(statements).map(({ statement }) => statement),
      tags,
    ),
  }
}

/** Policies name tags in any case. */
function tagsByName(tags: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, readonly string[]>()
  for (const [key, value] of tags) {
    const name = key.toLowerCase()
    byName.set(name, [...(byName.get(name) ?? []), value])
  }
  return byName
}

/** Orders by what statements say: where the search has to stop early must not depend on their order. */
function byText<T extends { readonly statement: Statement }>(items: readonly T[]): readonly T[] {
  const text = ({ position: _position, sid: _sid, ...rest }: Statement): string => JSON.stringify(rest)
  return items
    .map((item) => ({ item, text: text(item.statement) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ item }) => item)
}

function notesOn(statement: Statement, ref: StatementRef, world: World): readonly string[] {
  const where = `${ref.document}, statement ${ref.position}`
  const { principal } = statement
  if (principal === undefined) return [`${where}: names no principal and grants nothing`]
  if (principal.kind === 'any') return []
  return principal.entries.flatMap((entry) => {
    const form = principalForm(entry, world.partition)
    return form.kind === 'never' ? [`${where}: ${entry.value} never matches, ${form.why}`] : []
  })
}
