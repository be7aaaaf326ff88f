import type { Truth } from '../conditions/context.ts'
import { anyTrue } from '../conditions/context.ts'
import { type CompiledStatement, statementsAbout } from './compiled-policy.ts'
import { both, type Subject, type Tested, testStatement } from './test-statement.ts'
import type { LayerName, Missing, PolicyDocument, StatementOutcome } from './types.ts'

/** An answer and what an unknown one depends on. */
export interface Answer {
  readonly truth: Truth
  readonly missing: readonly Missing[]
  /** The statement that made it true. */
  readonly statement?: StatementOutcome
}

/** What the documents of one layer say. */
export interface Scan {
  readonly deny: Answer
  /** Any Allow at all. */
  readonly allow: Answer
  /** Allows by how they name the caller; all alike in layers that name nobody. */
  readonly direct: Answer
  readonly entity: Answer
  readonly account: Answer
}

/** True, with nothing missing. */
export const yes: Answer = { truth: 'true', missing: [] }
/** False, with nothing missing. */
export const no: Answer = { truth: 'false', missing: [] }

/** A layer without any statement about the request. */
export const silent: Scan = { deny: no, allow: no, direct: no, entity: no, account: no }

/** A document, and how far its word counts. */
export interface Counted {
  readonly document: PolicyDocument
  /** Weakens what a matching statement says; undefined when it counts in full. */
  readonly doubt?: (effect: 'Allow' | 'Deny') => string | undefined
}

/** Tests every statement about the action. */
export function scanDocuments(documents: readonly Counted[], layer: LayerName, subject: Subject): Scan {
  let scan = silent
  for (const counted of documents) scan = scanDocument(counted, layer, subject, scan)
  return scan
}

function scanDocument({ document, doubt }: Counted, layer: LayerName, subject: Subject, before: Scan): Scan {
  if (document.state === 'unknown') return withUnknownDocument(document.name, document.reason, before)
  let scan = before
  for (const compiled of statementsAbout(document.policy, subject.action)) {
    const tested = testStatement(compiled, layer, document.name, subject)
    if (tested.truth !== 'false')
      scan = add(scan, compiled, document.name, weaken(tested, doubt?.(compiled.statement.effect)))
  }
  return scan
}

type Met = Exclude<Tested, { readonly truth: 'false' }>

function weaken(tested: Met, fact: string | undefined): Met {
  return fact === undefined
    ? tested
    : { ...tested, truth: 'unknown', missing: [...tested.missing, { kind: 'fact', fact }], on: tested.on ?? fact }
}

function withUnknownDocument(policy: string, reason: string, scan: Scan): Scan {
  const answer: Answer = { truth: 'unknown', missing: [{ kind: 'document', policy, reason }] }
  return {
    deny: or(scan.deny, answer),
    allow: or(scan.allow, answer),
    direct: or(scan.direct, answer),
    entity: or(scan.entity, answer),
    account: or(scan.account, answer),
  }
}

function add(scan: Scan, compiled: CompiledStatement, policy: string, tested: Met): Scan {
  const { effect } = compiled.statement
  const { direct, entity, account } = tested.naming
  const named = anyTrue([direct, entity, account])
  if (effect === 'Deny') return { ...scan, deny: or(scan.deny, answerOf(both(tested.truth, named))) }
  return {
    deny: scan.deny,
    allow: or(scan.allow, answerOf(both(tested.truth, named))),
    direct: or(scan.direct, answerOf(both(tested.truth, direct))),
    entity: or(scan.entity, answerOf(both(tested.truth, entity))),
    account: or(scan.account, answerOf(both(tested.truth, account))),
  }

  function answerOf(truth: Truth): Answer {
    if (truth === 'false') return no
    const statement = outcomeOf(compiled, policy, truth === 'true' ? 'matches' : 'unknown', tested.on)
    return { truth, missing: truth === 'true' ? [] : tested.missing, statement }
  }
}

/** A statement as the proof shows it. */
export function outcomeOf(
  { statement }: CompiledStatement,
  policy: string,
  outcome: StatementOutcome['outcome'],
  on?: string,
): StatementOutcome {
  const { position, sid, effect } = statement
  return on === undefined ? { policy, position, sid, effect, outcome } : { policy, position, sid, effect, outcome, on }
}

/** Or: true when either is; otherwise what is missing is missing for both. */
export function or(left: Answer, right: Answer): Answer {
  if (left.truth === 'true' || right.truth === 'false') return left
  if (right.truth === 'true' || left.truth === 'false') return right
  return { ...left, missing: [...left.missing, ...right.missing] }
}

/** And: false when either is; otherwise what is missing is missing for both. */
export function and(left: Answer, right: Answer): Answer {
  if (left.truth === 'false' || right.truth === 'true') return left
  if (right.truth === 'false' || left.truth === 'true') return right
  return { ...left, missing: [...left.missing, ...right.missing] }
}
