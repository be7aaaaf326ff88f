import { type EcrAction, ecrActions } from '../ecr-actions.ts'
import { evaluateAccess } from '../evaluate/evaluate.ts'
import type { AccessRequest, Decision, Missing, PolicyDocument } from '../evaluate/types.ts'
import { matchesWildcard, matchesWildcardIgnoringCase } from '../match/wildcard.ts'
import type { Condition, PatternElement, Policy, Statement } from '../policy/policy.ts'
import { rememberedConditions } from './remembered-conditions.ts'
import type {
  IdentityStatementRef,
  KnownRepository,
  OwnLayers,
  PermissionsInput,
  RegistryGrant,
  RegistryPermissions,
} from './types.ts'
import { type Witness, withoutVariables, witnesses } from './witness-repositories.ts'

/** Requests one analysis may decide: some hundred milliseconds. */
const requestBudget = 100_000
/** Patterns of other statements that are tried together with each pattern. */
const maximumOthers = 50

interface Budget {
  left: number
}

/** One Allow statement. */
interface Allowing {
  readonly ref: IdentityStatementRef
  readonly statement: Statement
  readonly policy: Policy
}

/** One Resource pattern of one Allow statement alone, together with everything that can take away from it. */
interface Alone {
  readonly ref: IdentityStatementRef
  /** As written. */
  readonly pattern: string
  readonly resource: PatternElement
  readonly version: string
  readonly conditions: readonly Condition[]
  readonly layers: OwnLayers
}

/** The repositories to ask about for a pattern without variables. */
type WitnessesOf = (pattern: string) => Iterable<Witness>

/**
 * Which ECR actions a principal's own side allows, and on what: identity policies, less their Deny statements, boundary
 * and service control policies. Every answer rests on a concrete request that was decided. Pure.
 */
export function registryPermissions(input: PermissionsInput): RegistryPermissions {
  const budget: Budget = { left: requestBudget }
  const others = otherPatterns(input.layers)
  const denying = input.layers.identityPolicies.map(onlyDenying)
  const witnessesOf = rememberedWitnesses(input, others.slice(0, maximumOthers))
  const limits = new Set<string>()
  if (others.length > maximumOthers) limits.add('not every resource that Deny statements and guardrails name was tried')
  const grants: RegistryGrant[] = []
  for (const allowing of allowStatements(input.layers.identityPolicies)) {
    const actions = ecrActions.filter(({ name }) => namesAction(allowing.statement.action, name))
    const open = actions.filter(({ name }) => !isClosed(name, input.layers))
    for (const alone of eachPattern(allowing, denying, input.layers)) {
      for (const action of open) {
        const found = grantsOf(input, alone, action, witnessesOf, budget)
        grants.push(...found.grants)
        if (!found.complete) limits.add(`${nameOf(alone.ref)}: not every resource of ${alone.pattern} was tried`)
      }
    }
  }
  return { grants, unknownDocuments: unreadable(input.layers.identityPolicies), limits: [...limits] }
}

/** The known repositories on which the own side allows the action, each with whether that is certain. */
export function repositoriesAllowed(
  action: string,
  input: PermissionsInput,
): readonly {
  readonly repository: KnownRepository
  readonly certain: boolean
  readonly missing: readonly Missing[]
}[] {
  return input.repositories.flatMap((repository) => {
    const { decision, missing } = decide(input, input.layers, action, repository.arn)
    const certain = decision === 'allowed'
    return certain || decision === 'unknown' ? [{ repository, certain, missing }] : []
  })
}

/** True when Action names the action or NotAction leaves it. */
export function namesAction({ patterns, not }: PatternElement, action: string): boolean {
  return patterns.some((pattern) => matchesWildcardIgnoringCase(pattern, action)) !== not
}

/** The policies among the documents that can be read. */
export function readable(documents: readonly PolicyDocument[]): readonly { readonly name: string; policy: Policy }[] {
  return documents.flatMap((document) => (document.state === 'known' ? [document] : []))
}

function unreadable(documents: readonly PolicyDocument[]): RegistryPermissions['unknownDocuments'] {
  return documents.flatMap((document) =>
    document.state === 'unknown' ? [{ policy: document.name, reason: document.reason }] : [],
  )
}

function allowStatements(documents: readonly PolicyDocument[]): readonly Allowing[] {
  return readable(documents).flatMap(({ name, policy }) =>
    policy.statements
      .filter(({ effect }) => effect === 'Allow')
      .map((statement) => ({
        ref: { policy: name, position: statement.position, sid: statement.sid },
        statement,
        policy,
      })),
  )
}

function onlyDenying(document: PolicyDocument): PolicyDocument {
  if (document.state === 'unknown') return document
  const statements = document.policy.statements.filter(({ effect }) => effect === 'Deny')
  return { ...document, policy: { ...document.policy, statements } }
}

/** Spares asking for every resource where a Deny on all of them, or a boundary that names the action nowhere, decides. */
function isClosed(action: string, { identityPolicies, permissionsBoundaries = [] }: OwnLayers): boolean {
  const speaking = (documents: readonly PolicyDocument[]): readonly Statement[] =>
    readable(documents).flatMap(({ policy }) => policy.statements.filter((one) => namesAction(one.action, action)))
  const isTotal = ({ effect, resource, conditions }: Statement): boolean =>
    effect === 'Deny' && conditions.length === 0 && resource?.not === false && resource.patterns.includes('*')
  if (speaking([...identityPolicies, ...permissionsBoundaries]).some(isTotal)) return true
  return permissionsBoundaries.some(
    (boundary) => boundary.state === 'known' && !speaking([boundary]).some(({ effect }) => effect === 'Allow'),
  )
}

