import type { DeadPart, StatementRef } from '../access-types.ts'
import { parseOperator } from '../conditions/operator.ts'
import { pullActions } from '../ecr-actions.ts'
import { matchesWildcardIgnoringCase } from '../match/wildcard.ts'
import type { Condition, PrincipalEntry, Statement } from '../policy/policy.ts'
import { principalForm } from './principal.ts'
import { actionMask, actionNames, namesSomeAction } from './scope.ts'

const tokenAction = 'ecr:GetAuthorizationToken'
/** Keys that only calls made by or through an AWS service carry. */
const serviceCallKeys = new Set(
  ['sourcearn', 'sourceaccount', 'sourceorgid', 'sourceorgpaths', 'calledvia', 'calledviafirst', 'calledvialast'].map(
    (name) => `aws:${name}`,
  ),
)
const calledViaKeys = new Set(['aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast'])
const mfaKeys = new Set(['aws:multifactorauthpresent', 'aws:multifactorauthage'])

/** Parts of a statement that can never work, as far as its text alone shows. */
export function deadParts(statement: Statement, ref: StatementRef, partition: string): readonly DeadPart[] {
  return [
    ...deadActions(statement, ref),
    ...deadPrincipals(statement, ref, partition),
    ...absentKeys(statement, ref, partition),
  ]
}

/** Conditions that kept every caller out and were not reported as absent from pulls. */
export function neverTrue(
  statement: Statement,
  ref: StatementRef,
  keys: ReadonlySet<string>,
  reported: readonly DeadPart[],
): readonly DeadPart[] {
  const said = reported.some((part) => part.reason === 'condition-key-absent-from-pulls')
  if (said) return []
  const written = statement.conditions.map(({ key }) => key).filter((key) => keys.has(key.toLowerCase()))
  return [...new Set(written)].map((subject) => ({ statement: ref, reason: 'condition-never-true', subject }))
}

function deadActions(statement: Statement, ref: StatementRef): readonly DeadPart[] {
  if (statement.action.not) return []
  return statement.action.patterns.flatMap((subject): DeadPart[] => {
    if (!namesSomeAction(subject)) return [{ statement: ref, reason: 'unknown-action', subject }]
    const names = actionNames(actionMask({ patterns: [subject], not: false }))
    const dead =
      ref.document === 'repository policy' && names.length === 1 && matchesWildcardIgnoringCase(subject, tokenAction)
    return dead ? [{ statement: ref, reason: 'authorization-token-not-a-repository-action', subject }] : []
  })
}

function deadPrincipals(statement: Statement, ref: StatementRef, partition: string): readonly DeadPart[] {
  if (statement.principal === undefined) return [{ statement: ref, reason: 'no-principal', subject: 'the statement' }]
  return entriesOf(statement).flatMap((entry): DeadPart[] => {
    const form = principalForm(entry, partition)
    if (entry.type === 'AWS' && /[*?]/.test(entry.value) && entry.value !== '*')
      return [{ statement: ref, reason: 'wildcard-in-principal', subject: entry.value }]
    if (form.kind === 'never')
      return [{ statement: ref, reason: 'principal-of-another-partition', subject: entry.value }]
    if (form.kind === 'deleted') return [{ statement: ref, reason: 'deleted-principal', subject: entry.value }]
    const ecs = form.kind === 'service' && form.service === 'ecs-tasks.amazonaws.com' && statement.effect === 'Allow'
    return ecs ? [{ statement: ref, reason: 'ecs-tasks-principal', subject: entry.value }] : []
  })
}

function absentKeys(statement: Statement, ref: StatementRef, partition: string): readonly DeadPart[] {
  const entries = entriesOf(statement)
  const open = statement.principal?.kind === 'any' && !statement.principal.not
  const onlyPrincipals = open || (entries.length > 0 && entries.every((entry) => entry.type === 'AWS'))
  if (statement.effect !== 'Allow' || !onlyPrincipals || !grantsPull(statement)) return []
  // A star covers services too, which do carry the keys of their source.
  const absent = open ? calledViaKeys : serviceCallKeys
  const onlyRoles =
    !open &&
    entries.every((entry) => {
      const form = principalForm(entry, partition)
      return form.kind === 'principal' && form.arn.includes(':role/')
    })
  return statement.conditions
    .filter((condition) => demandsKey(condition))
    .filter(({ key }) => absent.has(key.toLowerCase()) || (onlyRoles && mfaKeys.has(key.toLowerCase())))
    .map(({ key }) => ({ statement: ref, reason: 'condition-key-absent-from-pulls', subject: key }))
}

/** True when the condition fails for a request without the key. */
function demandsKey(condition: Condition): boolean {
  const operator = parseOperator(condition.operator)
  if (operator === undefined || operator.ifExists || operator.set === 'all') return false
  if (operator.definition === 'null') return !condition.values.some((value) => value.toLowerCase() === 'true')
  return operator.set === 'any' || !operator.definition.negated
}

function grantsPull(statement: Statement): boolean {
  const names = actionNames(actionMask(statement.action))
  return pullActions.some((action) => names.includes(action))
}

function entriesOf({ principal }: Statement): readonly PrincipalEntry[] {
  return principal?.kind === 'listed' && !principal.not ? principal.entries : []
}