/** A complement is one pattern; each other pattern is judged as if it stood alone. */
function eachPattern(
  { ref, statement, policy }: Allowing,
  denying: readonly PolicyDocument[],
  layers: OwnLayers,
): readonly Alone[] {
  const { resource, conditions } = statement
  if (resource === undefined) return []
  const alone = (pattern: string, only: PatternElement): Alone => {
    const reduced = { ...policy, statements: [{ ...statement, resource: only }] }
    const identityPolicies: PolicyDocument[] = [{ state: 'known', name: ref.policy, policy: reduced }, ...denying]
    const { version } = policy
    return { ref, pattern, resource: only, version, conditions, layers: { ...layers, identityPolicies } }
  }
  if (resource.not) return [alone(`NotResource: ${resource.patterns.join(', ')}`, resource)]
  return [...new Set(resource.patterns)].map((pattern) => alone(pattern, { patterns: [pattern], not: false }))
}

/** Making witnesses is dear, and most actions of a pattern ask for the same ones: only as many are made as are asked for. */
function rememberedWitnesses(input: PermissionsInput, others: readonly string[]): WitnessesOf {
  const remembered = new Map<string, WitnessesOf>()
  return (pattern) => {
    const before = remembered.get(pattern) ?? replayed(witnesses(pattern, others, input))
    remembered.set(pattern, before)
    return before(pattern)
  }
}

/** Lets a generator be read many times. */
function replayed(source: Generator<Witness>): WitnessesOf {
  const made: Witness[] = []
  return function* replay() {
    for (let index = 0; ; index += 1) {
      const next = made[index] ?? source.next().value
      if (!next) return
      if (index === made.length) made.push(next)
      yield next
    }
  }
}

/** Resource patterns of every statement that can take away: what they spare or allow is worth trying. */
function otherPatterns({
  identityPolicies,
  permissionsBoundaries,
  serviceControlPolicies,
}: OwnLayers): readonly string[] {
  const limiting = [
    ...readable(identityPolicies).flatMap(({ policy }) => policy.statements.filter(({ effect }) => effect === 'Deny')),
    ...readable(permissionsBoundaries ?? []).flatMap(({ policy }) => policy.statements),
    ...readable((serviceControlPolicies ?? []).flatMap(({ policies }) => policies)).flatMap(
      ({ policy }) => policy.statements,
    ),
  ].filter(({ action }) => ecrActions.some(({ name }) => namesAction(action, name)))
  const patterns = limiting.flatMap(({ resource }) => resource?.patterns ?? [])
  return [...new Set(patterns)].filter((pattern) => pattern !== '*' && !pattern.includes('${'))
}

function grantsOf(
  input: PermissionsInput,
  alone: Alone,
  action: EcrAction,
  witnessesOf: WitnessesOf,
  budget: Budget,
): { readonly grants: readonly RegistryGrant[]; readonly complete: boolean } {
  let uncertain: readonly RegistryGrant[] = []
  const requestOn = (arn: string) => requestOf(input, action.name, arn)
  const conditionsOn = rememberedConditions(alone.conditions, alone.version, requestOn)
  for (const witness of witnessesFor(input, alone, action, witnessesOf)) {
    const conditions = conditionsOn(witness.arn)
    // What is open on one resource stays open on all others of whose requests the same is known.
    if (conditions === 'false' || (conditions === 'unknown' && uncertain.length > 0)) continue
    if (budget.left <= 0) return { grants: uncertain, complete: false }
    budget.left -= 1
    const { decision, missing } = decide(input, alone.layers, action.name, witness.arn)
    if (decision !== 'allowed' && decision !== 'unknown') continue
    const certain = decision === 'allowed'
    const grant = grantOf(alone, action, witness, { certain, missing })
    if (certain) return { grants: [...uncertain, grant], complete: true }
    if (uncertain.length === 0) uncertain = [grant]
  }
  return { grants: uncertain, complete: true }
}

function grantOf(
  { ref, pattern }: Alone,
  { name, group }: EcrAction,
  { arn, scope, inHomeAccount }: Witness,
  decided: Pick<RegistryGrant, 'certain' | 'missing'>,
): RegistryGrant {
  return { action: name, group, resource: arn, scope, inHomeAccount, pattern, statement: ref, ...decided }
}

function* witnessesFor(
  input: PermissionsInput,
  { resource, version }: Alone,
  action: EcrAction,
  witnessesOf: WitnessesOf,
): Iterable<Witness> {
  const context = input.contextOf(action.name, '*')
  const patterns = resource.patterns.map((pattern) => withoutVariables(pattern, version, context))
  if (action.level === 'registry') {
    const covers = patterns.some((pattern) => matchesWildcard(pattern, '*')) !== resource.not
    if (covers) yield { arn: '*', scope: 'registry', inHomeAccount: true }
    return
  }
  // A complement is tried everywhere; the statement itself says what it leaves out.
  yield* witnessesOf(resource.not ? '*' : (patterns[0] ?? ''))
}

function decide(input: PermissionsInput, layers: OwnLayers, action: string, arn: string): Decision {
  return evaluateAccess({ ...layers, request: requestOf(input, action, arn) })
}

function requestOf(input: PermissionsInput, action: string, arn: string): AccessRequest {
  return {
    principal: input.principal,
    action,
    // The home account owns the resource as far as this question goes: what its real owner says is left out.
    resource: { arn, accountId: input.home.accountId },
    context: input.contextOf(action, arn),
  }
}

function nameOf({ policy, position }: IdentityStatementRef): string {
  return `${policy}, statement ${position}`
}
